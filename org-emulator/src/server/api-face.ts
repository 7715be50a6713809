import type { ApiError } from '../rest/api-error';
import type { ApiContext, ApiResponse } from '../rest/api-request';
import type { SubrequestLogEntry } from '../rest/composite';
import type { EmulatedOrg } from './emulated-org';

/** A request as it came in, its body read. */
export interface FaceRequest {
  method: string;
  /** Path and query as they were sent. */
  url: string;
  /** Names in lower case. */
  headers: Record<string, string | undefined>;
  text: string;
  /** The body as it was sent, for those that are no text. */
  bytes: Uint8Array;
}

/** One of the org's APIs: how its requests are understood and its refusals are told. Sessions, faults and counting are common. */
export interface ApiFace {
  /** False for what the pages themselves ask: it is no call of the API, and uses none of the allowance. */
  readonly isCounted: boolean;
  /** The access token that a request brings; undefined when it brings none. */
  tokenOf(request: FaceRequest): string | undefined;
  /** Names of the objects that the request is about, in lower case, for faults that name one. */
  sobjectsOf(emulated: EmulatedOrg, request: FaceRequest): ReadonlySet<string>;
  /** What is answered without a sign-in and without a call being counted; undefined for all other requests. */
  answerToAll(request: FaceRequest): ApiResponse | undefined;
  /** Runs the request. Refusals are answers. */
  execute(
    emulated: EmulatedOrg,
    context: Omit<ApiContext, 'apiVersion'>,
    request: FaceRequest,
    onSubrequest: (entry: SubrequestLogEntry) => void,
  ): ApiResponse;
  /** An error in the form of this API. */
  refusal(error: ApiError): ApiResponse;
}
