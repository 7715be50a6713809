import { apiError, ApiError, errorBody } from './api-error';
import type { ApiContext, ApiRequest, ApiResponse } from './api-request';
import { resolveReferences, UnresolvedReferenceError, type EarlierAnswers } from './composite-references';
import { parseTarget } from './target';

const MAX_SUBREQUESTS = 25;
const MAX_QUERIES_AND_COLLECTIONS = 5;
const METHODS = ['DELETE', 'GET', 'PATCH', 'POST', 'PUT'];
/** Headers that a subrequest takes from the outer request and may not bring itself. */
const INHERITED_HEADERS = ['accept', 'authorization', 'content-type'];

/** One request inside a composite. */
export interface Subrequest {
  method: string;
  url: string;
  referenceId: string;
  body?: unknown;
  httpHeaders?: Record<string, string>;
}

/** One entry of a composite answer. */
export interface SubresponseJson {
  body: unknown;
  httpHeaders: Record<string, string>;
  httpStatusCode: number;
  referenceId: string;
}

/** What became of a subrequest, for the list of calls. */
export interface SubrequestLogEntry {
  method: string;
  url: string;
  referenceId: string;
  status: number;
}

/** Runs one resource below a version; ApiErrors are answers. */
export type Dispatch = (context: ApiContext, request: ApiRequest) => ApiResponse;

/** `POST /composite`: up to 25 subrequests in order, later ones may refer to what earlier ones answered. */
export function composite(
  context: ApiContext,
  request: ApiRequest,
  dispatch: Dispatch,
  onSubrequest: (entry: SubrequestLogEntry) => void,
): ApiResponse {
  const { allOrNone, subrequests } = readComposite(request);
  const run = (rollback?: () => void): SubresponseJson[] => runSubrequests(context, subrequests, dispatch, rollback);
  const compositeResponse = allOrNone ? context.org.store.transaction((rollback) => run(rollback)) : run();
  compositeResponse.forEach(({ httpStatusCode }, at) => {
    const { method, url, referenceId } = subrequests[at] as Subrequest;
    onSubrequest({ method, url, referenceId, status: httpStatusCode });
  });
  return { status: 200, body: { compositeResponse } };
}

/** Runs subrequests in order. With `rollback` the first failure undoes them all and halts the rest. */
export function runSubrequests(
  context: ApiContext,
  subrequests: Subrequest[],
  dispatch: Dispatch,
  rollback?: () => void,
): SubresponseJson[] {
  const answers: EarlierAnswers = new Map();
  const responses: SubresponseJson[] = [];
  for (const [at, subrequest] of subrequests.entries()) {
    const response = runSubrequest(
      { ...context, mustBeAllOrNone: rollback !== undefined, isSubrequest: true },
      subrequest,
      answers,
      dispatch,
    );
    const isFailed = response.status >= 400 || response.hasFailedRows === true;
    answers.set(subrequest.referenceId, { body: response.body ?? null, isFailed: response.status >= 400 });
    responses.push(toJson(subrequest.referenceId, response));
    if (isFailed && rollback) {
      rollback();
      return subrequests.map((other, index) =>
        index === at ? (responses[at] as SubresponseJson) : halted(other.referenceId),
      );
    }
  }
  return responses;
}

