import { deleteRow } from '../dml/delete';
import { findByKey, findForUpsert } from '../dml/find-by-key';
import { parseRow } from '../dml/parse-row';
import { noSuchColumn, RowError } from '../dml/row-error';
import { insertRow, updateRow } from '../dml/save';
import { canReadRow } from '../org/sharing';
import { jsonOfField } from '../records/read-field';
import { normaliseId } from '../records/record-id';
import type { StoredRecord } from '../records/table';
import type { Field } from '../schema/field';
import type { ObjectSchema } from '../schema/object-schema';
import type { ApiError } from './api-error';
import { apiError, methodNotAllowed, notFound } from './api-error';
import type { ApiContext, ApiRequest, ApiResponse } from './api-request';
import { writeContextOf } from './write-headers';

/** `POST /sobjects/X`: 201 with the new id and its Location. */
export function createRow(context: ApiContext, request: ApiRequest, object: ObjectSchema): ApiResponse {
  const write = writeContextOf(context, request);
  const body = objectBody(request);
  if (body.Id !== undefined || body.id !== undefined) throw shouldNotBeSpecified('Id');
  const id = insertRow(write, object, parseRow(write, object, body, 'create'));
  return saved(context, object, id, 201);
}

/** `GET | PATCH | DELETE /sobjects/X/{id}`. */
export function rowById(context: ApiContext, request: ApiRequest, object: ObjectSchema, idText: string): ApiResponse {
  const id = normaliseId(idText);
  if (id === null || !id.startsWith(object.keyPrefix)) throw noSuchExternalId(idText);
  switch (request.method) {
    case 'GET':
      return readRow(context, request, object, context.org.liveRow(object, id));
    case 'PATCH': {
      const write = writeContextOf(context, request);
      const body = objectBody(request);
      if (body.Id !== undefined || body.id !== undefined) throw shouldNotBeSpecified('Id');
      updateRow(write, object, id, parseRow(write, object, body, 'update'));
      return { status: 204 };
    }
    case 'DELETE':
      deleteRow(writeContextOf(context, request), object, id);
      return { status: 204 };
    default:
      throw methodNotAllowed(request.method, ['DELETE', 'GET', 'HEAD', 'PATCH']);
  }
}

/** `GET | PATCH | DELETE /sobjects/X/{field}/{value}`: by external id. PATCH creates unless `updateOnly=true`. */
export function rowByKey(
  context: ApiContext,
  request: ApiRequest,
  object: ObjectSchema,
  fieldName: string,
  value: string,
): ApiResponse {
  const field = object.field(fieldName);
  if (!field || !(field.externalId || field.idLookup)) throw noSuchExternalId(fieldName);
  const write = writeContextOf(context, request);
  const find = request.method === 'PATCH' ? findForUpsert : findByKey;
  const found = find(write, object, field, keyValue(field, value));
  if (found.length > 1) {
    // The platform answers the choices as a plain array of addresses.
    const choices = found.map((row) => `/services/data/${context.apiVersion}/sobjects/${object.name}/${row.Id}`);
    return { status: 300, body: choices };
  }
  const [row] = found;
  switch (request.method) {
    case 'GET':
      return readRow(context, request, object, row);
    case 'DELETE':
      if (!row) throw notFound();
      deleteRow(write, object, row.Id);
      return { status: 204 };
    case 'PATCH':
      return upsertByKey(context, request, object, field, value, row);
    default:
      throw methodNotAllowed(request.method, ['DELETE', 'GET', 'HEAD', 'PATCH']);
  }
}

function upsertByKey(
  context: ApiContext,
  request: ApiRequest,
  object: ObjectSchema,
  field: Field,
  value: string,
  row: StoredRecord | undefined,
): ApiResponse {
  const write = writeContextOf(context, request);
  const body = objectBody(request);
  const repeated = Object.keys(body).find((key) => ['id', field.name.toLowerCase()].includes(key.toLowerCase()));
  if (repeated !== undefined) throw shouldNotBeSpecified(repeated);
  if (row) {
    updateRow(write, object, row.Id, parseRow(write, object, body, 'update'));
    return saved(context, object, row.Id, 200, false);
  }
  if (field.type === 'id' || request.query.get('updateOnly') === 'true') throw notFound();
  const values = parseRow(write, object, body, 'create');
  values.set(field.name, keyValue(field, value));
  return saved(context, object, insertRow(write, object, values), 201, true);
}

function keyValue(field: Field, value: string): string | number {
  return ['double', 'int', 'long', 'currency', 'percent'].includes(field.type) ? Number(value) : value;
}

/** A record as a GET answers it: every field, or those of `?fields=`. */
function readRow(
  context: ApiContext,
  request: ApiRequest,
  object: ObjectSchema,
  row: StoredRecord | undefined,
): ApiResponse {
  if (!row || !canReadRow(context.org, context.access, object, row)) throw notFound();
  const names = request.query
    .get('fields')
    ?.split(',')
    .map((name) => name.trim());
  const fields = names ? names.map((name) => fieldNamed(object, name)) : object.fields;
  const body: Record<string, unknown> = {
    attributes: { type: object.name, url: rowUrl(context, object, row.Id) },
  };
  for (const field of fields) body[field.name] = jsonOfField(context.org, object, row, field);
  body.Id = row.Id;
  return { status: 200, body };
}

function fieldNamed(object: ObjectSchema, name: string): Field {
  const field = object.field(name);
  if (!field) throw noSuchColumn(name, object.name);
  return field;
}

/** The body of a write to one row. */
export function objectBody(request: ApiRequest): Record<string, unknown> {
  const { body } = request;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw apiError(400, 'JSON_PARSER_ERROR', 'The HTTP entity body is required, but this request has no entity body.');
  }
  return body as Record<string, unknown>;
}

function shouldNotBeSpecified(field: string): RowError {
  return new RowError('INVALID_FIELD', `The ${field} field should not be specified in the sobject data.`, [field]);
}

function noSuchExternalId(field: string): ApiError {
  return apiError(404, 'NOT_FOUND', `Provided external ID field does not exist or is not accessible: ${field}`);
}

function saved(context: ApiContext, object: ObjectSchema, id: string, status: number, created?: boolean): ApiResponse {
  return {
    status,
    headers: { Location: rowUrl(context, object, id) },
    body: { id, success: true, errors: [], ...(created === undefined ? {} : { created }) },
  };
}

function rowUrl(context: ApiContext, object: ObjectSchema, id: string): string {
  return `/services/data/${context.apiVersion}/sobjects/${object.name}/${id}`;
}
