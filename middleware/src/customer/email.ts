/**
 * The form of an e-mail address that is compared: trimmed, Unicode-composed, lower-case. Nothing cleverer: dots and
 * plus signs mean something to some mail servers. Pure.
 *
 * @returns null when there is nothing that could be an address.
 */
export function normalizeEmail(email: string | null): string | null {
  const normal = email?.normalize('NFC').trim().toLowerCase() ?? '';
  return /^[^\s@]+@[^\s@]+$/u.test(normal) ? normal : null;
}