function runSubrequest(
  context: ApiContext,
  subrequest: Subrequest,
  answers: EarlierAnswers,
  dispatch: Dispatch,
): ApiResponse {
  try {
    const url = String(resolveReferences(subrequest.url, answers));
    const body = resolveReferences(subrequest.body, answers);
    const target = parseTarget(url);
    if (!target) throw apiError(404, 'NOT_FOUND', 'The requested resource does not exist');
    const headers = Object.fromEntries(
      Object.entries(subrequest.httpHeaders ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
    );
    return dispatch(
      { ...context, apiVersion: target.apiVersion },
      { method: subrequest.method, segments: target.segments, query: target.query, headers, body },
    );
  } catch (error) {
    if (error instanceof UnresolvedReferenceError) {
      return {
        status: 400,
        body: errorBody(
          new ApiError(400, [{ errorCode: 'PROCESSING_HALTED', message: error.message, codeFirst: true }]),
        ),
      };
    }
    if (error instanceof ApiError) return { status: error.status, body: errorBody(error) };
    throw error;
  }
}

function toJson(referenceId: string, { status, headers = {}, body = null }: ApiResponse): SubresponseJson {
  return { body, httpHeaders: headers, httpStatusCode: status, referenceId };
}

/** The answers of subrequests that were not run, or undone, because of another one. */
export function haltedResponses(subrequests: Subrequest[]): SubresponseJson[] {
  return subrequests.map(({ referenceId }) => halted(referenceId));
}

function halted(referenceId: string): SubresponseJson {
  return toJson(referenceId, {
    status: 400,
    body: [
      {
        errorCode: 'PROCESSING_HALTED',
        message: 'The transaction was rolled back since another operation in the same transaction failed.',
      },
    ],
  });
}

function readComposite(request: ApiRequest): { allOrNone: boolean; subrequests: Subrequest[] } {
  const { allOrNone, collateSubrequests, compositeRequest } = (request.body ?? {}) as Record<string, unknown>;
  if (!Array.isArray(compositeRequest)) throw refused('JSON_PARSER_ERROR', 'compositeRequest is missing');
  for (const [name, flag] of Object.entries({ allOrNone, collateSubrequests })) {
    if (flag !== undefined && typeof flag !== 'boolean')
      throw refused('JSON_PARSER_ERROR', `${name} must be a boolean`);
  }
  if (compositeRequest.length === 0) throw refused('REQUIRED_FIELD_MISSING', 'At least 1 subrequest is required');
  if (compositeRequest.length > MAX_SUBREQUESTS) {
    throw refused('LIMIT_EXCEEDED', `Cannot process more than ${MAX_SUBREQUESTS} subrequests in one composite request`);
  }
  const subrequests = checkSubrequests(compositeRequest);
  const heavy = subrequests.filter(
    ({ url }) => /\/(query|queryAll|composite\/sobjects)(\/|\?|$)/.test(url) || /^@\{/.test(url),
  );
  if (heavy.length > MAX_QUERIES_AND_COLLECTIONS) {
    throw refused(
      'LIMIT_EXCEEDED',
      `Cannot process more than ${MAX_QUERIES_AND_COLLECTIONS} query or sObject Collections subrequests in one composite request`,
    );
  }
  return { allOrNone: allOrNone === true, subrequests };
}

/** Checks each subrequest's method, address, reference id and headers. */
export function checkSubrequests(list: unknown[]): Subrequest[] {
  const seen = new Set<string>();
  for (const entry of list) {
    const { method, url, referenceId, httpHeaders } = (entry ?? {}) as Record<string, unknown>;
    if (typeof method !== 'string' || !METHODS.includes(method)) {
      throw refused('INVALID_INPUT', `Invalid method ${JSON.stringify(method)}: one of ${METHODS.join(', ')}`);
    }
    if (typeof url !== 'string') throw refused('REQUIRED_FIELD_MISSING', 'A subrequest needs a url');
    if (typeof referenceId !== 'string' || !/^[A-Za-z0-9]\w*$/.test(referenceId)) {
      throw refused(
        'INVALID_INPUT',
        `Provided referenceId ('${String(referenceId)}') must start with a letter or a number, and it can contain only letters, numbers and underscores ('_').`,
      );
    }
    if (seen.has(referenceId)) throw refused('INVALID_INPUT', `Duplicate referenceId '${referenceId}'`);
    seen.add(referenceId);
    for (const name of Object.keys(httpHeaders ?? {})) {
      if (INHERITED_HEADERS.includes(name.toLowerCase())) {
        throw refused('INVALID_INPUT', `The header ${name} cannot be set on a subrequest`);
      }
    }
  }
  return list as Subrequest[];
}

function refused(code: string, message: string): ApiError {
  return apiError(400, code, message);
}
