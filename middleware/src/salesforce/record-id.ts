const SUFFIX_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/**
 * Whether text can be the id of a record: 15 letters and digits, or 18 whose last three tell the case of the others.
 * Salesforce refuses a whole query for one id that is none, so nothing from outside reaches one unchecked. Pure.
 *
 * @see https://help.salesforce.com/s/articleView?id=000385008
 */
export function isRecordId(text: string): boolean {
  if (/^[A-Za-z0-9]{15}$/.test(text)) return true;
  return /^[A-Za-z0-9]{18}$/.test(text) && text.slice(15) === suffixOf(text.slice(0, 15));
}

/** Each of the three characters stands for five others: a bit is set where one is an upper-case letter. */
function suffixOf(id: string): string {
  return [0, 5, 10]
    .map((start) => {
      const bits = [...id.slice(start, start + 5)].map((character, place) =>
        /[A-Z]/.test(character) ? 1 << place : 0,
      );
      return SUFFIX_ALPHABET.charAt(bits.reduce((sum, bit) => sum + bit, 0));
    })
    .join('');
}
