import { deleteRow } from '../dml/delete';
import { parseRow } from '../dml/parse-row';
import { RowError } from '../dml/row-error';
import { insertRow, updateRow } from '../dml/save';
import { canReadRow } from '../org/sharing';
import { normaliseId } from '../records/record-id';
import type { StoredRecord } from '../records/table';
import { ApiError, apiError, methodNotAllowed, notFound } from '../rest/api-error';
import type { ApiContext, ApiRequest, ApiResponse } from '../rest/api-request';
import { writeContextOf } from '../rest/write-headers';
import type { ObjectSchema } from '../schema/object-schema';
import { addFields, recordJson, type FieldTree } from './record-fields';
import { isInUiApi } from './supported-objects';

/**
 * `POST /ui-api/records` and `GET | PATCH | DELETE /ui-api/records/{id}`, as `lightning/uiRecordApi` uses them.
 *
 * @see User Interface API Developer Guide, "Records"
 */
export function recordResource(context: ApiContext, request: ApiRequest, idText?: string): ApiResponse {
  if (idText === undefined) {
    if (request.method !== 'POST') throw methodNotAllowed(request.method, ['POST']);
    return createRecord(context, request);
  }
  const { object, row } = recordOf(context, idText);
  switch (request.method) {
    case 'GET':
      return { status: 200, body: recordJson(context, object, row, wantedFields(context, object, request)) };
    case 'PATCH':
      return updateRecord(context, request, object, row.Id);
    case 'DELETE':
      deleteRow(writeContextOf(context, request), object, row.Id);
      return { status: 204 };
    default:
      throw methodNotAllowed(request.method, ['DELETE', 'GET', 'HEAD', 'PATCH']);
  }
}

function recordOf(context: ApiContext, idText: string): { object: ObjectSchema; row: StoredRecord } {
  const { org, access } = context;
  const id = normaliseId(idText);
  const found = id === null ? undefined : org.store.find(id);
  if (found && !isInUiApi(found.object)) throw notInUiApi(found.object.name);
  const object = found && access.object(found.object.name);
  if (!found || found.row.IsDeleted === true) throw notFound();
  if (!object || !canReadRow(org, access, object, found.row)) throw noRecordAccess();
  return { object, row: found.row };
}

/** `?fields=` must all be there and seen; of `?optionalFields=` those that are not are left out. */
function wantedFields(context: ApiContext, object: ObjectSchema, { query }: ApiRequest): FieldTree {
  const names = (parameter: string): string[] =>
    query.getAll(parameter).flatMap((text) => text.split(',').map((name) => name.trim()));
  const [fields, optional] = [names('fields'), names('optionalFields')];
  if (fields.length + optional.length === 0) {
    throw apiError(
      400,
      'ILLEGAL_QUERY_PARAMETER_VALUE',
      'This emulator needs fields or optionalFields: it has no layouts',
    );
  }
  const tree: FieldTree = { fields: new Set(), parents: new Map() };
  addFields(context, object, tree, fields, false);
  addFields(context, object, tree, optional, true);
  return tree;
}

function createRecord(context: ApiContext, request: ApiRequest): ApiResponse {
  const { apiName, fields } = bodyOf(request);
  const object = typeof apiName === 'string' ? context.access.object(apiName) : undefined;
  if (!object) throw apiError(400, 'INVALID_TYPE', `No such object: ${String(apiName)}`);
  if (!isInUiApi(object)) throw notInUiApi(object.name);
  const write = writeContextOf(context, request);
  const id = saving(object, 'create', () => insertRow(write, object, parseRow(write, object, fields, 'create')));
  return { status: 201, body: savedJson(context, object, id, Object.keys(fields)) };
}

function updateRecord(context: ApiContext, request: ApiRequest, object: ObjectSchema, id: string): ApiResponse {
  const { fields } = bodyOf(request);
  const write = writeContextOf(context, request);
  saving(object, 'update', () => {
    updateRow(write, object, id, parseRow(write, object, fields, 'update', new Set(['id'])));
  });
  return { status: 200, body: savedJson(context, object, id, Object.keys(fields)) };
}

/** The record with what was written. */
function savedJson(context: ApiContext, object: ObjectSchema, id: string, names: string[]): Record<string, unknown> {
  const row = context.org.liveRow(object, id);
  if (!row) throw notFound();
  const tree: FieldTree = { fields: new Set(), parents: new Map() };
  addFields(
    context,
    object,
    tree,
    names.map((name) => `${object.name}.${name}`),
    true,
  );
  return recordJson(context, object, row, tree);
}

function bodyOf({ body }: ApiRequest): { apiName: unknown; fields: Record<string, unknown> } {
  const { apiName, fields } = (body ?? {}) as Record<string, unknown>;
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    throw apiError(400, 'JSON_PARSER_ERROR', 'The body has to be an object with fields');
  }
  return { apiName, fields: fields as Record<string, unknown> };
}

/** A refused write is told in the form that a record form reads: what is wrong with the record, and with which field. */
function saving<T>(object: ObjectSchema, doing: 'create' | 'update', write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    throw new RecordError(object, doing, error);
  }
}

/** An error of a write, as the UI API tells it. */
class RecordError extends ApiError {
  constructor(object: ObjectSchema, doing: 'create' | 'update', cause: RowError) {
    const details = (cause.fields.length > 0 ? cause.fields : [null]).map((name) => ({
      constituentField: null,
      duplicateRecordError: null,
      errorCode: cause.code,
      field: name,
      fieldLabel: name === null ? null : (object.field(name)?.label ?? null),
      message: cause.message,
    }));
    const fieldErrors = details.flatMap((detail) => (detail.field === null ? [] : [[detail.field, [detail]] as const]));
    super(cause.options.status === 403 ? 403 : 400, [
      {
        errorCode: cause.code,
        message: `An error occurred while trying to ${doing} the record. Please try again.`,
        extra: {
          enhancedErrorType: 'RecordError',
          output: {
            errors: details.filter(({ field }) => field === null),
            fieldErrors: Object.fromEntries(fieldErrors),
          },
        },
      },
    ]);
    this.cause = cause;
  }
}

/** An object that the UI API does not serve. */
export function notInUiApi(sobject: string): ApiError {
  return apiError(400, 'INVALID_TYPE', `Object ${sobject} is not supported in UI API`);
}

function noRecordAccess(): ApiError {
  const text = "You don't have access to this record. Ask your administrator for help or to request access.";
  return apiError(403, 'INSUFFICIENT_ACCESS', text);
}
