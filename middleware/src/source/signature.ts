import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type DeliveryHeaders, SignatureMismatchError, type Verification } from './source';

/** Lower-case hex of HMAC-SHA256 over the parts in order; a text is used as UTF-8, never decoded. */
export function hmacHex(secret: string | Buffer, ...parts: (string | Buffer)[]): string {
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
  // As Node gives them names are in lower case: only others are looked through.
  const isOwn = Object.hasOwn(headers, name);
  const found = isOwn ? headers[name] : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  const value = (Array.isArray(found) ? found.join(', ') : (found ?? '')).trim();
  return value === '' ? null : value;
}

/**
 * Finds the secret that made a signature. Every secret is tried and every comparison takes the same time, so that
 * the answer's time tells nothing about how much was right.
 *
 * @param signature as sent; hex of either case is compared as bytes, a wrong length is a mismatch. Of a list, which a
 *   sender may make while it changes its secret, one has to hold.
 * @param sign makes the lower-case hex signature with one secret.
 * @throws SignatureMismatchError `malformed` when the signature is not hex, `mismatch` when no secret made it.
 */
export function verifyHex(
  signature: string | readonly string[],
  secrets: readonly string[],
  sign: (secret: string) => string,
): Verification {
  const hex = [signature].flat().filter((value) => /^[0-9a-f]+$/i.test(value));
  if (hex.length === 0) {
    throw new SignatureMismatchError('malformed', 'Expected the signature as hex digits without a prefix.');
  }
  const sent = hex.filter((value) => value.length % 2 === 0).map((value) => Buffer.from(value, 'hex'));
  let secretIndex = -1;
  secrets.forEach((secret, index) => {
    if (secret === '') return; // anybody can sign with an empty secret
    const expected = Buffer.from(sign(secret), 'hex');
    for (const value of sent) {
      const isLength = value.length === expected.length;
      const isEqual = timingSafeEqual(isLength ? value : Buffer.alloc(expected.length), expected) && isLength;
      if (isEqual && secretIndex < 0) secretIndex = index;
    }
  });
  if (secretIndex < 0) {
    throw new SignatureMismatchError(
      'mismatch',
      'The signature was not made over this body with a secret of this source: compare the secret with the one in the scheduling system.',
    );
  }
  return { secretIndex };
}

/** More signatures than this in one header are nobody's rotation of secrets. */
const MAX_SIGNATURES = 5;

/** The header value `t=<unix seconds>,v1=<hex>`: HMAC-SHA256 over `<t>.<raw body>`, as several senders make it. */
export function timedSignature(secret: string, rawBody: Buffer | string, signedAt: Date): string {
  const seconds = String(Math.floor(signedAt.getTime() / 1000));
  return `t=${seconds},v1=${hmacHex(secret, `${seconds}.`, rawBody)}`;
}

/**
 * Checks a header as `timedSignature` makes it; `v1` may come several times, and one has to hold.
 *
 * @param windowSeconds how far the signature's time may be from `now`, both ways.
 * @throws SignatureMismatchError `malformed`, `mismatch`, or, when the signature holds, `stale`.
 */
export function verifyTimed(
  header: string,
  rawBody: Buffer,
  secrets: readonly string[],
  now: Date,
  windowSeconds: number,
): Verification {
  const parts = header.split(',').map((part) => part.trim().split(/\s*=\s*/));
  const valuesOf = (name: string): string[] => parts.filter(([key]) => key === name).map(([, value]) => value ?? '');
  const [times, signatures] = [valuesOf('t'), valuesOf('v1')];
  const time = times[0] ?? '';
  const isReadable = times.length === 1 && /^\d{1,12}$/.test(time);
  if (!isReadable || signatures.length === 0 || signatures.length > MAX_SIGNATURES) {
    throw new SignatureMismatchError('malformed', 'Expected the signature as t=<unix seconds>,v1=<hex digits>.');
  }
  const verification = verifyHex(signatures, secrets, (secret) => hmacHex(secret, `${time}.`, rawBody));
  if (!(Math.abs(now.getTime() / 1000 - Number(time)) <= windowSeconds)) {
    throw new SignatureMismatchError(
      'stale',
      `The signature holds, but was made more than ${windowSeconds} seconds before or after our clock. Check the clock of this machine.`,
    );
  }
  return verification;
}

/**
 * Finds the secret that a sender without signatures shows as its token in every delivery. Digests are compared, so the
 * time tells nothing about how much was right.
 * @throws SignatureMismatchError `mismatch` when it is none of the secrets.
 */
export function verifyToken(token: string, secrets: readonly string[]): Verification {
  const sent = Buffer.from(sha256Hex(token), 'hex');
  let secretIndex = -1;
  secrets.forEach((secret, index) => {
    if (secret === '') return; // a token that is not sent would be equal to it
    const isEqual = timingSafeEqual(Buffer.from(sha256Hex(secret), 'hex'), sent);
    if (isEqual && secretIndex < 0) secretIndex = index;
  });
  if (secretIndex < 0) {
    throw new SignatureMismatchError(
      'mismatch',
      'The token is no secret of this source: compare it with the one in the scheduling system.',
    );
  }
  return { secretIndex };
}
