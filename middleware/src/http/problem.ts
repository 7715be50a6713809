import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { refusalOf, type FieldFault } from '../admin/refused';
import { SignatureMismatchError } from '../source/source';
import { QueueFullError } from '../store/coalescer';
import { StoreError } from '../store/errors';

/** A refusal with a status of its own. `detail` is for the sender and holds nothing of ours. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';

  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly headers: Record<string, string> = {},
    /** What is wrong with which field of the request. */
    readonly faults: readonly FieldFault[] = [],
  ) {
    super(detail);
  }
}

const TITLES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};

/** The log as the error handler uses it. */
export interface ProblemLog {
  error(fields: object, message: string): void;
}

/**
 * The one place that words refusals: `application/problem+json`, see RFC 9457.
 * What nobody expected is answered 500 without detail, and logged.
 */
export function problemHandler(log: ProblemLog): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error);
    const problem = toProblem(error);
    if (problem.status >= 500 && !(error instanceof HttpProblem))
      log.error({ err: error, route: routeOf(req) }, 'A request failed');
    sendProblem(res, problem);
  };
}

/** Which route took a request, for the log: never its address, which may name a customer. Null when none did. */
export function routeOf({ method, route }: Pick<Request, 'method' | 'route'>): string | null {
  const path = (route as { path?: unknown } | undefined)?.path;
  return typeof path === 'string' ? `${method} ${path}` : null;
}

/** Answers whatever no route took. */
export const notFound: RequestHandler = (_req, _res, next) => {
  next(new HttpProblem(404, 'not-found', 'There is nothing at this address.'));
};

/** Writes a refusal. */
export function sendProblem(res: Response, { status, code, detail, headers, faults }: HttpProblem): void {
  const errors = faults.length > 0 ? { errors: faults } : {};
  res
    .status(status)
    .set(headers)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title: TITLES[status] ?? 'Error', status, code, detail, ...errors }));
}

const REFUSAL_STATUS = { invalid: 422, notFound: 404, forbidden: 403, conflict: 409, orgFault: 502 };

/** What an error is answered as. */
export function toProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  const refusal = refusalOf(error);
  if (refusal !== null) {
    const { kind, code, message, faults } = refusal;
    const name = code.toLowerCase().replaceAll('_', '-');
    return new HttpProblem(REFUSAL_STATUS[kind], name, message, {}, faults);
  }
  if (error instanceof SignatureMismatchError) return new HttpProblem(401, error.code, error.message);
  if (error instanceof QueueFullError) return new HttpProblem(429, error.code, error.message, { 'retry-after': '5' });
  if (error instanceof StoreError && error.code === 'store-busy') {
    return new HttpProblem(503, error.code, 'The store is busy. Send it again in a moment.', { 'retry-after': '5' });
  }
  return (
    fromBodyParser(error) ??
    new HttpProblem(500, 'internal', 'Something went wrong here. Nothing was stored; send it again.')
  );
}

/** Faults of reading a body carry a status and a type of their own. */
function fromBodyParser(error: unknown): HttpProblem | null {
  const { status, type } = (error ?? {}) as { status?: unknown; type?: unknown };
  if (typeof status !== 'number' || typeof type !== 'string' || status < 400 || status >= 500) return null;
  if (type === 'entity.too.large') return new HttpProblem(413, type, 'The body is larger than this server takes.');
  if (type === 'encoding.unsupported')
    return new HttpProblem(415, type, 'Compressed bodies are not taken: send it plain.');
  return new HttpProblem(400, type, 'The request could not be read.');
}
