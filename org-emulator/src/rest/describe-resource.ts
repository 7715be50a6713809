import type { ObjectFlags, ObjectSchema } from '../schema/object-schema';
import { methodNotAllowed } from './api-error';
import type { ApiContext, ApiRequest, ApiResponse } from './api-request';
import { recentItems } from './recent-resource';

/** `GET /sobjects`: the objects of the org. */
export function describeGlobal(context: ApiContext, request: ApiRequest): ApiResponse {
  return conditional(context, request, () => ({
    encoding: 'UTF-8',
    maxBatchSize: 200,
    sobjects: context.access.objects.map((object) => globalEntry(context, object)),
  }));
}

/** `GET /sobjects/X`: its flags and the records last seen. */
export function basicInfo(context: ApiContext, request: ApiRequest, object: ObjectSchema): ApiResponse {
  return conditional(context, request, () => ({
    objectDescribe: globalEntry(context, object),
    recentItems: recentItems(context, object),
  }));
}

/** `GET /sobjects/X/describe`: its fields, relationships and record types. */
export function describeObject(context: ApiContext, request: ApiRequest, object: ObjectSchema): ApiResponse {
  return conditional(context, request, () => ({
    actionOverrides: [],
    ...sharedFlags(object.flags),
    childRelationships: object.childRelationships,
    compactLayoutable: true,
    defaultImplementation: null,
    extendedBy: null,
    extendsInterfaces: null,
    fields: object.fields,
    implementedBy: null,
    implementsInterfaces: null,
    listviewable: null,
    lookupLayoutable: null,
    namedLayoutInfos: [],
    networkScopeFieldName: null,
    recordTypeInfos: object.recordTypeInfos,
    searchLayoutable: object.flags.searchable,
    sobjectDescribeOption: 'FULL',
    supportedScopes: [{ label: `All ${object.flags.labelPlural.toLowerCase()}`, name: 'everything' }],
    urls: urlsOf(context, object, true),
  }));
}

/** Answers 304 when nothing in the org's schema changed since the instant, or the ETag, that the request names. */
function conditional(context: ApiContext, request: ApiRequest, body: () => unknown): ApiResponse {
  if (request.method !== 'GET') throw methodNotAllowed(request.method, ['GET', 'HEAD']);
  const { schema } = context.org;
  const headers = { ETag: schema.etag, 'Last-Modified': schema.modifiedAt.toUTCString() };
  const since = Date.parse(request.headers['if-modified-since'] ?? '');
  const modifiedSecond = Math.floor(schema.modifiedAt.getTime() / 1000);
  const isUnmodified = !Number.isNaN(since) && modifiedSecond <= Math.floor(since / 1000);
  if (isUnmodified || request.headers['if-none-match'] === schema.etag) return { status: 304, headers };
  return { status: 200, headers, body: body() };
}

function globalEntry(context: ApiContext, object: ObjectSchema): Record<string, unknown> {
  return { ...sharedFlags(object.flags), urls: urlsOf(context, object, false) };
}

function sharedFlags(flags: ObjectFlags): ObjectFlags {
  return flags;
}

function urlsOf(context: ApiContext, object: ObjectSchema, isFull: boolean): Record<string, string> {
  const { baseUrl, apiVersion } = context;
  const base = `/services/data/${apiVersion}/sobjects/${object.name}`;
  return {
    ...(isFull
      ? {
          compactLayouts: `${base}/describe/compactLayouts`,
          uiDetailTemplate: `${baseUrl}/{ID}`,
          uiEditTemplate: `${baseUrl}/{ID}/e`,
          uiNewRecord: `${baseUrl}/${object.keyPrefix}/e`,
          quickActions: `${base}/quickActions`,
          layouts: `${base}/describe/layouts`,
        }
      : {}),
    rowTemplate: `${base}/{ID}`,
    describe: `${base}/describe`,
    sobject: base,
  };
}
