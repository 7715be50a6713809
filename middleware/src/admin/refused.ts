/** A request of an admin that cannot be carried out as it is; the message says why and what to do. */
export class AdminRefusedError extends Error {
  readonly code = 'ADMIN_REFUSED';
  override readonly name = 'AdminRefusedError';
}
