import { normaliseId } from '../records/record-id';
import type { Field } from '../schema/field';
import type { ObjectSchema } from '../schema/object-schema';
import { coerce } from './coerce';
import { deleteRow } from './delete';
import { duplicateExternalId, findForUpsert } from './find-by-key';
import { ATTRIBUTES_FIRST } from './nested-reference';
import { parseRow, type ParsedRow } from './parse-row';
import { invalidCrossReference, jsonParserError, RowError } from './row-error';
import { insertRow, updateRow } from './save';
import type { WriteContext } from './write-context';

/** A row of a request that brings many: its `attributes` name its type. */
export type InputRow = Record<string, unknown>;

/** A row that has been read and may be written, `run` answering its id; or why it may not. */
export type Step = { error: RowError; created?: boolean } | { run: () => string; created?: boolean };

/** What became of one row. `created` is there for an upsert, and means nothing on a row that failed. */
export type RowOutcome =
  { id: string; success: true; created?: boolean } | { error: RowError; success: false; created?: boolean };

/** Reads one row so that it can be written. Throws RowError to refuse it. */
export type ReadStep = (row: InputRow) => Step;

/**
 * Reads all rows before any is written, as one chunk is bound to its parents before it is saved: a row cannot refer to a
 * neighbour by the neighbour's new key.
 */
export function readSteps(rows: InputRow[], read: ReadStep): Step[] {
  return rows.map((row) => {
    try {
      return read(row);
    } catch (error) {
      return { error: asRowError(error) };
    }
  });
}

/** Writes rows that were read, each for itself: a refused row leaves the others alone. */
export function runSteps(steps: Step[]): RowOutcome[] {
  return steps.map((step) => {
    const tail = step.created === undefined ? {} : { created: step.created };
    try {
      if ('error' in step) throw step.error;
      return { id: step.run(), success: true, ...tail };
    } catch (error) {
      return { error: asRowError(error), success: false, ...tail };
    }
  });
}

/** Rows of any type to be created. */
export function createSteps(write: WriteContext): ReadStep {
  return (row) => {
    const object = objectOf(write, row);
    if (row.Id !== undefined || row.id !== undefined) {
      throw new RowError('INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call', ['Id']);
    }
    const values = parseRow(write, object, row, 'create');
    return { run: () => insertRow(write, object, values) };
  };
}

/** Rows of any type to be changed, each with its id, none twice. */
export function updateSteps(write: WriteContext): ReadStep {
  const seen = new Set<string>();
  return (row) => {
    const object = objectOf(write, row, 'Id');
    const given = row.Id ?? row.id;
    if (given === undefined || given === null) {
      throw new RowError('MISSING_ARGUMENT', 'Id not specified in an update call');
    }
    const id = typeof given === 'string' ? normaliseId(given) : null;
    if (id === null) throw new RowError('MALFORMED_ID', `malformed id ${JSON.stringify(given)}`, ['Id']);
    if (!id.startsWith(object.keyPrefix)) {
      throw new RowError('MALFORMED_ID', `${object.flags.label} ID: id value of incorrect type: ${id}`, ['Id']);
    }
    if (seen.has(id)) throw new RowError('DUPLICATE_VALUE', `duplicate id specified: ${id}`);
    seen.add(id);
    const values = parseRow(write, object, row, 'update', new Set(['id']));
    return {
      run: () => {
        updateRow(write, object, id, values);
        return id;
      },
    };
  };
}

/** Rows of one object to be created, or changed where a record has their key. A key that stands twice refuses all its rows. */
export function upsertSteps(write: WriteContext, object: ObjectSchema, field: Field, rows: InputRow[]): ReadStep {
  const repeated = repeatedKeys(rows, field);
  return (row) => {
    try {
      return upsertStep(write, object, field, row, repeated);
    } catch (error) {
      return { error: asRowError(error), created: false };
    }
  };
}

