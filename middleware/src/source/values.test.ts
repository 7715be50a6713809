import { Problems } from './body';
import {
  addMinutes,
  isSameEmail,
  timesOf,
  toEmail,
  toGuests,
  toInstant,
  toKey,
  toPayment,
  toPaymentInMajorUnits,
  toTimeZone,
  toUrl,
} from './values';

describe('toInstant', () => {
  it.each([
    ['2027-03-02T09:00:00Z', '2027-03-02T09:00:00.000Z'],
    ['2027-03-02T10:00:00+01:00', '2027-03-02T09:00:00.000Z'],
    ['2027-03-01T23:30:00.5-09:30', '2027-03-02T09:00:00.500Z'],
    [' 2027-03-02T09:00:00.123456Z ', '2027-03-02T09:00:00.123Z'],
    ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['2027-02-29T00:00:00Z', null],
    ['2027-12-28T23:59:59.999Z', '2027-12-28T23:59:59.999Z'],
    ['2028-02-29T00:00:00.000Z', '2028-02-29T00:00:00.000Z'],
    ['2027-02-29T00:00:00.000Z', null],
    ['2027-13-01T00:00:00.000Z', null],
    ['2027-03-02T24:00:00.000Z', null],
    ['1969-12-31T23:59:59.999Z', null],
    ['4000-01-01T00:00:00.000Z', null],
    ['2027-03-02T09:00:00.000Z\n', '2027-03-02T09:00:00.000Z'],
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

describe('toPaymentInMajorUnits', () => {
  it.each([
    [49.5, 'usd', { amount: 49.5, currency: 'USD', reference: 'r' }],
    [5000, 'JPY', { amount: 5000, currency: 'JPY', reference: 'r' }],
    [0, 'USD', null],
    [-1, 'USD', null],
    [null, 'USD', null],
    [5, null, null],
    [5, 'US$', null],
  ])('reads %j %j as %j', (amount, currency, expected) => {
    expect(toPaymentInMajorUnits(amount, currency, 'r')).toEqual(expected);
  });
});

describe('timesOf', () => {
  const [START, END] = ['2027-03-02T09:00:00Z', '2027-03-02T09:45:00Z'];
  const TIMES = { startsAt: '2027-03-02T09:00:00.000Z', endsAt: '2027-03-02T09:45:00.000Z' };
  const read = (holder: Record<string, string | number>, isRequired = true) => {
    const problems = new Problems();
    const times = timesOf(holder, { start: 'from', end: 'to', minutes: 'length' }, 'a.', isRequired, problems);
    return times ?? problems.errors.map(({ field }) => field);
  };
  it.each([
    ['both', { from: START, to: END }, TIMES],
    ['a start and a length', { from: START, length: 45 }, TIMES],
    ['an end before a length', { from: START, to: END, length: 60 }, TIMES],
    ['no start', { to: END, length: 45 }, ['a.from']],
    ['no end', { from: START }, ['a.to']],
    ['an end at the start', { from: START, to: START }, ['a.to']],
    ['nothing', {}, ['a.from', 'a.to']],
  ])('reads %s', (_title, holder, expected) => {
    expect(read(holder)).toEqual(expected);
    if (Array.isArray(expected)) expect(read(holder, false)).toEqual([]);
  });
});
