import { createPrivateKey, sign } from 'node:crypto';

/** Salesforce takes assertions that end within three minutes. */
const LIFE_SECONDS = 170;

/**
 * The signed JWT of the JWT bearer flow (RS256).
 *
 * @param audience origin that the sign-in is sent to: login or test.salesforce.com, or the My Domain of the org.
 * @param privateKey PEM of an RSA key.
 * @see https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_jwt_flow.htm
 */
export function jwtAssertion(
  { clientId, username, audience, privateKey }: Record<'clientId' | 'username' | 'audience' | 'privateKey', string>,
  now: Date,
): string {
  const claims = {
    iss: clientId,
    sub: username,
    aud: audience,
    exp: Math.floor(now.getTime() / 1000) + LIFE_SECONDS,
  };
  const unsigned = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
  const signature = sign('RSA-SHA256', Buffer.from(unsigned), createPrivateKey(privateKey));
  return `${unsigned}.${signature.toString('base64url')}`;
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
