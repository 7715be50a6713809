import { addMinutes, isSameEmail, toEmail, toGuests, toInstant, toKey, toPayment, toTimeZone, toUrl } from './values';

describe('toInstant', () => {
  it.each([
    ['2027-03-02T09:00:00Z', '2027-03-02T09:00:00.000Z'],
    ['2027-03-02T10:00:00+01:00', '2027-03-02T09:00:00.000Z'],
    ['2027-03-01T23:30:00.5-09:30', '2027-03-02T09:00:00.500Z'],
    [' 2027-03-02T09:00:00.123456Z ', '2027-03-02T09:00:00.123Z'],
    ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['2027-02-29T00:00:00Z', null],
    ['2027-03-02T25:00:00Z', null],
    ['2027-03-02T09:00:00', null],
    ['2027-03-02', null],
    ['2 March 2027', null],
    ['1969-12-31T23:59:59Z', null],
    ['4000-01-01T00:00:00Z', null],
    ['9999-12-31T23:59:59-01:00', null],
    ['', null],
    [1803110400, null],
    [null, null],
    [undefined, null],
    [{ date: '2027-03-02T09:00:00Z' }, null],
    [`2027-03-02T09:00:00.${'0'.repeat(100_000)}Z`, null],
  ])('reads %j as %j', (value, expected) => {
    expect(toInstant(value)).toBe(expected);
  });
});

describe('addMinutes', () => {
  it.each([
    [45, '2027-03-02T09:45:00.000Z'],
    [0.5, '2027-03-02T09:00:30.000Z'],
    [5e-324, null],
    [0, null],
    [-15, null],
    [1e9, null],
    [Number.NaN, null],
  ])('adds %j minutes', (minutes, expected) => {
    expect(addMinutes('2027-03-02T09:00:00.000Z', minutes)).toBe(expected);
  });
});

describe('toEmail', () => {
  it.each([
    [' Ada.B@Visitor.example ', 'Ada.B@Visitor.example'],
    ['花子@例え.example', '花子@例え.example'],
    ['not an e-mail', null],
    ['two@at@signs.example', null],
    ['@visitor.example', null],
    ['', null],
    [`${'a'.repeat(400)}@visitor.example`, null],
    [['ada@visitor.example'], null],
    [null, null],
  ])('reads %j as %j', (value, expected) => {
    expect(toEmail(value)).toBe(expected);
  });
});

describe('isSameEmail', () => {
  it('passes over case and spaces around, and takes nobody for nobody', () => {
    expect(isSameEmail('Ada@visitor.example ', 'ada@VISITOR.example')).toBe(true);
    expect(isSameEmail(null, null)).toBe(false);
  });
});

describe('toGuests', () => {
  it('keeps the first spelling of each, without those who are known already', () => {
    expect(toGuests(['B@x.example', null, 'b@x.example', 'A@x.example', 'c@x.example'], ['a@x.example', null])).toEqual(
      [{ email: 'B@x.example' }, { email: 'c@x.example' }],
    );
  });

  it('takes 100,000 e-mails in its stride', () => {
    const many = Array.from({ length: 100_000 }, (_, index) => `guest${index}@x.example`);
    expect(toGuests(many, many.slice(1))).toHaveLength(1);
  });
});

describe('toUrl', () => {
  it.each([
    [' https://meet.example/a?b=c ', 'https://meet.example/a?b=c'],
    ['HTTP://meet.example', 'HTTP://meet.example'],
    ['javascript:alert(1)', null],
    ['https://', null],
    ['https://meet.example/a b', null],
    ['meet.example', null],
    ['', null],
    [`https://meet.example/${'a'.repeat(4000)}`, null],
    [null, null],
  ])('reads %j as %j', (value, expected) => {
    expect(toUrl(value)).toBe(expected);
  });
});

describe('toTimeZone', () => {
  it.each([
    ['Asia/Tokyo', 'Asia/Tokyo'],
    ['America/Argentina/Ushuaia', 'America/Argentina/Ushuaia'],
    ['Etc/GMT+9', 'Etc/GMT+9'],
    ['UTC', 'UTC'],
    ['(GMT-5) Eastern time', null],
    ['', null],
    [9, null],
  ])('reads %j as %j', (value, expected) => {
    expect(toTimeZone(value)).toBe(expected);
  });
});

describe('toKey', () => {
  it.each([
    [' BKNG-1 ', 'BKNG-1'],
    ['a:b', null],
    ['a b', null],
    ['キー', null],
    ['', null],
    ['k'.repeat(151), null],
    [91, null],
  ])('reads %j as %j', (value, expected) => {
    expect(toKey(value)).toBe(expected);
  });
});

describe('toPayment', () => {
  it.each([
    ['turns cents into euros', 12550, 'eur', { amount: 125.5, currency: 'EUR', reference: 'r' }],
    ['leaves yen as they are', 5000, 'JPY', { amount: 5000, currency: 'JPY', reference: 'r' }],
    ['takes nothing paid for no payment', 0, 'eur', null],
    ['takes an unknown amount for no payment', null, 'eur', null],
    ['takes an odd currency for no payment', 100, 'euros', null],
  ])('%s', (_title, amount, currency, expected) => {
    expect(toPayment(amount, currency, 'r')).toEqual(expected);
  });
});
