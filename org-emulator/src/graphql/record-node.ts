import { canReadRow } from '../org/sharing';
import type { StoredRecord } from '../records/table';
import type { Field } from '../schema/field';
import type { ObjectSchema } from '../schema/object-schema';
import { shownValue, type ShownValue } from '../ui-api/field-value';
import type { GraphqlContext } from './graphql-context';

/** A record in an answer: its row, and its object as the user sees it. */
export interface RecordNode {
  object: ObjectSchema;
  row: StoredRecord;
}

/** A field of a record, in the form of the value types: a picklist has its label as well. */
export function fieldValue(
  { org, reader }: GraphqlContext,
  { object, row }: RecordNode,
  field: Field,
): ShownValue & { label: string | null } {
  const shown = shownValue(org, object, row, field, reader);
  return { ...shown, label: shown.displayValue };
}

/** The record that a lookup points to; null when there is none, or the user may not read it. */
export function parentOf(context: GraphqlContext, { row }: RecordNode, lookup: Field): RecordNode | null {
  const { org, access } = context;
  const id = row[lookup.name];
  const found = typeof id === 'string' ? org.store.find(id) : undefined;
  const object = found && access.object(found.object.name);
  if (!found || !object || found.row.IsDeleted === true) return null;
  return canReadRow(org, access, object, found.row) ? { object, row: found.row } : null;
}
