import { canReadRow } from '../org/sharing';
import type { ObjectSchema } from '../schema/object-schema';
import { methodNotAllowed } from './api-error';
import type { ApiContext, ApiRequest, ApiResponse } from './api-request';

const MAX_RECENT = 200;

/** `GET /recent?limit=N`: the records that the user last viewed (`FOR VIEW`), the newest first. */
export function recentRecords(context: ApiContext, request: ApiRequest): ApiResponse {
  if (request.method !== 'GET') throw methodNotAllowed(request.method, ['GET', 'HEAD']);
  const limit = Number(request.query.get('limit') ?? MAX_RECENT);
  return { status: 200, body: recentItems(context).slice(0, Math.min(limit, MAX_RECENT)) };
}

/** The records that the user last viewed, of all objects or of one; those that are gone or hidden are passed over. */
export function recentItems(context: ApiContext, only?: ObjectSchema): Record<string, unknown>[] {
  const { org, access, apiVersion, userId } = context;
  return org.viewed.of(userId).flatMap((id) => {
    const found = org.store.find(id);
    if (!found || found.row.IsDeleted === true || (only && only.name !== found.object.name)) return [];
    const object = access.object(found.object.name);
    if (!object || !canReadRow(org, access, object, found.row)) return [];
    const url = `/services/data/${apiVersion}/sobjects/${object.name}/${id}`;
    return [{ attributes: { type: object.name, url }, Id: id, Name: found.row.Name ?? null }];
  });
}
