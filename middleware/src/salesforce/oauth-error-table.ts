import type { Classification, ErrorLine } from './error-table';

/** One reason for which a sign-in is refused. `description` tells apart what Salesforce gives one code. */
type Line = Classification & {
  /** Null: whatever the code, the description says it. */
  error: RegExp | null;
  /** The codes, as the page of errors names them. */
  code: string;
} & ({ description?: never; says?: never } | { description: RegExp; says: string });

/**
 * Refusals of the token endpoint, the first fitting line counts.
 *
 * @see https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_flow_errors.htm
 */
const TABLE: readonly Line[] = [
  {
    error: null,
    code: 'any',
    description: /request not supported on this domain/i,
    says: 'says "request not supported on this domain"',
    class: 'signIn',
    cause: 'This way of signing in works on the My Domain address of the org only.',
    remedy: 'Enter the My Domain address, as https://example.my.salesforce.com, not login or test.',
  },
  {
    error: null,
    code: 'any',
    description: /no client credentials user/i,
    says: 'says "no client credentials user enabled"',
    class: 'signIn',
    cause: 'The app has no user to run as.',
    remedy:
      'In the policies of the External Client App, switch on the client credentials flow and choose its Run As user.',
  },
  {
    error: null,
    code: 'any',
    description: /app must be installed/i,
    says: 'says "app must be installed into org"',
    class: 'signIn',
    cause: 'The app is not installed in this org.',
    remedy: 'Install the app in the org, or create the External Client App there, and connect again.',
  },
  {
    error: null,
    code: 'any',
    description: /(?:hasn'?t|has not) approved this consumer|not admin approved/i,
    says: 'says that the user has not approved the app, or is not admin approved',
    class: 'signIn',
    cause: 'The user may not use the app.',
    remedy: 'In the policies of the app, pre-authorize the permission set of the API user.',
  },
  {
    error: null,
    code: 'any',
    description: /ip restricted|invalid login hours/i,
    says: 'says "ip restricted or invalid login hours"',
    class: 'signIn',
    cause: 'The login hours or trusted addresses of the API user do not allow the sign-in.',
    remedy:
      "Add the connector's address to the login ranges of the user's profile, or relax them in the app's policies.",
  },
  {
    error: null,
    code: 'any',
    description: /inactive_?\s?user|user is inactive|no active/i,
    says: 'says that the user is inactive',
    class: 'signIn',
    cause: 'The API user is inactive.',
    remedy: 'Activate the user, or choose another one, and connect again.',
  },
  {
    error: /^inactive_user$/,
    code: 'inactive_user',
    class: 'signIn',
    cause: 'The API user is inactive.',
    remedy: 'Activate the user, or choose another one, and connect again.',
  },
  {
    error: null,
    code: 'any',
    description: /inactive_?\s?org|org .*(?:locked|closed|suspended)/i,
    says: 'says that the org is locked, closed or suspended',
    class: 'orgWide',
    cause: 'The org is locked, closed or suspended.',
    remedy: 'Ask Salesforce support about the org, or connect the team to another one.',
  },
  {
    error: /^inactive_org$/,
    code: 'inactive_org',
    class: 'orgWide',
    cause: 'The org is locked, closed or suspended.',
    remedy: 'Ask Salesforce support about the org, or connect the team to another one.',
  },
  {
    error: /^invalid_grant$/,
    code: 'invalid_grant',
    description: /expired access\/refresh token/i,
    says: 'says "expired access/refresh token"',
    class: 'signIn',
    cause: 'The connection to the org was revoked or has expired.',
    remedy: 'Connect the org again.',
  },
  {
    error: /^invalid_grant$/,
    code: 'invalid_grant',
    description: /audience/i,
    says: 'is about the audience',
    class: 'signIn',
    cause: 'The sign-in was made out to another address than the one it was sent to.',
    remedy: 'Enter the address that fits the org: login for production, test for sandboxes, or its My Domain.',
  },
  {
    error: /^invalid_grant$/,
    code: 'invalid_grant',
    description: /assertion/i,
    says: 'is about the assertion',
    class: 'signIn',
    cause: 'Salesforce did not accept the key with which the connector signs in.',
    remedy:
      'Upload the certificate of this connection to the app, for the JWT bearer flow. If it is there, check the clock of the server.',
  },
  {
    error: /^invalid_grant$/,
    code: 'invalid_grant',
    description: /authorization code|code verifier/i,
    says: 'is about the authorization code or code verifier',
    class: 'signIn',
    cause: 'The sign-in took too long or was begun in another window.',
    remedy: 'Connect the org again.',
  },
  {
    error: /^invalid_grant$/,
    code: 'invalid_grant',
    class: 'signIn',
    cause: 'Salesforce did not accept the proof that was shown for the sign-in.',
    remedy: 'Check the address of the org and the settings of the app, and connect again.',
  },
  {
    error: /^(?:invalid_app_access|OAUTH_APP_ACCESS_DENIED)$/,
    code: 'invalid_app_access or OAUTH_APP_ACCESS_DENIED',
    class: 'signIn',
    cause: 'The user may not use the app.',
    remedy: 'In the policies of the app, pre-authorize the permission set of the API user.',
  },
  {
    error: /^OAUTH_APP_BLOCKED$/,
    code: 'OAUTH_APP_BLOCKED',
    class: 'orgWide',
    cause: 'An admin has blocked the app in this org.',
    remedy: 'Unblock the app in Setup, under Connected Apps OAuth Usage.',
  },
  {
    error: /^invalid_client_id$/,
    code: 'invalid_client_id',
    class: 'signIn',
    cause: 'Salesforce does not know this consumer key: it is another one, or the app is younger than ten minutes.',
    remedy:
      'Wait until the app is ten minutes old and try again; else copy the consumer key from the app of this very org.',
  },
  {
    error: /^invalid_client$/,
    code: 'invalid_client',
    class: 'signIn',
    cause: 'The consumer secret does not belong to the consumer key.',
    remedy: 'Copy the consumer secret from the app again: after it was rotated there the old one is no longer good.',
  },
  {
    error: /^unsupported_grant_type$/,
    code: 'unsupported_grant_type',
    class: 'signIn',
    cause: 'The app does not allow this way of signing in.',
    remedy: 'Switch the flow on in the settings of the External Client App.',
  },
  {
    error: /^invalid_scope$/,
    code: 'invalid_scope',
    class: 'signIn',
    cause: 'The app does not have a scope that the connector needs.',
    remedy: 'Add the scopes "api" and "refresh_token" to the app.',
  },
  {
    error: /^unsupported_response_type$/,
    code: 'unsupported_response_type',
    class: 'signIn',
    cause: 'The app does not allow the way in which the connector asks for consent.',
    remedy: 'Switch on the authorization code flow in the settings of the External Client App.',
  },
  {
    error: /^immediate_unsuccessful$/,
    code: 'immediate_unsuccessful',
    class: 'signIn',
    cause: 'Salesforce could not grant the connection without asking the user.',
    remedy: 'Connect the org again, and allow it on the page of Salesforce.',
  },
  {
    error: /^redirect_uri_mismatch$/,
    code: 'redirect_uri_mismatch',
    class: 'signIn',
    cause: 'The app does not list the address to which Salesforce should return.',
    remedy: 'Add the callback address that the console shows to the app.',
  },
  {
    error: /^access_denied$/,
    code: 'access_denied',
    class: 'signIn',
    cause: 'The connection was refused on the page of Salesforce.',
    remedy: 'Connect the org again, and allow it there.',
  },
  {
    error: /^rate_limit_exceeded$/,
    code: 'rate_limit_exceeded',
    class: 'retryLater',
    cause: 'The API user has signed in too often in the last hour.',
    remedy: 'Nothing to do: the connector tries again later. Check whether other programs sign in as the same user.',
  },
  {
    error: /^OAUTH_APPROVAL_ERROR_GENERIC$/,
    code: 'OAUTH_APPROVAL_ERROR_GENERIC',
    class: 'signIn',
    cause:
      'Salesforce could not show its consent page, often because the app lacks a scope or the user is for the API only.',
    remedy: 'Check the scopes of the app; for a user who cannot sign in to pages, use the client credentials flow.',
  },
];

/** Given to a session that Salesforce refuses right after it has granted it. */
export const SESSION_REFUSED: Classification = {
  class: 'signIn',
  cause: 'Salesforce grants a session and then does not accept it.',
  remedy:
    'Check the session settings and the IP policy of the app, and whether the API user is allowed to use the API.',
};

/** Every line of the table, in its order; the code is `any` where the description alone decides. */
export function signInErrorLines(): ErrorLine[] {
  return TABLE.map(({ code, says, class: errorClass, cause, remedy }) => ({
    code,
    says: says ?? null,
    class: errorClass,
    cause,
    remedy,
  }));
}

/**
 * What a refused sign-in means and what to do about it.
 *
 * @param refusal `error` and `error_description` of the token endpoint, or of the page that the browser returned to.
 */
export function classifySignInError(refusal: { error: string; description: string }): Classification {
  const line = TABLE.find(
    ({ error, description }) =>
      (error === null || error.test(refusal.error)) &&
      (description === undefined || description.test(refusal.description)),
  );
  if (line !== undefined) return { class: line.class, cause: line.cause, remedy: line.remedy };
  return {
    class: 'signIn',
    cause: 'Salesforce refused the sign-in.',
    remedy: 'Check the settings of the app and of the API user, and connect again.',
  };
}
