import { apiError, methodNotAllowed, notFound } from '../rest/api-error';
import type { ApiContext, ApiRequest, ApiResponse } from '../rest/api-request';
import type { ObjectSchema } from '../schema/object-schema';
import { objectInfo } from './object-info';
import { picklistValues } from './picklist-values';
import { notInUiApi, recordResource } from './record-resource';
import { isInUiApi } from './supported-objects';

/** `/ui-api/…`: records, object infos and picklist values. There are no layouts, list views and related lists. */
export function uiApiResource(context: ApiContext, request: ApiRequest): ApiResponse {
  const [, resource, name, part, recordTypeId, field, ...more] = request.segments;
  if (resource === 'records' && part === undefined) return recordResource(context, request, name);
  if (resource !== 'object-info' || name === undefined || more.length > 0) throw notFound();
  if (request.method !== 'GET') throw methodNotAllowed(request.method, ['GET', 'HEAD']);
  const object = uiObject(context, name);
  if (part === undefined) return { status: 200, body: objectInfo(context, object) };
  if (part !== 'picklist-values' || recordTypeId === undefined) throw notFound();
  return { status: 200, body: picklistValues(context, object, recordTypeId, field) };
}

function uiObject(context: ApiContext, name: string): ObjectSchema {
  const known = context.org.schema.object(name);
  if (known && !isInUiApi(known)) throw notInUiApi(known.name);
  const object = context.access.object(name);
  if (!object)
    throw apiError(403, 'INSUFFICIENT_ACCESS', `You don't have access to the object ${name}, or it doesn't exist.`);
  return object;
}
