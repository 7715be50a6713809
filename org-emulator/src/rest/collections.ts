import { coerce } from '../dml/coerce';
import { deleteRow } from '../dml/delete';
import { duplicateExternalId, findForUpsert } from '../dml/find-by-key';
import { ATTRIBUTES_FIRST } from '../dml/nested-reference';
import { parseRow, type ParsedRow } from '../dml/parse-row';
import { invalidCrossReference, jsonParserError, RowError } from '../dml/row-error';
import { insertRow, updateRow } from '../dml/save';
import type { WriteContext } from '../dml/write-context';
import { canReadRow } from '../org/sharing';
import { jsonOfField } from '../records/read-field';
import { normaliseId } from '../records/record-id';
import type { Field } from '../schema/field';
import type { ObjectSchema } from '../schema/object-schema';
import { apiError, methodNotAllowed, notFound } from './api-error';
import type { ApiContext, ApiRequest, ApiResponse } from './api-request';
import { writeContextOf } from './write-headers';

const MAX_ROWS = 200;
const MAX_CHUNKS = 10;
const MAX_RETRIEVED = 2_000;

/** A row that has been read and may be written; or why it may not. */
type Step = { error: RowError; created?: boolean } | { run: () => string; created?: boolean };

/** `POST | PATCH | DELETE | GET /composite/sobjects`. */
export function collection(context: ApiContext, request: ApiRequest): ApiResponse {
  const write = writeContextOf(context, request);
  switch (request.method) {
    case 'POST':
      return saveCollection(context, request, write, (row) => createStep(write, row));
    case 'PATCH':
      return saveCollection(context, request, write, updateSteps(write));
    case 'DELETE':
      return deleteCollection(context, request, write);
    default:
      throw methodNotAllowed(request.method, ['DELETE', 'PATCH', 'POST']);
  }
}

/** `PATCH /composite/sobjects/X/{field}`: upsert by external id. `GET | POST /composite/sobjects/X`: retrieve. */
export function collectionOf(
  context: ApiContext,
  request: ApiRequest,
  sobject: string,
  fieldName?: string,
): ApiResponse {
  const object = context.access.object(sobject);
  if (!object) throw notFound();
  if (fieldName === undefined) return retrieve(context, request, object);
  if (request.method !== 'PATCH') throw methodNotAllowed(request.method, ['PATCH']);
  const field = object.field(fieldName);
  if (!field || !(field.externalId || (field.idLookup && field.type !== 'id'))) {
    throw apiError(404, 'NOT_FOUND', `Provided external ID field does not exist or is not accessible: ${fieldName}`);
  }
  const write = writeContextOf(context, request);
  const rows = rowsOf(request);
  const repeated = repeatedKeys(rows, field);
  return saveCollection(context, request, write, (row) => upsertStep(write, object, field, row, repeated));
}

/**
 * Reads all rows before it writes any, as one chunk is bound to its parents before it is saved: a row cannot refer to a
 * neighbour by the neighbour's new key.
 */
function saveCollection(
  context: ApiContext,
  request: ApiRequest,
  write: WriteContext,
  read: (row: Record<string, unknown>) => Step,
): ApiResponse {
  const rows = rowsOf(request);
  checkChunks(rows);
  const allOrNone = context.mustBeAllOrNone || isAllOrNone(request);
  write.rowsInTransaction = rows.length;
  const steps = rows.map((row): Step => {
    try {
      return read(row);
    } catch (error) {
      return { error: asRowError(error), ...(isUpsert(request) ? { created: false } : {}) };
    }
  });
  return runSteps(write, steps, allOrNone);
}

function runSteps(write: WriteContext, steps: Step[], allOrNone: boolean): ApiResponse {
  return write.org.store.transaction((rollback) => {
    const results = steps.map((step) => {
      const tail = step.created === undefined ? {} : { created: step.created };
      try {
        if ('error' in step) throw step.error;
        return { id: step.run(), success: true, errors: [], ...tail };
      } catch (error) {
        return { success: false, errors: [asRowError(error).toResult()], ...tail };
      }
    });
    const hasFailedRows = results.some((result) => !result.success);
    if (!hasFailedRows || !allOrNone) return { status: 200, body: results, hasFailedRows };
    rollback();
    const rolledBack = new RowError(
      'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      'Record rolled back because not all records were valid and the request was using AllOrNone header',
    );
    const body = results.map((result) => {
      if (!result.success) return result;
      return {
        success: false,
        errors: [rolledBack.toResult()],
        ...('created' in result ? { created: result.created } : {}),
      };
    });
    return { status: 200, body, hasFailedRows };
  });
}

function createStep(write: WriteContext, row: Record<string, unknown>): Step {
  const object = objectOf(write, row);
  if (row.Id !== undefined || row.id !== undefined) {
    throw new RowError('INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call', ['Id']);
  }
  const values = parseRow(write, object, row, 'create');
  return { run: () => insertRow(write, object, values) };
}

