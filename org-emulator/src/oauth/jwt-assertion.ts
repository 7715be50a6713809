import { createPublicKey, verify } from 'node:crypto';
import { z } from 'zod';
import { OAuthError } from './oauth-error';

/** How far in the future an assertion may expire. */
const MAX_LIFE_SECONDS = 300;
/** A number of seconds so far in the future (the year 5138) that it must be one of milliseconds. */
const LATEST_SECONDS = 100_000_000_000;

const claimsSchema = z.object({ iss: z.string(), sub: z.string(), aud: z.string(), exp: z.number() });

/** The claims of a JWT bearer assertion: app, username, host and expiry in seconds. */
export type AssertionClaims = z.infer<typeof claimsSchema>;

/**
 * Checks the RS256 signature and the expiry of an assertion.
 *
 * @param certificate PEM of the app's certificate or public key; without one no assertion is good.
 * @throws OAuthError invalid_grant.
 */
export function verifyAssertion(assertion: string, certificate: string | undefined, now: Date): AssertionClaims {
  const [header = '', payload = '', signature = ''] = assertion.split('.');
  const claims = claimsSchema.safeParse(decode(payload));
  const algorithm = (decode(header) as { alg?: unknown } | undefined)?.alg;
  const isSigned =
    certificate !== undefined &&
    algorithm === 'RS256' &&
    verify(
      'RSA-SHA256',
      Buffer.from(`${header}.${payload}`),
      createPublicKey(certificate),
      Buffer.from(signature, 'base64url'),
    );
  if (!claims.success || !isSigned) throw new OAuthError('invalid_grant', 'invalid assertion');
  // The Salesforce CLI writes milliseconds, and an org takes them.
  const expiresAt = claims.data.exp > LATEST_SECONDS ? claims.data.exp / 1000 : claims.data.exp;
  const secondsLeft = expiresAt - now.getTime() / 1000;
  if (secondsLeft <= 0 || secondsLeft > MAX_LIFE_SECONDS)
    throw new OAuthError('invalid_grant', 'expired authorization code');
  return claims.data;
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
