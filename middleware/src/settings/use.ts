import { MAPPED_OBJECTS, type MappedObject } from './objects';
import { settingsOfPage, type PageSettings } from './page-settings';
import type { MappingRow } from './mapping-row';
import type { Rules } from './rules';
import type { Settings } from './settings';
import { whenOf } from './when';

/** What the rules can do to an object's records. */
export interface Use {
  isCreated: boolean;
  /** Existing records may be changed: by the rule `existing`, or by rows with a `when` of their own. */
  isChanged: boolean;
}

/** The settings in one of the places where they count: the team's, or those of one page that is switched on. */
export interface Scope {
  /** Null for the team. */
  pageKey: string | null;
  settings: PageSettings;
  /** Where the scope has its own keys in the document. */
  path: string;
}

/** The team's settings first, then those of each page that is switched on and has something of its own. Pure. */
export function scopesOf(settings: Settings): Scope[] {
  const { rules, mappings, required, placeholders } = settings;
  const team = { isEnabled: true, rules, mappings, required, placeholders };
  return [
    { pageKey: null, settings: team, path: '' },
    ...Object.entries(settings.pages)
      .filter(([, page]) => page.enabled)
      .map(([pageKey, page]) => ({ pageKey, settings: settingsOfPage(settings, page), path: `pages.${pageKey}.` })),
  ];
}

/** What rules and rows can do to the records of an object. Pure. */
export function useOf(object: MappedObject, rules: Rules, rows: readonly MappingRow[]): Use {
  if (object === 'Event') return { isCreated: rules.event === 'write', isChanged: rules.event === 'write' };
  const isCreated = creates(rules).has(object);
  const isReached = isCreated || reaches(rules).has(object);
  return { isCreated, isChanged: isReached && rows.some((row) => whenOf(row, object, rules) !== 'onCreate') };
}

/** Every object with what any of the scopes can do to it. Pure. */
export function useInAny(scopes: readonly Scope[]): Record<MappedObject, Use> {
  return Object.fromEntries(
    MAPPED_OBJECTS.map((object) => {
      const uses = scopes.map(({ settings }) => useOf(object, settings.rules, settings.mappings[object]));
      return [
        object,
        {
          isCreated: uses.some(({ isCreated }) => isCreated),
          isChanged: uses.some(({ isChanged }) => isChanged),
        },
      ];
    }),
  ) as Record<MappedObject, Use>;
}

/** Objects that a booking can make a new record of. Pure. */
export function creates(rules: Rules): Set<MappedObject> {
  const { unknownCustomer, alsoCreate, contactAccount } = rules;
  return new Set<MappedObject>([
    ...(unknownCustomer === 'None' ? [] : [unknownCustomer]),
    ...(alsoCreate === null ? [] : [alsoCreate]),
    ...(unknownCustomer === 'Contact' && contactAccount === 'create' ? ['Account' as const] : []),
  ]);
}

/** Objects whose existing records a booking can belong to: a link may name any related record. */
function reaches({ searchOrder }: Rules): Set<MappedObject> {
  return new Set<MappedObject>([...searchOrder, 'Account', 'Case', 'Opportunity']);
}
