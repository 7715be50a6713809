import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type DeliveryHeaders, SignatureMismatchError, type Verification } from './source';

/** Lower-case hex of HMAC-SHA256 over the parts in order; the secret is used as UTF-8 text, never hex-decoded. */
export function hmacHex(secret: string, ...parts: (string | Buffer)[]): string {
  const hmac = createHmac('sha256', secret);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
}

/** Lower-case hex of SHA-256. */
export function sha256Hex(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The value of a header, trimmed; null when it is absent or empty. One that came several times is joined by commas. */
export function headerValue(headers: DeliveryHeaders, name: string): string | null {
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  const value = (Array.isArray(found) ? found.join(', ') : (found ?? '')).trim();
  return value === '' ? null : value;
}

/**
 * Finds the secret that made a signature. Every secret is tried and every comparison takes the same time, so that
 * the answer's time tells nothing about how much was right.
 *
 * @param signature as sent; hex of either case is compared as bytes, a wrong length is a mismatch.
 * @param sign makes the lower-case hex signature with one secret.
 * @throws SignatureMismatchError `malformed` when the signature is not hex, `mismatch` when no secret made it.
 */
export function verifyHex(
  signature: string,
  secrets: readonly string[],
  sign: (secret: string) => string,
): Verification {
  if (!/^[0-9a-f]+$/i.test(signature)) {
    throw new SignatureMismatchError('malformed', 'Expected the signature as hex digits without a prefix.');
  }
  const sent = Buffer.from(signature, 'hex');
  let secretIndex = -1;
  secrets.forEach((secret, index) => {
    if (secret === '') return; // anybody can sign with an empty secret
    const expected = Buffer.from(sign(secret), 'hex');
    const isLength = signature.length === expected.length * 2;
    const isEqual = timingSafeEqual(isLength ? sent : Buffer.alloc(expected.length), expected) && isLength;
    if (isEqual && secretIndex < 0) secretIndex = index;
  });
  if (secretIndex < 0) {
    throw new SignatureMismatchError(
      'mismatch',
      'The signature was not made over this body with a secret of this source: compare the secret with the one in the scheduling system.',
    );
  }
  return { secretIndex };
}
