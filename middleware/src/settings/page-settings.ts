import type { MappingRow } from './mapping-row';
import { mergeRules } from './merge-rules';
import { MAPPED_OBJECTS, type MappedObject } from './objects';
import type { Placeholders } from './placeholders';
import type { Rules } from './rules';
import type { PageOverride, Settings } from './settings';

/** The settings as they count for the bookings of one page: the team's, with what is different for the page. */
export interface PageSettings {
  /** Whether bookings of the page are written at all. */
  isEnabled: boolean;
  rules: Rules;
  mappings: Record<MappedObject, MappingRow[]>;
  required: Settings['required'];
  placeholders: Placeholders;
}

/** How a page is named in the settings. */
export function pageKey(sourceId: string, pageId: string): string {
  return `${sourceId}:${pageId}`;
}

/**
 * What counts for one page. Pure.
 *
 * @param pageId null for bookings of which the source does not say what was booked: they follow the team's settings.
 */
export function settingsForPage(settings: Settings, sourceId: string, pageId: string | null): PageSettings {
  const page = pageId === null ? undefined : settings.pages[pageKey(sourceId, pageId)];
  if (page !== undefined) return settingsOfPage(settings, page);
  const { rules, mappings, required, placeholders } = settings;
  return { isEnabled: pageId === null || settings.newPages === 'on', rules, mappings, required, placeholders };
}

/** The team's settings with what one page has of its own. Pure. */
export function settingsOfPage(settings: Settings, page: PageOverride): PageSettings {
  return {
    isEnabled: page.enabled,
    rules: mergeRules(settings.rules, page.rules),
    mappings: perObject((object) => withPageRows(settings.mappings[object], page.mappings?.[object] ?? [])),
    required: perObject((object) => ({ ...settings.required[object], ...page.required?.[object] })),
    placeholders: settings.placeholders,
  };
}

/** A field that the page has rows for takes its value from them alone. Pure. */
function withPageRows(rows: MappingRow[], pageRows: MappingRow[]): MappingRow[] {
  const changed = new Set(pageRows.map(({ field }) => field));
  return [...rows.filter(({ field }) => !changed.has(field)), ...pageRows];
}

function perObject<T>(of: (object: MappedObject) => T): Record<MappedObject, T> {
  return Object.fromEntries(MAPPED_OBJECTS.map((object) => [object, of(object)])) as Record<MappedObject, T>;
}
