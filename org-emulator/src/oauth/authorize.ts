import type { EmulatedOrg } from '../server/emulated-org';
import type { StoredRecord } from '../records/table';
import { consentPage, refusalPage } from './consent-page';
import { DEFAULT_SCOPE, SALESFORCE_CLI, type Form } from './token-endpoint';

/** What the browser gets: a page, or the way back to the app. */
export type AuthorizeAnswer = { page: string; status: number } | { redirect: string };

/**
 * `GET /services/oauth2/authorize` shows the consent page; `POST` brings the user's decision. Faults that the app must
 * not learn of (unknown app, foreign redirect) end on a page, the others go back to it.
 */
export function authorize(
  emulated: EmulatedOrg,
  form: Form,
  decision?: { isApproved: boolean; userId: string },
): AuthorizeAnswer {
  const { org } = emulated;
  const isCommandLine = form.client_id === SALESFORCE_CLI.clientId;
  const { clientId, redirectUris } = emulated.client;
  if (form.client_id === undefined || !(isCommandLine || form.client_id === clientId)) {
    return { page: refusalPage('invalid_client_id', 'client identifier invalid'), status: 400 };
  }
  const client = { clientId: form.client_id };
  const redirectUri = form.redirect_uri ?? '';
  const isAllowed = isCommandLine
    ? SALESFORCE_CLI.redirectUri.test(redirectUri)
    : redirectUris.length === 0
      ? /^https?:\/\//.test(redirectUri)
      : redirectUris.includes(redirectUri);
  if (!isAllowed) {
    return { page: refusalPage('redirect_uri_mismatch', 'redirect_uri must match configuration'), status: 400 };
  }
  const back = (parameters: Record<string, string>): AuthorizeAnswer => {
    const url = new URL(redirectUri);
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    if (form.state !== undefined) url.searchParams.set('state', form.state);
    return { redirect: url.toString() };
  };
  if (form.response_type !== 'code') {
    return back({ error: 'unsupported_response_type', error_description: 'response type not supported' });
  }
  // Whoever says no method means the only one there is.
  if (form.code_challenge !== undefined && (form.code_challenge_method ?? 'S256') !== 'S256') {
    return back({ error: 'invalid_request', error_description: 'code challenge method must be S256' });
  }
  const users = activeUsers(emulated);
  const hinted = users.find((user) => user.Username === form.login_hint)?.Id;
  const chosen =
    decision ??
    (org.settings.autoApprove ? { isApproved: true, userId: hinted ?? org.ids.administratorId } : undefined);
  if (!chosen && form.prompt?.split(' ').includes('none')) {
    return back({ error: 'immediate_unsuccessful', error_description: 'the user must sign in or approve the app' });
  }
  if (!chosen) return { page: consentPage(form, users, hinted ?? org.ids.administratorId), status: 200 };
  if (!chosen.isApproved) return back({ error: 'access_denied', error_description: 'end-user denied authorization' });
  if (!users.some((user) => user.Id === chosen.userId)) {
    return back({ error: 'inactive_user', error_description: 'user is inactive' });
  }
  const code = emulated.codes.issue({
    userId: chosen.userId,
    clientId: client.clientId,
    redirectUri,
    scope: form.scope?.trim() ? form.scope.trim() : DEFAULT_SCOPE,
    challenge: form.code_challenge ?? null,
    nonce: form.nonce ?? null,
  });
  return back({ code });
}

function activeUsers({ org }: EmulatedOrg): StoredRecord[] {
  return [...org.store.table(org.object('User')).all()].filter((user) => user.IsActive === true);
}
