import { canReadRow } from '../org/sharing';
import { jsonOfField } from '../records/read-field';
import { normaliseId } from '../records/record-id';
import type { ObjectSchema } from '../schema/object-schema';
import { apiError, methodNotAllowed } from './api-error';
import type { ApiContext, ApiRequest, ApiResponse } from './api-request';

const MAX_RETRIEVED = 2_000;

/** `GET | POST /composite/sobjects/X`: records by id, null where there is none. Ids and fields come in the query string, or in the body of a POST. */
export function retrieveCollection(context: ApiContext, request: ApiRequest, object: ObjectSchema): ApiResponse {
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
