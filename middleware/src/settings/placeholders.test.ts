import { field } from '../../test/support/schema';
import { convert } from '../salesforce/convert';
import { DEFAULT_PLACEHOLDERS, placeholderFor, placeholderKind, placeholdersSchema } from './placeholders';

const NOW = new Date('2027-03-04T05:06:07.000Z');
const ofType = (type: string, name = 'Any__c') =>
  field(name, { type, length: 255, precision: 18, scale: 2, digits: 8 });

describe('placeholderFor', () => {
  it.each([
    ['currency', '0', 0],
    ['percent', '0', 0],
    ['int', '0', 0],
    ['double', '0', 0],
    ['date', '2027-03-04', '2027-03-04'],
    ['datetime', '2027-03-04T05:06:07.000Z', '2027-03-04T05:06:07.000Z'],
    ['time', '00:00', '00:00:00.000Z'],
    ['email', 'email@example.com', 'email@example.com'],
    ['phone', '1234567890', '1234567890'],
    ['string', 'Unspecified', 'Unspecified'],
    ['textarea', 'Unspecified', 'Unspecified'],
    ['combobox', 'Unspecified', 'Unspecified'],
    ['url', 'http://NA', 'http://NA'],
  ])('of type %s is %s, which the field takes', (type, placeholder, written) => {
    expect(placeholderFor(ofType(type), DEFAULT_PLACEHOLDERS, NOW)).toBe(placeholder);
    expect(convert(placeholder, ofType(type), true)).toEqual({ value: written });
  });

  it.each(['picklist', 'multipicklist', 'reference', 'boolean', 'address', 'location', 'base64', 'id', 'constructor'])(
    'has none for type %s',
    (type) => {
      expect(placeholderFor(ofType(type), DEFAULT_PLACEHOLDERS, NOW)).toBeNull();
    },
  );

  it('gives the two parts of a geolocation theirs', () => {
    const placeholders = { ...DEFAULT_PLACEHOLDERS, geolocation: '35.68, 139.77' };
    expect(placeholderFor(ofType('double', 'Place__Latitude__s'), placeholders, NOW)).toBe('35.68');
    expect(placeholderFor(ofType('double', 'Place__Longitude__s'), placeholders, NOW)).toBe('139.77');
    expect(placeholderKind(ofType('double', 'Place__Latitude__s'))).toBe('geolocation');
    expect(placeholderKind(ofType('double', 'Latitude__c'))).toBe('number');
  });

  it('takes what the admin chose', () => {
    const placeholders = { ...DEFAULT_PLACEHOLDERS, date: '2000-01-01', time: 'now', text: 'n/a' };
    expect(placeholderFor(ofType('date'), placeholders, NOW)).toBe('2000-01-01');
    expect(placeholderFor(ofType('time'), placeholders, NOW)).toBe('05:06');
    expect(placeholderFor(ofType('string'), placeholders, NOW)).toBe('n/a');
  });
});

describe('placeholdersSchema', () => {
  it('takes the defaults', () => {
    expect(placeholdersSchema.parse(DEFAULT_PLACEHOLDERS)).toEqual(DEFAULT_PLACEHOLDERS);
  });

  it.each([
    ['currency', 'much'],
    ['date', 'now'],
    ['datetime', '2027-01-01'],
    ['email', 'nobody'],
    ['geolocation', '1'],
    ['number', ''],
    ['percent', '5 %'],
    ['phone', '1'.repeat(41)],
    ['text', ''],
    ['time', '24:00'],
    ['url', ''],
  ])('refuses for %s "%s"', (kind, value) => {
    const parsed = placeholdersSchema.safeParse({ ...DEFAULT_PLACEHOLDERS, [kind]: value });
    expect(parsed.error?.issues[0]?.path).toEqual([kind]);
  });
});
