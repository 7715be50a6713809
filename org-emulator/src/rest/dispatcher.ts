import { ingestResource } from '../bulk/ingest-resource';
import { RowError } from '../dml/row-error';
import type * as GraphqlRoom from '../graphql/graphql-resource';
import type { ObjectSchema } from '../schema/object-schema';
import { uiApiResource } from '../ui-api/ui-api-resource';
import { ApiError, errorBody, methodNotAllowed, notFound } from './api-error';
import type { ApiContext, ApiRequest, ApiResponse } from './api-request';
import { collection, collectionOf } from './collections';
import { composite, type SubrequestLogEntry } from './composite';
import { compositeGraph } from './composite-graph';
import { basicInfo, describeGlobal, describeObject } from './describe-resource';
import { deployResource } from './deploy-resource';
import { limitsResource } from './limits-resource';
import { QueryCursors } from './query-cursors';
import { queryResource } from './query-resource';
import { recentRecords } from './recent-resource';
import { deletedRecords, updatedRecords } from './replication';
import { searchResource } from './search-resource';
import { createRow, rowById, rowByKey } from './sobject-rows';
import { toolingQuery } from './tooling-query';
import { treeResource } from './tree-resource';

/** Finds and runs the resource of a request below a version. Refusals are answers, as they are in a composite. */
export class Dispatcher {
  private readonly cursors = new QueryCursors();

  constructor(private readonly remainingCalls: () => number) {}

  /** Runs one request; `onSubrequest` hears what a composite had inside. */
  dispatch(
    context: ApiContext,
    request: ApiRequest,
    onSubrequest: (entry: SubrequestLogEntry) => void = () => undefined,
  ): ApiResponse {
    try {
      return this.route(context, request, onSubrequest);
    } catch (error) {
      const refusal = error instanceof RowError ? error.toApiError() : error;
      if (refusal instanceof ApiError) return { status: refusal.status, body: errorBody(refusal) };
      throw error;
    }
  }

  private route(
    context: ApiContext,
    request: ApiRequest,
    onSubrequest: (entry: SubrequestLogEntry) => void,
  ): ApiResponse {
    const { segments, method } = request;
    const [resource, second, third, fourth] = segments;
    switch (resource) {
      case undefined:
        return versionRoot(context, request);
      case 'sobjects':
        return this.sobjects(context, request);
      case 'query':
      case 'queryAll':
        if (segments.length > 2) throw notFound();
        return queryResource(context, request, this.cursors, resource === 'queryAll', second);
      case 'search':
        if (segments.length > 1 || context.isSubrequest) throw notFound();
        return searchResource(context, request);
      case 'recent':
        if (segments.length > 1) throw notFound();
        return recentRecords(context, request);
      case 'ui-api':
        return uiApiResource(context, request);
      case 'graphql':
        if (segments.length > 1 || context.isSubrequest) throw notFound();
        return graphqlRoom().graphqlResource(context, request);
      case 'limits':
        if (method !== 'GET') throw methodNotAllowed(method, ['GET', 'HEAD']);
        return limitsResource(context, this.remainingCalls());
      case 'tooling':
        if (second !== 'query' || segments.length > 2 || context.isSubrequest) throw notFound();
        return toolingQuery(context, request);
      case 'metadata':
        if (context.isSubrequest) throw notFound();
        return deployResource(context, request);
      case 'jobs':
        if (second !== 'ingest' || context.isSubrequest) throw notFound();
        return ingestResource(context, request);
      case 'composite':
        if (second === 'sobjects' && segments.length === 2) return collection(context, request);
        if (second === 'sobjects' && third !== undefined && segments.length <= 4) {
          return collectionOf(context, request, third, fourth);
        }
        if (second === undefined && !context.isSubrequest) {
          if (method !== 'POST') throw methodNotAllowed(method, ['POST']);
          return composite(context, request, (inner, subrequest) => this.dispatch(inner, subrequest), onSubrequest);
        }
        if (second === 'tree' && third !== undefined && segments.length === 3 && !context.isSubrequest) {
          return treeResource(context, request, third);
        }
        if (second === 'graph' && segments.length === 2 && !context.isSubrequest) {
          if (method !== 'POST') throw methodNotAllowed(method, ['POST']);
          return compositeGraph(
            context,
            request,
            (inner, subrequest) => this.dispatch(inner, subrequest),
            onSubrequest,
          );
        }
        throw notFound();
      default:
        throw notFound();
    }
  }

  private sobjects(context: ApiContext, request: ApiRequest): ApiResponse {
    const { segments, method } = request;
    const [, name, third, ...rest] = segments;
    if (name === undefined) return describeGlobal(context, request);
    const object = visibleObject(context, name);
    if (third === undefined) {
      if (method === 'GET') return basicInfo(context, request, object);
      if (method === 'POST') return createRow(context, request, object);
      throw methodNotAllowed(method, ['GET', 'HEAD', 'POST']);
    }
    if (third === 'describe' && rest.length === 0) return describeObject(context, request, object);
    if (third === 'updated' && rest.length === 0) return updatedRecords(context, request, object);
    if (third === 'deleted' && rest.length === 0) return deletedRecords(context, request, object);
    if (rest.length === 0) return rowById(context, request, object, third);
    // A key may hold encoded slashes, which are part of one segment; more segments are another resource.
    if (rest.length === 1) return rowByKey(context, request, object, third, rest[0] ?? '');
    throw notFound();
  }
}

/** Loaded when it is first asked for: the library is a tenth of the time that an org takes to start. */
function graphqlRoom(): typeof GraphqlRoom {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a request is executed in one go, import() would wait
  return require('../graphql/graphql-resource') as typeof GraphqlRoom;
}

function visibleObject(context: ApiContext, name: string): ObjectSchema {
  const object = context.access.object(name);
  if (!object) throw notFound();
  return object;
}

function versionRoot(context: ApiContext, request: ApiRequest): ApiResponse {
  if (request.method !== 'GET') throw methodNotAllowed(request.method, ['GET', 'HEAD']);
  const { org, apiVersion, baseUrl, userId } = context;
  const root = `/services/data/${apiVersion}`;
  const names = [
    'sobjects',
    'query',
    'queryAll',
    'search',
    'recent',
    'composite',
    'limits',
    'jobs',
    'metadata',
    'ui-api',
    'graphql',
  ];
  return {
    status: 200,
    body: {
      ...Object.fromEntries(names.map((name) => [name, `${root}/${name}`])),
      identity: `${baseUrl}/id/${org.ids.organizationId}/${userId}`,
    },
  };
}
