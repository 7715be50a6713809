import type { RowFaults } from '../dml/write-context';
import type { UserAccess } from '../org/access';
import type { Org } from '../org/org';

/** A request below `/services/data/vNN.N`, whether it came by itself or inside a composite. */
export interface ApiRequest {
  method: string;
  /** The decoded segments of the path after the version: `['sobjects', 'Contact', '003…']`. */
  segments: string[];
  query: URLSearchParams;
  /** Names in lower case. */
  headers: Record<string, string | undefined>;
  /** The JSON of the body; undefined when there is none. */
  body: unknown;
  /** The body as it was sent, to say where a fault stands. */
  bodyText?: string | undefined;
  /** The same, byte by byte, for bodies that are no text. */
  bodyBytes?: Uint8Array | undefined;
}

/** Whose request it is, and where it stands. */
export interface ApiContext {
  org: Org;
  /** 18-character id of the session's user. */
  userId: string;
  /** What the session's user may see and do. */
  access: UserAccess;
  /** `v67.0`, as in the path. */
  apiVersion: string;
  /** `http://127.0.0.1:8080`, without a slash at its end. */
  baseUrl: string;
  /** True inside a composite with allOrNone: collections may not keep part of their rows. */
  mustBeAllOrNone: boolean;
  /** True for a subrequest: some resources are not available there. */
  isSubrequest: boolean;
  /** Strikes single rows as they are saved. */
  rowFaults?: RowFaults | undefined;
}

/** What is answered; neither body nor text means an empty answer. */
export interface ApiResponse {
  status: number;
  headers?: Record<string, string>;
  /** Answered as JSON. */
  body?: unknown;
  /** Answered as it is, in place of a body: CSV, XML, HTML. */
  text?: { type: string; content: string };
  /** A collection that kept only part of its rows, or none: a failure though its status is 200. */
  hasFailedRows?: boolean;
}
