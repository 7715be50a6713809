import { SignInRefusedError } from '../salesforce/errors';
import { orgOrigin } from '../salesforce/org-url';
import type { Grant, Token } from '../salesforce/sign-in';
import type { SignInFlow } from '../sync/org.store';
import { jwtAssertion } from './assertion';

/** How an org is signed in to, with its secrets opened. */
export interface OpenCredentials {
  loginUrl: string;
  flow: SignInFlow;
  clientId: string;
  clientSecret: string | null;
  username: string | null;
  privateKey: string | null;
}

/**
 * How to sign in for the next time. Pure.
 *
 * @param previous the session before, whose refresh token is used where the flow gives one.
 * @throws SignInRefusedError when only somebody at a browser can.
 */
export function nextGrant(
  { loginUrl, flow, clientId, clientSecret, username, privateKey }: OpenCredentials,
  previous: Token | null,
  { now, allowLoopback }: { now: Date; allowLoopback: boolean },
): Grant {
  switch (flow) {
    case 'clientCredentials':
      return { kind: 'clientCredentials', clientId, clientSecret: clientSecret ?? '' };
    case 'jwtBearer':
      return {
        kind: 'jwtBearer',
        assertion: jwtAssertion(
          {
            clientId,
            username: username ?? '',
            audience: orgOrigin(loginUrl, { allowLoopback }),
            privateKey: privateKey ?? '',
          },
          now,
        ),
      };
    case 'authorizationCode':
      if (previous === null || previous.refreshToken === null) throw nobodyThere(previous === null);
      return { kind: 'refreshToken', clientId, clientSecret, refreshToken: previous.refreshToken };
  }
}

function nobodyThere(isNew: boolean): SignInRefusedError {
  return isNew
    ? new SignInRefusedError('NOT_SIGNED_IN', {
        class: 'signIn',
        cause: 'Nobody has signed in to the org yet.',
        remedy: 'Sign in to it in the console, under Salesforce.',
      })
    : new SignInRefusedError(
        'NO_REFRESH_TOKEN',
        {
          class: 'signIn',
          cause: 'The session has ended, and the app gave no refresh token to renew it with.',
          remedy: 'Add the scope "refresh_token" to the app, and connect the org again.',
        },
        { isTokenDead: true },
      );
}
