import { field, picklist } from '../../test/support/schema';
import { convert, cutAt, isSame, isSupportedType, textOf } from './convert';
import type { FieldSchema } from './schema';

type FieldValue = string | number | boolean | null;

const ofType = (type: string, more: Partial<FieldSchema> = {}) => field('Any__c', { type, length: 0, ...more });
const text = (length: number) => field('Any__c', { length });

describe('convert', () => {
  it.each<[string, unknown, FieldSchema, FieldValue]>([
    ['text', ' Anna ', text(255), 'Anna'],
    ['a number as text', 5, text(255), '5'],
    ['a list as text', ['one', 'two'], text(255), 'one, two'],
    ['text of unbounded length', 'Anna', ofType('string'), 'Anna'],
    ['text into a combobox', 'Call', ofType('combobox', { length: 255 }), 'Call'],
    ['text into an open picklist', 'Anything', picklist('Any__c', ['Hot'], { restricted: false }), 'Anything'],
    ['a value of a picklist', 'Hot', picklist('Any__c', ['Hot']), 'Hot'],
    ['a value of a picklist in another case', 'HOT', picklist('Any__c', ['hot', 'Hot']), 'hot'],
    ['the value in its own case first', 'Hot', picklist('Any__c', ['hot', 'Hot']), 'Hot'],
    ['one value of a multi-select picklist', 'Hot', { ...picklist('Any__c', ['Hot']), type: 'multipicklist' }, 'Hot'],
    [
      'a list of a multi-select picklist',
      ['hot', 'Cold'],
      { ...picklist('Any__c', ['Hot', 'Cold']), type: 'multipicklist' },
      'Hot;Cold',
    ],
    [
      'a list in Salesforce form',
      'Hot; Cold;',
      { ...picklist('Any__c', ['Hot', 'Cold'], { restricted: false }), type: 'multipicklist' },
      'Hot;Cold',
    ],
    ['an e-mail', ' Anna@Example.com ', ofType('email', { length: 80 }), 'Anna@Example.com'],
    ['a phone number', '+81 3 1234', ofType('phone', { length: 40 }), '+81 3 1234'],
    ['an id', '003000000000001AAA', ofType('reference', { length: 18 }), '003000000000001AAA'],
    ['yes', 'Yes', ofType('boolean'), true],
    ['true', true, ofType('boolean'), true],
    ['off', 'off', ofType('boolean'), false],
    ['false', false, ofType('boolean'), false],
    ['a whole number', '42', ofType('int', { digits: 8 }), 42],
    ['a decimal number', '-4.25', ofType('double', { precision: 18, scale: 2 }), -4.25],
    ['an amount', 50, ofType('currency', { precision: 18, scale: 2 }), 50],
    ['nought', 0, ofType('percent', { precision: 18, scale: 2 }), 0],
    ['an amount as it is typed', '$ 1,200.50', ofType('currency', { precision: 18, scale: 2 }), 1200.5],
    ['an amount with its currency', '30 EUR', ofType('currency', { precision: 18, scale: 2 }), 30],
    ['a percentage', '12.5 %', ofType('percent', { precision: 18, scale: 2 }), 12.5],
    ['a number with thousands', '12,345,678', ofType('int', { digits: 9 }), 12_345_678],
    ['a time of day', '9:30', ofType('time'), '09:30:00.000Z'],
    ['a time of day in the afternoon', '9:30 pm', ofType('time'), '21:30:00.000Z'],
    ['midnight by the twelve-hour clock', '12:05 AM', ofType('time'), '00:05:00.000Z'],
    ['a time as Salesforce writes it', '09:30:15.000Z', ofType('time'), '09:30:15.000Z'],
    ['a web address', 'https://example.com/a', ofType('url', { length: 255 }), 'https://example.com/a'],
    ['a date', '2026-10-07', ofType('date'), '2026-10-07'],
    ['an instant as a date in UTC', '2026-10-07T23:30:00-05:00', ofType('date'), '2026-10-08'],
    ['an instant', '2026-10-07T04:30:00+09:00', ofType('datetime'), '2026-10-06T19:30:00.000Z'],
    ['a date as an instant', '2026-10-07', ofType('datetime'), '2026-10-07T00:00:00.000Z'],
    ['nothing', undefined, text(255), null],
    ['null', null, text(255), null],
    ['blank text', '  ', ofType('int'), null],
    ['an empty list', [], text(255), null],
  ])('takes %s', (_title, value, schema, expected) => {
    expect(convert(value, schema, false)).toEqual({ value: expected });
  });

  it.each<[string, unknown, FieldSchema, string]>([
    ['text that is too long', 'Anna', text(3), "is longer than the field's 3 characters"],
    ['a value that the picklist lacks', 'Warm', picklist('Any__c', ['Hot']), 'is no active value of the picklist'],
    [
      'a value that is switched off',
      'Cold',
      picklist('Any__c', ['Hot'], { inactive: ['Cold'] }),
      'is no active value of the picklist',
    ],
    [
      'a list with a value that the picklist lacks',
      ['Hot', 'Warm'],
      { ...picklist('Any__c', ['Hot']), type: 'multipicklist' },
      'is no active value of the picklist',
    ],
    ['an e-mail without a domain', 'anna@localhost', ofType('email', { length: 80 }), 'is no e-mail address'],
    ['an e-mail that is too long', `${'a'.repeat(80)}@example.com`, ofType('email', { length: 80 }), 'is longer than'],
    ['perhaps', 'perhaps', ofType('boolean'), 'is neither yes nor no'],
    ['words as a number', 'about ten', ofType('int', { digits: 8 }), 'is no number'],
    ['Infinity as a number', 'Infinity', ofType('double'), 'is no number'],
    ['a fraction as a whole number', '4.5', ofType('int', { digits: 8 }), 'is no whole number'],
    ['a whole number of too many digits', '123456789', ofType('int', { digits: 8 }), 'has more than 8 digits'],
    ['an amount of too many digits', 12345, ofType('currency', { precision: 6, scale: 2 }), 'has more than 4 digits'],
    ['a comma that may be a decimal one', '1,5', ofType('double'), 'is no number'],
    ['a hexadecimal number', '0x10', ofType('double'), 'is no number'],
    ['a currency in a plain number', '$5', ofType('double'), 'is no number'],
    ['an hour that no day has', '24:00', ofType('time'), 'is no time of day'],
    ['an hour that no clock face has', '13:00 PM', ofType('time'), 'is no time of day'],
    ['an instant as a time of day', '2026-10-07T10:00:00Z', ofType('time'), 'is no time of day'],
    ['a name as a lookup', 'Acme', ofType('reference', { length: 18 }), 'is no record id'],
    ['a word as a date', 'Room 12', ofType('date'), 'is no date'],
    ['a number as a date', 5, ofType('datetime'), 'is no date'],
    ['a day that no month has', '2026-02-31', ofType('date'), 'is no date'],
    ['a time that no day has', '2026-02-28T25:00:00Z', ofType('datetime'), 'is no date'],
    ['a time without a zone: it is nobody knows whose', '2026-10-07T10:00:00', ofType('datetime'), 'is no date'],
    ['anything into a type that is not written', 'x', ofType('base64'), 'fields of type base64 cannot be written'],
  ])('refuses %s', (_title, value, schema, problem) => {
    const converted = convert(value, schema, false);
    expect(converted).toEqual({ problem: expect.stringContaining(problem) });
    // A problem goes into logs of decisions: never the value itself.
    expect(JSON.stringify(converted)).not.toContain(textOf(value));
  });

  it.each<[string, FieldSchema, string]>([
    ['Anna', text(3), 'Ann'],
    ['Anna', text(4), 'Anna'],
    ['An😀', text(3), 'An'],
    ['+81 3 1234', ofType('phone', { length: 5 }), '+81 3'],
  ])('cuts %s where the rule says so', (value, schema, expected) => {
    expect(convert(value, schema, true)).toEqual({ value: expected });
  });
});

