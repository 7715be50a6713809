import { MAPPED_OBJECTS, type MappedObject } from './objects';
import type { MappingRow } from './mapping-row';
import type { Settings } from './settings';

/** One difference between two documents. */
export interface SettingsChange {
  /** `rules.cancel`, `mappings.Lead.Company` (all rows of that field), `pages.cal:intro.enabled`. */
  path: string;
  /** Undefined where the document has nothing there. Several rows of one field are a list. */
  before?: unknown;
  after?: unknown;
}

/**
 * What is different in `b`. Rows of mappings are compared field by field, so that their order counts only among the rows
 * of one field. Pure.
 *
 * @returns in the order of the document; none for documents that mean the same.
 */
export function diffSettings(a: Settings, b: Settings): SettingsChange[] {
  return diff('', comparable(a), comparable(b));
}

/** The document with rows under the names of their fields. */
function comparable(settings: Settings): Tree {
  return {
    ...settings,
    mappings: rowsByField(settings.mappings),
    pages: Object.fromEntries(
      Object.entries(settings.pages).map(([key, page]) => [
        key,
        page.mappings === undefined ? page : { ...page, mappings: rowsByField(page.mappings) },
      ]),
    ),
  };
}

function rowsByField(mappings: Partial<Record<MappedObject, MappingRow[] | undefined>>): Tree {
  return Object.fromEntries(
    MAPPED_OBJECTS.filter((object) => mappings[object] !== undefined).map((object) => {
      const fields = new Map<string, MappingRow[]>();
      for (const row of mappings[object] ?? []) fields.set(row.field, [...(fields.get(row.field) ?? []), row]);
      return [
        object,
        Object.fromEntries([...fields].map(([field, rows]) => [field, new Rows(rows.length === 1 ? rows[0] : rows)])),
      ];
    }),
  );
}

/** The rows of one field: compared and shown as a whole. */
class Rows {
  constructor(readonly value: unknown) {}
}

type Tree = Record<string, unknown>;

function diff(path: string, a: Tree, b: Tree): SettingsChange[] {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.flatMap((key): SettingsChange[] => {
    const at = path === '' ? key : `${path}.${key}`;
    const [before, after] = [a[key], b[key]];
    if (isTree(before) && isTree(after) && !isVariant(before, after)) return diff(at, before, after);
    const [shownBefore, shownAfter] = [shown(before), shown(after)];
    if (JSON.stringify(shownBefore) === JSON.stringify(shownAfter)) return [];
    return [
      {
        path: at,
        ...(shownBefore === undefined ? {} : { before: shownBefore }),
        ...(shownAfter === undefined ? {} : { after: shownAfter }),
      },
    ];
  });
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Rows);
}

/** Two rules of different kinds, as owner rules have them: each reads as a whole. */
function isVariant(a: Tree, b: Tree): boolean {
  return a['kind'] !== b['kind'];
}

/** As JSON has it, with rows back as they stand in the document. */
function shown(value: unknown): unknown {
  if (value instanceof Rows) return value.value;
  if (!isTree(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shown(inner)]));
}
