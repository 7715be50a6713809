import { coerce } from '../dml/coerce';
import { RowError } from '../dml/row-error';
import type { InputRow } from '../dml/row-steps';
import type { UserAccess } from '../org/access';
import type { Field } from '../schema/field';
import type { ObjectSchema } from '../schema/object-schema';

/** A column of bulk data: a field of the object, or the key of a parent record that a lookup points to. */
export type Column =
  { kind: 'field'; field: Field } | { kind: 'parent'; relationship: string; type: string; key: Field };

/** A header that makes the whole batch fail. The message is what the batch or job says. */
export class InvalidBatchError extends Error {}

const TRUE = ['true', 'yes', 'y', 'on', '1'];
const FALSE = ['false', 'no', 'n', 'off', '0'];
const NUMBERS = ['int', 'long', 'double', 'currency', 'percent'];

/**
 * Understands the header: `LastName`, `Account.Key__c`, and for a lookup with several targets `Contact:Who.Email`.
 *
 * @throws InvalidBatchError for a column that the object does not have, or that the user does not see.
 * @see Bulk API Developer Guide, "Relationship Fields in a Header Row"
 */
export function columnsOf(access: UserAccess, object: ObjectSchema, header: string[]): Column[] {
  return header.map((name) => {
    const field = object.field(name);
    return field ? { kind: 'field', field } : parentColumn(access, object, name);
  });
}

function parentColumn(access: UserAccess, object: ObjectSchema, name: string): Column {
  const unknown = new InvalidBatchError(`InvalidBatch : Field name not found : ${name}`);
  const { type, relationship, key } = /^(?:(?<type>\w+):)?(?<relationship>\w+)\.(?<key>\w+)$/.exec(name)?.groups ?? {};
  const lookup = relationship === undefined ? undefined : object.relationship(relationship);
  if (!lookup || relationship === undefined || key === undefined) throw unknown;
  const isPolymorphic = lookup.polymorphicForeignKey || lookup.referenceTo.length > 1;
  if (type !== undefined && !isPolymorphic) {
    throw new InvalidBatchError(
      `InvalidBatch : type is not needed for non polymorphic foreign key references: ${relationship}`,
    );
  }
  const parent = access.object(type ?? (isPolymorphic ? '' : (lookup.referenceTo[0] ?? '')));
  const field = parent?.field(key);
  if (!parent || !field) throw unknown;
  return { kind: 'parent', relationship, type: parent.name, key: field };
}

/**
 * A row of cells as the row of a collection. An empty cell says nothing about its field; `#N/A` empties it.
 *
 * @throws RowError INVALID_TYPE_ON_FIELD_IN_RECORD for a cell that its field cannot hold.
 */
export function inputRow(object: ObjectSchema, columns: Column[], cells: string[]): InputRow {
  const row: InputRow = { attributes: { type: object.name } };
  columns.forEach((column, at) => {
    const cell = cells[at] ?? '';
    if (cell.trim() === '') return;
    if (column.kind === 'field') row[column.field.name] = valueOf(column.field, cell);
    else if (cell === '#N/A') row[column.relationship] = null;
    else {
      const key = valueOf(column.key, cell);
      row[column.relationship] = { attributes: { type: column.type }, [column.key.name]: key };
    }
  });
  return row;
}

function valueOf(field: Field, cell: string): unknown {
  const wrongType = new RowError(
    'INVALID_TYPE_ON_FIELD_IN_RECORD',
    `${field.label}: value not of required type: ${cell}`,
    [field.name],
  );
  const value = jsonValue(field, cell);
  try {
    coerce(field, value, () => '');
  } catch (error) {
    // Cells are text: what is a fault of the JSON elsewhere is one of the type here.
    if (error instanceof RowError && error.code === 'JSON_PARSER_ERROR') throw wrongType;
    throw error;
  }
  return value;
}

function jsonValue(field: Field, cell: string): unknown {
  if (cell === '#N/A') return null;
  const text = cell.trim();
  if (field.type === 'boolean') {
    if (TRUE.includes(text.toLowerCase())) return true;
    return FALSE.includes(text.toLowerCase()) ? false : cell;
  }
  if (!NUMBERS.includes(field.type)) return cell;
  const number = Number(text);
  return Number.isNaN(number) ? cell : number;
}