/** Records of any type to be deleted, by the text of their ids. */
export function deleteStep(write: WriteContext, idText: string): Step {
  return {
    run: () => {
      const id = normaliseId(idText.trim());
      if (id === null) throw new RowError('MALFORMED_ID', `malformed id ${idText}`, []);
      const full = write.org.schema.objectOfId(id);
      const object = full && write.access.object(full.name);
      if (!object) throw invalidCrossReference(404);
      deleteRow(write, object, id);
      return id;
    },
  };
}

function upsertStep(
  write: WriteContext,
  object: ObjectSchema,
  field: Field,
  row: InputRow,
  repeated: ReadonlySet<string>,
): Step {
  const rowObject = objectOf(write, row, field.name);
  if (rowObject !== object) {
    throw new RowError('INVALID_TYPE', `The row is of type ${rowObject.name}, this request upserts ${object.name}`);
  }
  if (row.Id !== undefined || row.id !== undefined) {
    throw new RowError(
      'INVALID_FIELD',
      `cannot specify both an external ID reference ${field.name} and a salesforce id, Id`,
      ['Id'],
    );
  }
  const given = keyOf(row, field);
  const key = given === undefined ? null : coerce(field, given, () => '[line:1, column:1]');
  if (key === null) throw new RowError('MISSING_ARGUMENT', `${field.name} not specified`, [field.name]);
  if (repeated.has(String(key).toLowerCase())) {
    throw new RowError('DUPLICATE_VALUE', `Duplicate external id specified: ${key}`, [field.name]);
  }
  const found = findForUpsert(write, object, field, given);
  if (found.length > 1) throw duplicateExternalId(field, found);
  const [existing] = found;
  const created = existing === undefined;
  let values: ParsedRow;
  try {
    values = parseRow(write, object, row, created ? 'create' : 'update');
  } catch (error) {
    return { error: asRowError(error), created: asRowError(error).code !== 'JSON_PARSER_ERROR' && created };
  }
  return {
    created,
    run: () => {
      if (!existing) return insertRow(write, object, values);
      updateRow(write, object, existing.Id, values);
      return existing.Id;
    },
  };
}

/** The keys that stand more than once among the rows, compared without case. */
function repeatedKeys(rows: InputRow[], field: Field): Set<string> {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const key = keyOf(row, field);
    if (typeof key !== 'string' && typeof key !== 'number') continue;
    const folded = String(key).trim().toLowerCase();
    counts.set(folded, (counts.get(folded) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count > 1).map(([key]) => key));
}

function keyOf(row: InputRow, field: Field): unknown {
  if (field.name in row) return row[field.name];
  const name = Object.keys(row).find((key) => key.toLowerCase() === field.name.toLowerCase());
  return name === undefined ? undefined : row[name];
}

/** The object of a row, whose `attributes` must be its first key; only the row's own key may stand before them. */
function objectOf(write: WriteContext, row: InputRow, keyName?: string): ObjectSchema {
  const type = typeNameOf(row);
  const [first, second] = type === undefined ? [] : Object.keys(row);
  const isInOrder =
    first === 'attributes' || (second === 'attributes' && first?.toLowerCase() === keyName?.toLowerCase());
  if (type === undefined || !isInOrder) throw jsonParserError(ATTRIBUTES_FIRST);
  const object = write.access.object(type);
  if (!object) {
    throw new RowError('INVALID_TYPE', `sObject type '${type}' is not supported.`);
  }
  return object;
}

/** The type that a row names in its `attributes`; undefined when it names none. */
export function typeNameOf(row: unknown): string | undefined {
  if (typeof row !== 'object' || row === null) return undefined;
  const { attributes } = row as { attributes?: { type?: unknown } };
  return typeof attributes?.type === 'string' ? attributes.type : undefined;
}

function asRowError(error: unknown): RowError {
  if (error instanceof RowError) return error;
  throw error;
}
