/** One entry of an error array. Keys are written in the order they have here, or `errorCode` first where that is said. */
export interface ApiErrorEntry {
  errorCode: string;
  message: string;
  /** Present on errors of a write (maybe empty), absent on those of transport and query. */
  fields?: string[];
  /** Key order of the answer: NOT_FOUND and what a composite adds put the code first. */
  codeFirst?: boolean;
  /** Keys that stand before the others, such as the matches of a duplicate rule. */
  extra?: Record<string, unknown>;
}

/** A request that is refused with an HTTP status and the platform's array of errors. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly entries: ApiErrorEntry[],
  ) {
    super(entries.map((entry) => `${entry.errorCode}: ${entry.message}`).join('; '));
    this.name = 'ApiError';
  }
}

/** One error; `fields` only when the platform sends that key for it. */
export function apiError(status: number, errorCode: string, message: string, fields?: string[]): ApiError {
  return new ApiError(status, [{ errorCode, message, ...(fields ? { fields } : {}) }]);
}

/** 404 for a path, object or record that is not there. */
export function notFound(): ApiError {
  return new ApiError(404, [
    { errorCode: 'NOT_FOUND', message: 'The requested resource does not exist', codeFirst: true },
  ]);
}

/** 405 for a method that the resource does not have. */
export function methodNotAllowed(method: string, allowed: string[]): ApiError {
  return apiError(405, 'METHOD_NOT_ALLOWED', `HTTP Method '${method}' not allowed. Allowed are ${allowed.join(',')}`);
}

/** The JSON of an error array. */
export function errorBody(error: ApiError): Record<string, unknown>[] {
  return error.entries.map(({ errorCode, message, fields, codeFirst, extra }) => {
    const tail = fields ? { fields } : {};
    if (extra) return { ...extra, errorCode, message, ...tail };
    return codeFirst ? { errorCode, message, ...tail } : { message, errorCode, ...tail };
  });
}
