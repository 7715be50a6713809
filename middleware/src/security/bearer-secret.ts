import { createHash, createHmac, randomBytes } from 'node:crypto';

/** A secret that whoever shows it is let in by: 256 random bits, fit for a link, a cookie or a header. */
export function newBearerSecret(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * The form in which such a secret is kept. A plain hash is enough for 256 random bits: there is nothing to guess, and
 * it is looked up by its hash, so no comparison tells anything by its time.
 */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** What forms of one session carry, so that no other site can send them. Nothing is kept for it. */
export function csrfTokenOf(sessionSecret: string): string {
  return createHmac('sha256', sessionSecret).update('csrf').digest('base64url');
}
