import { sobjectOf } from '../settings/objects';
import type { NeededRight } from '../settings/right';
import { scopesOf } from '../settings/use';
import type { Settings } from '../settings/settings';

/** Org-wide defaults under which a user does not see the records of others. Case and Lead know others besides. */
const HIDES: ReadonlySet<string> = new Set(['None']);

/** The objects whose records must all be seen: those among which somebody or something is looked for. Pure. */
export function searchedObjects(settings: Settings): string[] {
  const objects = scopesOf(settings).flatMap(({ settings: { rules } }) => [
    ...rules.searchOrder.map(sobjectOf),
    ...(rules.unknownCustomer === 'Contact' && rules.contactAccount !== 'none' ? ['Account'] : []),
  ]);
  return [...new Set(objects)];
}

/** Whether records of others are hidden by the org-wide default; a Contact may follow its Account. Pure. */
export function isHiddenByDefault(sobject: string, sharing: Readonly<Record<string, string | null>>): boolean {
  const access = sharing[sobject];
  if (access === 'ControlledByParent') return HIDES.has(sharing['Account'] ?? '');
  return HIDES.has(access ?? '');
}

/** The rights to see all records that an org with private objects makes necessary. Pure. */
export function viewAllRights(settings: Settings, sharing: Readonly<Record<string, string | null>>): NeededRight[] {
  return searchedObjects(settings)
    .filter((sobject) => isHiddenByDefault(sobject, sharing))
    .map((sobject) => ({
      right: { kind: 'object', sobject, access: 'viewAll' },
      reasons: [`${sobject} records of others are private, and who is not seen would be created a second time`],
      parts: ['person'],
      isForReading: true,
      isByValue: false,
    }));
}
