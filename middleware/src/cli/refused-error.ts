/** A command that cannot be carried out: the message is the plain reason, and the exit code is 1. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}
