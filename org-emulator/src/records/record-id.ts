const BASE_62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECKSUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
/** The instance part of the ids of an emulated org, so that an id is recognised as one of ours, unless it is told another. */
export const INSTANCE = 'Em0';

/**
 * The three characters that make a 15-character id safe to compare without case: one per five characters, its bits say
 * which of them are capitals.
 */
export function checksumOf(id15: string): string {
  let suffix = '';
  for (let block = 0; block < 3; block += 1) {
    let bits = 0;
    for (let at = 0; at < 5; at += 1) {
      const code = id15.charCodeAt(block * 5 + at);
      if (code >= 65 && code <= 90) bits |= 1 << at;
    }
    suffix += CHECKSUM.charAt(bits);
  }
  return suffix;
}

/**
 * The 18-character form of an id given with 15 or 18 characters. Null when it is no id: wrong length, wrong characters,
 * or a checksum that does not fit.
 */
export function normaliseId(id: string): string | null {
  if (!/^[0-9A-Za-z]+$/.test(id)) return null;
  if (id.length === 15) return id + checksumOf(id);
  if (id.length !== 18) return null;
  return checksumOf(id) === id.slice(15) ? id : null;
}

/** The n-th id of a key prefix, 18 characters. @param instance three characters: orgs with others have no id in common. */
export function makeId(keyPrefix: string, n: number, instance = INSTANCE): string {
  let digits = '';
  for (let rest = n; rest > 0; rest = Math.floor(rest / 62)) digits = BASE_62.charAt(rest % 62) + digits;
  const id15 = keyPrefix + instance + digits.padStart(9, '0');
  return id15 + checksumOf(id15);
}
