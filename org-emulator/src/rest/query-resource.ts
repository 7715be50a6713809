import { queryColumns } from '../soql/query-columns';
import { runQuery } from '../soql/run-query';
import { apiError, methodNotAllowed } from './api-error';
import type { ApiContext, ApiRequest, ApiResponse } from './api-request';
import type { QueryCursors } from './query-cursors';

const PAGE_SIZE = 2_000;
/** Long texts make the platform answer smaller pages by itself. */
const LONG_TEXT_PAGE_SIZE = 1_000;
const MIN_PAGE_SIZE = 200;

/** `GET /query?q=…`, `GET /queryAll?q=…` and the pages that follow. */
export function queryResource(
  context: ApiContext,
  request: ApiRequest,
  cursors: QueryCursors,
  isAll: boolean,
  locator?: string,
): ApiResponse {
  if (request.method !== 'GET') throw methodNotAllowed(request.method, ['GET', 'HEAD']);
  const { org, access, apiVersion } = context;
  if (locator !== undefined) {
    const page = cursors.next(locator);
    if (!page) throw apiError(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
    return { status: 200, body: pageJson(apiVersion, page) };
  }
  const soql = request.query.get('q');
  if (soql === null) throw apiError(400, 'MALFORMED_QUERY', 'A query string has to be specified');
  if (request.query.get('columns') === 'true') return { status: 200, body: queryColumns(access, soql) };
  const result = runQuery({ org, access, apiVersion, isAll }, soql);
  const wanted = Number(/batchSize=(\d+)/.exec(request.headers['sforce-query-options'] ?? '')?.[1] ?? PAGE_SIZE);
  const limit = result.hasLongText ? LONG_TEXT_PAGE_SIZE : PAGE_SIZE;
  const page = cursors.first(result, Math.min(Math.max(wanted, MIN_PAGE_SIZE), limit));
  return { status: 200, body: pageJson(apiVersion, page) };
}

function pageJson(
  apiVersion: string,
  page: { totalSize: number; records: unknown[]; nextLocator: string | null },
): Record<string, unknown> {
  return {
    totalSize: page.totalSize,
    done: page.nextLocator === null,
    ...(page.nextLocator === null ? {} : { nextRecordsUrl: `/services/data/${apiVersion}/query/${page.nextLocator}` }),
    records: page.records,
  };
}
