import type { FieldValue } from '../records/table';
import type { Field } from '../schema/field';
import type { ObjectSchema } from '../schema/object-schema';
import { coerce, locateValue } from './coerce';
import { EVENT_WHO_IDS, isIdList, readIdList } from './id-list';
import { resolveNestedReference } from './nested-reference';
import { noSuchColumn, notWritable, RowError } from './row-error';
import type { WriteContext } from './write-context';

/** A row of a request with its values understood, by field name in the schema's spelling. */
export type ParsedRow = Map<string, FieldValue>;

/**
 * Reads the fields of a request body. `attributes` and the keys in `ignore` (lower case) are passed over.
 *
 * @throws RowError for an unknown column, a field that may not be written so, a value of the wrong type, or a nested
 * parent that cannot be found.
 */
export function parseRow(
  context: WriteContext,
  object: ObjectSchema,
  body: Record<string, unknown>,
  mode: 'create' | 'update',
  ignore: ReadonlySet<string> = new Set(),
): ParsedRow {
  const row: ParsedRow = new Map();
  const refused: string[] = [];
  const nested: [lookup: Field, relationship: string, value: unknown][] = [];
  for (const [key, value] of Object.entries(body)) {
    if (key === 'attributes' || ignore.has(key.toLowerCase())) continue;
    const field = object.field(key);
    if (isIdList(context, object, key)) {
      row.set(EVENT_WHO_IDS, readIdList(value));
    } else if (!field) {
      const lookup = object.relationship(key);
      if (!lookup) throw noSuchColumn(key, object.name);
      nested.push([lookup, key, value]);
    } else if (!isWritable(field, mode)) {
      refused.push(field.name);
    } else {
      row.set(
        field.name,
        coerce(field, value, () => locateValue(context.bodyText, key, value)),
      );
    }
  }
  for (const [lookup] of nested) if (!isWritable(lookup, mode)) refused.push(lookup.name);
  if (refused.length > 0) throw notWritable(refused);
  for (const [lookup, relationship, value] of nested) {
    if (row.has(lookup.name)) {
      throw new RowError('INVALID_FIELD', `Cannot specify both ${lookup.name} and the nested object ${relationship}`, [
        lookup.name,
      ]);
    }
    row.set(lookup.name, resolveNestedReference(context, object, { lookup, relationship, nested: value }));
  }
  return row;
}

function isWritable(field: Field, mode: 'create' | 'update'): boolean {
  return mode === 'create' ? field.createable : field.updateable;
}