function updateSteps(write: WriteContext): (row: Record<string, unknown>) => Step {
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

function upsertStep(
  write: WriteContext,
  object: ObjectSchema,
  field: Field,
  row: Record<string, unknown>,
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

function deleteCollection(context: ApiContext, request: ApiRequest, write: WriteContext): ApiResponse {
  const ids = (request.query.get('ids') ?? '').split(',').filter((id) => id !== '');
  checkCount(ids.length);
  const allOrNone = context.mustBeAllOrNone || request.query.get('allOrNone') === 'true';
  const steps = ids.map((text): Step => ({
    run: () => {
      const id = normaliseId(text.trim());
      if (id === null) throw new RowError('MALFORMED_ID', `malformed id ${text}`, []);
      const full = context.org.schema.objectOfId(id);
      const object = full && context.access.object(full.name);
      if (!object) throw invalidCrossReference(404);
      deleteRow(write, object, id);
      return id;
    },
  }));
  return runSteps(write, steps, allOrNone);
}

/** Answers records by id, null where there is none. Ids and fields come in the query string, or in the body of a POST. */
function retrieve(context: ApiContext, request: ApiRequest, object: ObjectSchema): ApiResponse {
  const { ids, fields: names } = retrieveParameters(request);
  if (ids.length > MAX_RETRIEVED) {
    throw apiError(
      400,
      'EXCEEDED_ID_LIMIT',
      `record limit reached. cannot submit more than ${MAX_RETRIEVED} ids into this call`,
    );
  }
  const fields = names.map((name) => {
    const field = object.field(name);
    if (!field) throw apiError(400, 'INVALID_FIELD', `No such column '${name}' on sobject of type ${object.name}`);
    return field;
  });
  const body = ids.map((text) => {
    const id = normaliseId(text.trim());
    const row = id === null ? undefined : context.org.liveRow(object, id);
    if (!row || !canReadRow(context.org, context.access, object, row)) return null;
    return {
      attributes: { type: object.name, url: `/services/data/${context.apiVersion}/sobjects/${object.name}/${row.Id}` },
      ...Object.fromEntries(fields.map((field) => [field.name, jsonOfField(context.org, object, row, field)])),
      Id: row.Id,
    };
  });
  return { status: 200, body };
}

function retrieveParameters(request: ApiRequest): { ids: string[]; fields: string[] } {
  const list = (text: string | null): string[] => (text ?? '').split(',').filter((entry) => entry !== '');
  if (request.method === 'GET')
    return { ids: list(request.query.get('ids')), fields: list(request.query.get('fields')) };
  if (request.method !== 'POST') throw methodNotAllowed(request.method, ['GET', 'POST']);
  const { ids, fields } = (request.body ?? {}) as { ids?: unknown; fields?: unknown };
  if (!Array.isArray(ids) || !Array.isArray(fields)) {
    throw apiError(400, 'JSON_PARSER_ERROR', 'The body must hold the arrays ids and fields');
  }
  return { ids: ids.map(String), fields: fields.map(String) };
}

function rowsOf(request: ApiRequest): Record<string, unknown>[] {
  const { records } = (request.body ?? {}) as { records?: unknown };
  if (!Array.isArray(records)) {
    throw apiError(
      400,
      'JSON_PARSER_ERROR',
      'Cannot deserialize request body as SObjectCollectionInput: records is missing',
    );
  }
  checkCount(records.length);
  return records as Record<string, unknown>[];
}

function checkCount(count: number): void {
  if (count === 0) throw apiError(400, 'REQUIRED_FIELD_MISSING', 'At least 1 record is required', []);
  if (count > MAX_ROWS) {
    throw apiError(
      400,
      'EXCEEDED_ID_LIMIT',
      `record limit reached. cannot submit more than ${MAX_ROWS} records into this call`,
    );
  }
}

/** Consecutive rows of one type are a chunk; a request may have ten. */
function checkChunks(rows: Record<string, unknown>[]): void {
  let chunks = 0;
  let last: string | undefined;
  for (const row of rows) {
    const type = typeNameOf(row)?.toLowerCase();
    if (type !== last) chunks += 1;
    last = type;
  }
  if (chunks > MAX_CHUNKS) {
    throw apiError(
      400,
      'LIMIT_EXCEEDED',
      `Cannot have more than ${MAX_CHUNKS} chunks in a single operation. Please rearrange the data to reduce chunking.`,
    );
  }
}

/** The keys that stand more than once among the rows, compared without case. */
function repeatedKeys(rows: Record<string, unknown>[], field: Field): Set<string> {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const key = keyOf(row, field);
    if (typeof key !== 'string' && typeof key !== 'number') continue;
    const folded = String(key).trim().toLowerCase();
    counts.set(folded, (counts.get(folded) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count > 1).map(([key]) => key));
}

function keyOf(row: Record<string, unknown>, field: Field): unknown {
  if (field.name in row) return row[field.name];
  const name = Object.keys(row).find((key) => key.toLowerCase() === field.name.toLowerCase());
  return name === undefined ? undefined : row[name];
}

/** The object of a row, whose `attributes` must be its first key; only the row's own key may stand before them. */
function objectOf(write: WriteContext, row: Record<string, unknown>, keyName?: string): ObjectSchema {
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

function typeNameOf(row: unknown): string | undefined {
  if (typeof row !== 'object' || row === null) return undefined;
  const { attributes } = row as { attributes?: { type?: unknown } };
  return typeof attributes?.type === 'string' ? attributes.type : undefined;
}

function isAllOrNone(request: ApiRequest): boolean {
  return (request.body as { allOrNone?: unknown } | undefined)?.allOrNone === true;
}

function isUpsert(request: ApiRequest): boolean {
  return request.segments.length > 2;
}

function asRowError(error: unknown): RowError {
  if (error instanceof RowError) return error;
  throw error;
}
