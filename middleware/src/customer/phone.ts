import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** Fewer digits are an extension, or nothing at all. */
const MIN_DIGITS = 7;

/** A phone number in the forms that a record may have it in. */
export interface PhoneForms {
  /** To ask for: the org compares letter by letter. */
  spellings: string[];
  /** To compare: digits alone, with and without the country. */
  digits: ReadonlySet<string>;
}

/**
 * The forms of a phone number. One that starts with `+` and its country is known in its country's forms too; of any
 * other the country is unknown, so only the usual groups of its digits are. Pure.
 *
 * @returns null for what cannot be the number of one person.
 */
export function phoneForms(phone: string | null): PhoneForms | null {
  const typed = phone?.normalize('NFKC').trim() ?? '';
  const digits = phoneDigits(typed);
  if (digits.length < MIN_DIGITS || /^(\d)\1*$/.test(digits)) return null;
  const parsed = parsePhoneNumberFromString(typed);
  // Parsed again without its extension, which the formats would repeat.
  const number = parsed === undefined ? undefined : parsePhoneNumberFromString(parsed.number);
  if (number === undefined) {
    return { spellings: unique([typed, digits, ...spelled(digits)]), digits: new Set([digits]) };
  }
  const national = phoneDigits(number.formatNational());
  const international = phoneDigits(number.number);
  return {
    spellings: unique([
      typed,
      number.number,
      international,
      number.formatInternational(),
      number.formatInternational().replaceAll(' ', '-'),
      number.formatNational(),
      national,
      ...spelled(national),
    ]),
    digits: new Set([international, national]),
  };
}

/** The digits of a number as somebody wrote it. Pure. */
export function phoneDigits(text: string): string {
  return text.normalize('NFKC').replace(/\D/g, '');
}

function spelled(digits: string): string[] {
  return groupings(digits).flatMap((sizes) => {
    let from = 0;
    const groups = sizes.map((size) => digits.slice(from, (from += size)));
    const [area = '', ...rest] = groups;
    return [groups.join('-'), groups.join(' '), `(${area}) ${rest.join('-')}`];
  });
}

/** How people group a national number: the sizes of the groups. A number that starts with 0 is not North American. */
function groupings(digits: string): number[][] {
  if (digits.length === 11 && digits.startsWith('0')) return [[3, 4, 4]];
  if (digits.length !== 10) return [];
  const threeFirst = [3, 3, 4];
  return digits.startsWith('0') ? [threeFirst, [2, 4, 4]] : [threeFirst];
}

function unique(values: string[]): string[] {
  return [...new Set(values)];
}
