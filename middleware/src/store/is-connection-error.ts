/** SQLSTATE classes and codes that end or refuse a connection, whatever statement ran. */
const CONNECTION_SQLSTATES = /^(08...|57P0[1-5]|53300)$/;

/** Codes of Node's sockets. Anything that looks like a SQLSTATE is judged by the pattern above alone. */
const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** `pg` gives these no code. */
const CONNECTION_MESSAGES =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|client was closed|cannot use a pool after calling end|query read timeout/i;

/**
 * Tells whether an error is about the connection, so that the same statement may succeed on another one, and so that
 * trying its neighbours now is of no use. Whether the statement took effect is unknown.
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html (class 08, class 57)
 */
export function isConnectionError(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) {
    return false;
  }
  // By shape, not by class: an error may come from another realm, as those of Node itself do under jest.
  const { code, message, errors } = error as { code?: unknown; message?: unknown; errors?: unknown };
  if (Array.isArray(errors)) {
    return errors.some(isConnectionError);
  }
  if (code === 'store-busy') {
    return true;
  }
  if (typeof code === 'string' && code.length > 0) {
    return CONNECTION_SQLSTATES.test(code) || SOCKET_CODES.has(code);
  }
  return typeof message === 'string' && CONNECTION_MESSAGES.test(message);
}
