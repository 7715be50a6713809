import { Connection } from '@jsforce/jsforce-node';
import { OWN_CODES } from './error-table';
import { OrgUnavailableError, SignInRefusedError } from './errors';
import { exchange, type HttpAnswer } from './http-exchange';
import { isJson, parseJson } from './json';
import { orgOrigin } from './org-url';
import type { SignInOptions, Token } from './sign-in';

/** Who somebody is in Salesforce. */
export interface Identity {
  /** 18-character ids. */
  orgId: string;
  userId: string;
  username: string;
  name: string | null;
  /** The address that Salesforce saw him use; null when he never showed that it is his. */
  verifiedEmail: string | null;
  isActive: boolean;
  /** `STANDARD` for those who can own records. */
  userType: string;
}

/**
 * Asks Salesforce whose session it is. The API allowance does not count it.
 *
 * @throws SignInRefusedError when the session may not tell; OrgUnavailableError when it could not be asked;
 *   RefusedHostError.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_using_userinfo_endpoint.htm
 */
export async function readIdentity(
  { accessToken, instanceUrl }: Pick<Token, 'accessToken' | 'instanceUrl'>,
  { allowLoopback = false, timeoutMs = 30_000 }: Omit<SignInOptions, 'now'>,
): Promise<Identity> {
  const connection = new Connection({ instanceUrl: orgOrigin(instanceUrl, { allowLoopback }) });
  const headers = { authorization: `Bearer ${accessToken}`, accept: 'application/json' };
  return identityIn(
    await exchange(connection, { method: 'GET', url: '/services/oauth2/userinfo', headers }, timeoutMs),
  );
}

/** Reads the answer of the userinfo endpoint. Pure. @throws as {@link readIdentity}; nothing of the answer is in it. */
export function identityIn({ status, body }: HttpAnswer): Identity {
  if (status === 401 || status === 403) {
    throw new SignInRefusedError('NO_IDENTITY', {
      class: 'signIn',
      cause: 'Salesforce did not tell who signed in.',
      remedy: 'Add the scopes "openid" and "id, profile, email, address, phone" to the app, and begin again.',
    });
  }
  const answer = parseJson(body);
  if (status >= 400 || !isJson(answer)) {
    const message = 'The userinfo endpoint told nobody';
    throw new OrgUnavailableError({
      code: status >= 400 ? `ERROR_HTTP_${status}` : OWN_CODES.notJson,
      message,
      status,
    });
  }
  const text = (name: string): string | null => {
    const value = answer[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const [orgId, userId, username] = [text('organization_id'), text('user_id'), text('preferred_username')];
  if (orgId === null || userId === null || username === null) {
    throw new OrgUnavailableError({ code: OWN_CODES.notJson, message: 'The userinfo endpoint told nobody', status });
  }
  return {
    orgId,
    userId,
    username,
    name: text('name'),
    verifiedEmail: answer['email_verified'] === true ? text('email') : null,
    isActive: answer['active'] !== false,
    userType: text('user_type') ?? 'STANDARD',
  };
}
