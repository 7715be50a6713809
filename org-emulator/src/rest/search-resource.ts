import { runSearch } from '../search/run-search';
import { malformedSearch } from '../search/search-error';
import { methodNotAllowed } from './api-error';
import type { ApiContext, ApiRequest, ApiResponse } from './api-request';

/** From this version on the records stand in an object. */
const FIRST_WITH_OBJECT = 37;

/** `GET /search?q=FIND {…} …`. */
export function searchResource(context: ApiContext, request: ApiRequest): ApiResponse {
  if (request.method !== 'GET') throw methodNotAllowed(request.method, ['GET', 'HEAD']);
  const sosl = request.query.get('q');
  if (sosl === null) throw malformedSearch('A search string has to be specified');
  const { org, access, apiVersion } = context;
  const searchRecords = runSearch({ org, access, apiVersion, isAll: false }, sosl);
  return { status: 200, body: Number(apiVersion.slice(1)) < FIRST_WITH_OBJECT ? searchRecords : { searchRecords } };
}
