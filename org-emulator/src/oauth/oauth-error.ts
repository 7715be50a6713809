/** A refusal of the OAuth endpoints: an object, not the array of the data API. */
export class OAuthError extends Error {
  constructor(
    readonly code: string,
    readonly description: string,
    readonly status = 400,
  ) {
    super(`${code}: ${description}`);
    this.name = 'OAuthError';
  }
}
