import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** New with every process, so that nobody can choose values whose digests are alike at the start. */
const DIGEST_KEY = randomBytes(32);

/**
 * Compares two secrets in a time that tells nothing about where they differ. Of any length: it is their digests that
 * are compared, so the time depends on the lengths alone. Text is compared as UTF-8.
 */
export function safeEqual(a: string | Uint8Array, b: string | Uint8Array): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(value: string | Uint8Array): Buffer {
  return createHmac('sha256', DIGEST_KEY).update(value).digest();
}