describe('isSupportedType', () => {
  it.each([
    ['string', true],
    ['multipicklist', true],
    ['time', true],
    ['reference', true],
    ['base64', false],
    ['location', false],
    ['address', false],
    ['anyType', false],
  ])('%s: %s', (type, expected) => {
    expect(isSupportedType(type)).toBe(expected);
    const converted = convert('5', ofType(type), false);
    expect('problem' in converted && converted.problem.includes('cannot be written')).toBe(!expected);
  });
});

describe('cutAt', () => {
  it.each([
    ['Anna', 10, 'Anna'],
    ['Anna', 2, 'An'],
    ['😀😀', 3, '😀'],
    ['😀', 1, ''],
  ])('cuts %s at %d as %j', (value, length, expected) => {
    expect(cutAt(value, length)).toBe(expected);
  });
});

describe('isSame', () => {
  it.each<[unknown, FieldValue, string | undefined, boolean]>([
    ['Anna', 'Anna', 'string', true],
    ['Anna', 'anna', 'string', false],
    [null, null, 'string', true],
    [undefined, null, 'string', true],
    ['', null, 'string', true],
    [null, 'Anna', 'string', false],
    ['2026-10-07T04:30:00.000+0000', '2026-10-07T04:30:00.000Z', 'datetime', true],
    ['2026-10-07T04:30:00.000+0000', '2026-10-07T04:31:00.000Z', 'datetime', false],
    ['2026-10-07T04:30:00.000+0000', '2026-10-07T04:30:00.000Z', 'string', false],
    [null, '2026-10-07T04:30:00.000Z', 'datetime', false],
    [5, 5, 'double', true],
    [false, false, 'boolean', true],
    [false, null, 'boolean', false],
  ])('%j and %j of type %s: %s', (actual, desired, type, expected) => {
    expect(isSame(actual, desired, type)).toBe(expected);
  });
});

describe('textOf', () => {
  it.each<[unknown, string | null]>([
    ['Anna', 'Anna'],
    ['', null],
    [null, null],
    [undefined, null],
    [0, '0'],
    [false, 'false'],
    [['a', '', null, 2], 'a, 2'],
    [[], null],
    [{ a: 1 }, '{"a":1}'],
  ])('reads %j as %j', (json, expected) => {
    expect(textOf(json)).toBe(expected);
  });
});
