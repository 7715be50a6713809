import { apiError } from './api-error';
import type { ApiContext, ApiRequest, ApiResponse } from './api-request';
import {
  checkSubrequests,
  haltedResponses,
  runSubrequests,
  type Dispatch,
  type Subrequest,
  type SubrequestLogEntry,
  type SubresponseJson,
} from './composite';
import { parseTarget } from './target';

const MAX_GRAPHS = 75;
const MAX_NODES = 500;
const MAX_DEPTH = 15;
const MAX_NODE_KINDS = 15;
/** One more failed graph than this, and the graphs that are left are not run. */
const MAX_FAILED_GRAPHS = 14;

interface Graph {
  graphId: string;
  subrequests: Subrequest[];
}

/**
 * `POST /composite/graph`: up to 75 graphs of row subrequests, each all or none and independent of the others.
 *
 * @see REST API Developer Guide, Composite Graph Limits
 */
export function compositeGraph(
  context: ApiContext,
  request: ApiRequest,
  dispatch: Dispatch,
  onSubrequest: (entry: SubrequestLogEntry) => void,
): ApiResponse {
  const graphs = readGraphs(request);
  let failed = 0;
  const answers = graphs.map(({ graphId, subrequests }) => {
    const isHalted = failed > MAX_FAILED_GRAPHS;
    const compositeResponse = isHalted
      ? haltedResponses(subrequests)
      : context.org.store.transaction((rollback) => runSubrequests(context, subrequests, dispatch, rollback));
    const isSuccessful = compositeResponse.every(({ httpStatusCode }) => httpStatusCode < 400);
    if (!isSuccessful) failed += 1;
    report(subrequests, compositeResponse, onSubrequest);
    return { graphId, graphResponse: { compositeResponse }, isSuccessful };
  });
  return { status: 200, body: { graphs: answers } };
}

function report(
  subrequests: Subrequest[],
  responses: SubresponseJson[],
  onSubrequest: (entry: SubrequestLogEntry) => void,
): void {
  subrequests.forEach(({ method, url, referenceId }, at) => {
    onSubrequest({ method, url, referenceId, status: responses[at]?.httpStatusCode ?? 0 });
  });
}

function readGraphs(request: ApiRequest): Graph[] {
  const { graphs } = (request.body ?? {}) as { graphs?: unknown };
  if (!Array.isArray(graphs) || graphs.length === 0) {
    throw apiError(400, 'JSON_PARSER_ERROR', 'graphs is missing or empty');
  }
  const read = graphs.map((graph): Graph => {
    const { graphId, compositeRequest } = (graph ?? {}) as { graphId?: unknown; compositeRequest?: unknown };
    if (typeof graphId !== 'string' || !Array.isArray(compositeRequest) || compositeRequest.length === 0) {
      throw apiError(400, 'JSON_PARSER_ERROR', 'A graph needs a graphId and a compositeRequest');
    }
    return { graphId, subrequests: checkSubrequests(compositeRequest) };
  });
  if (new Set(read.map(({ graphId }) => graphId)).size < read.length)
    throw apiError(400, 'INVALID_INPUT', 'Duplicate graphId');
  checkLimits(read);
  return read;
}

function checkLimits(graphs: Graph[]): void {
  const nodes = graphs.flatMap(({ subrequests }) => subrequests);
  const kinds = new Set(nodes.map(kindOf));
  const exceeded =
    (graphs.length > MAX_GRAPHS && `${MAX_GRAPHS} graphs`) ||
    (nodes.length > MAX_NODES && `${MAX_NODES} nodes`) ||
    (kinds.size > MAX_NODE_KINDS && `${MAX_NODE_KINDS} kinds of nodes`) ||
    (graphs.some(({ subrequests }) => depthOf(subrequests) > MAX_DEPTH) && `a depth of ${MAX_DEPTH}`);
  if (exceeded) throw apiError(400, 'LIMIT_EXCEEDED', `A composite graph request can have no more than ${exceeded}`);
}

/** A kind of node is a version, a method and an object; only rows may be nodes. */
function kindOf({ method, url }: Subrequest): string {
  const target = parseTarget(url);
  const [resource, sobject] = target?.segments ?? [];
  if (!target || resource !== 'sobjects' || sobject === undefined) {
    throw apiError(400, 'INVALID_INPUT', `A composite graph takes sObject rows only, not ${url}`);
  }
  return `${target.apiVersion} ${method} ${sobject.toLowerCase()}`;
}

/** The longest chain of subrequests that refer to each other. */
function depthOf(subrequests: Subrequest[]): number {
  const depths = new Map<string, number>();
  for (const { referenceId, url, body } of subrequests) {
    const text = url + JSON.stringify(body ?? null);
    const parents = [...text.matchAll(/@\{(\w+)/g)].map(([, parent]) => depths.get(parent ?? '') ?? 0);
    depths.set(referenceId, 1 + Math.max(0, ...parents));
  }
  return Math.max(0, ...depths.values());
}
