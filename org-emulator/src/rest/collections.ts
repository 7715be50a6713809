import {
  createSteps,
  deleteStep,
  readSteps,
  runSteps,
  typeNameOf,
  updateSteps,
  upsertSteps,
  type InputRow,
  type ReadStep,
  type RowOutcome,
  type Step,
} from '../dml/row-steps';
import { RowError } from '../dml/row-error';
import type { WriteContext } from '../dml/write-context';
import { apiError, methodNotAllowed, notFound } from './api-error';
import type { ApiContext, ApiRequest, ApiResponse } from './api-request';
import { retrieveCollection } from './collection-retrieve';
import { writeContextOf } from './write-headers';

const MAX_ROWS = 200;
const MAX_CHUNKS = 10;

/** `POST | PATCH | DELETE /composite/sobjects`. */
export function collection(context: ApiContext, request: ApiRequest): ApiResponse {
  const write = writeContextOf(context, request);
  switch (request.method) {
    case 'POST':
      return saveCollection(context, request, write, createSteps(write));
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
  if (fieldName === undefined) return retrieveCollection(context, request, object);
  if (request.method !== 'PATCH') throw methodNotAllowed(request.method, ['PATCH']);
  const field = object.field(fieldName);
  if (!field || !(field.externalId || (field.idLookup && field.type !== 'id'))) {
    throw apiError(404, 'NOT_FOUND', `Provided external ID field does not exist or is not accessible: ${fieldName}`);
  }
  const write = writeContextOf(context, request);
  return saveCollection(context, request, write, upsertSteps(write, object, field, rowsOf(request)));
}

function saveCollection(context: ApiContext, request: ApiRequest, write: WriteContext, read: ReadStep): ApiResponse {
  const rows = rowsOf(request);
  checkChunks(rows);
  const allOrNone = context.mustBeAllOrNone || isAllOrNone(request);
  write.rowsInTransaction = rows.length;
  return answerSteps(write, readSteps(rows, read), allOrNone);
}

function answerSteps(write: WriteContext, steps: Step[], allOrNone: boolean): ApiResponse {
  return write.org.store.transaction((rollback) => {
    const outcomes = runSteps(steps);
    const hasFailedRows = outcomes.some((outcome) => !outcome.success);
    if (!hasFailedRows || !allOrNone) return { status: 200, body: outcomes.map(resultJson), hasFailedRows };
    rollback();
    const error = new RowError(
      'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      'Record rolled back because not all records were valid and the request was using AllOrNone header',
    );
    const body = outcomes.map((outcome) => {
      const { success, created } = outcome;
      return resultJson(success ? { error, success: false, ...(created === undefined ? {} : { created }) } : outcome);
    });
    return { status: 200, body, hasFailedRows };
  });
}

function resultJson(outcome: RowOutcome): Record<string, unknown> {
  const tail = outcome.created === undefined ? {} : { created: outcome.created };
  return outcome.success
    ? { id: outcome.id, success: true, errors: [], ...tail }
    : { success: false, errors: [outcome.error.toResult()], ...tail };
}

function deleteCollection(context: ApiContext, request: ApiRequest, write: WriteContext): ApiResponse {
  const ids = (request.query.get('ids') ?? '').split(',').filter((id) => id !== '');
  checkCount(ids.length);
  const allOrNone = context.mustBeAllOrNone || request.query.get('allOrNone') === 'true';
  const steps = ids.map((id) => deleteStep(write, id));
  return answerSteps(write, steps, allOrNone);
}

function rowsOf(request: ApiRequest): InputRow[] {
  const { records } = (request.body ?? {}) as { records?: unknown };
  if (!Array.isArray(records)) {
    throw apiError(
      400,
      'JSON_PARSER_ERROR',
      'Cannot deserialize request body as SObjectCollectionInput: records is missing',
    );
  }
  checkCount(records.length);
  return records as InputRow[];
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
function checkChunks(rows: InputRow[]): void {
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

function isAllOrNone(request: ApiRequest): boolean {
  return (request.body as { allOrNone?: unknown } | undefined)?.allOrNone === true;
}
