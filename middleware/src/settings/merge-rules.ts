import { EXISTING_OBJECTS, MAPPED_OBJECTS } from './objects';
import type { PageRules, Rules } from './rules';

/** The team's rules with those that a page changes; rules by object are changed object by object. Pure. */
export function mergeRules(rules: Rules, page: PageRules | undefined): Rules {
  if (page === undefined) return rules;
  const { existing, owner, recordTypes, ...whole } = page;
  return {
    ...rules,
    ...definedOf(whole),
    existing: { ...rules.existing, ...definedOf(existing ?? {}) },
    owner: Object.fromEntries(
      EXISTING_OBJECTS.map((object) => [object, { ...rules.owner[object], ...definedOf(owner?.[object] ?? {}) }]),
    ) as Rules['owner'],
    recordTypes: mergeRecordTypes(rules.recordTypes, recordTypes ?? {}),
  };
}

/** Null at a page: the API user's default, whatever the team has. */
function mergeRecordTypes(
  team: Rules['recordTypes'],
  page: NonNullable<PageRules['recordTypes']>,
): Rules['recordTypes'] {
  const names: Rules['recordTypes'] = {};
  for (const object of MAPPED_OBJECTS) {
    const name = page[object] === undefined ? team[object] : page[object];
    if (name !== undefined && name !== null) names[object] = name;
  }
  return names;
}

/** A key that is there without a value must not hide the team's rule. */
function definedOf<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
