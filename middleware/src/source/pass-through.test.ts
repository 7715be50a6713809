import { companyAmong, isRecordIdName, partAnswers, phoneAmong, plain, toRecordId } from './pass-through';

describe('isRecordIdName', () => {
  it.each([
    'salesforce_id',
    'Salesforce ID',
    'salesforceId',
    'salesforce_uuid',
    'sfid',
    'SFID',
    'salesforce-record-id',
  ])('knows %s', (name) => expect(isRecordIdName(name)).toBe(true));
  it.each(['id', 'salesforce', 'sf', 'customer_id', '__proto__', ''])('passes over %j', (name) =>
    expect(isRecordIdName(name)).toBe(false),
  );
});

describe('toRecordId', () => {
  it.each([
    ['00QAa00000Zz9Yy', '00QAa00000Zz9Yy'],
    [' 00QAa00000Zz9YyXWV ', '00QAa00000Zz9YyXWV'],
    ['00QAa00000Zz9YyXW', null],
    ['00QAa00000Zz9Yyxwv', null],
    ['internationally', null],
    ['00QAa00000Zz9Y-', null],
    ["00QAa00000Zz9' OR", null],
    ['', null],
    [123456789012345, null],
    [null, null],
  ])('reads %j as %j', (value, expected) => {
    expect(toRecordId(value)).toBe(expected);
  });
});

describe('partAnswers', () => {
  it('parts answers, campaign and record id, and keeps the types of answers', () => {
    expect(
      partAnswers([
        ['Budget', 20000],
        ['Rooms', ['kitchen']],
        ['sfid', '00QAa00000Zz9Yy'],
        ['utm_campaign', ' spring '],
        ['UTM-Source', 'news'],
        ['utmMedium', 'mail'],
        ['utm_id', 7],
      ]),
    ).toEqual({
      answers: { Budget: 20000, Rooms: ['kitchen'] },
      campaign: { utm_campaign: 'spring', utm_source: 'news', utm_medium: 'mail', utm_id: '7' },
      recordId: '00QAa00000Zz9Yy',
    });
  });

  it('takes the record id and the campaign also where every answer is a list', () => {
    expect(
      partAnswers([
        ['salesforce_id', ['00Q5g00000AbCdEEAV']],
        ['utm_source', ['newsletter']],
        ['utm_term', ['two', 'words']],
        ['Rooms', ['kitchen']],
      ]),
    ).toEqual({
      recordId: '00Q5g00000AbCdEEAV',
      campaign: { utm_source: 'newsletter' },
      answers: { utm_term: ['two', 'words'], Rooms: ['kitchen'] },
    });
  });

  it.each([
    [
      'takes the first of two answers with one name',
      [
        ['a', 1],
        ['a', 2],
      ],
      { answers: { a: 1 } },
    ],
    [
      'takes the second when the first is empty',
      [
        ['a', ' '],
        ['a', 2],
      ],
      { answers: { a: 2 } },
    ],
    [
      'passes over what says nothing',
      [
        ['a', ''],
        ['b', null],
        ['c', []],
        ['d', {}],
        [' ', 1],
      ],
      {},
    ],
    [
      'keeps false and 0',
      [
        ['a', false],
        ['b', 0],
      ],
      { answers: { a: false, b: 0 } },
    ],
    ['keeps what is no record id as an answer', [['sfid', 'ask my boss']], { answers: { sfid: 'ask my boss' } }],
    [
      'takes the first record id',
      [
        ['sfid', '001Aa0000000001'],
        ['salesforceId', '001Aa0000000002'],
      ],
      { recordId: '001Aa0000000001' },
    ],
    [
      'takes a list of several campaigns for an answer',
      [['utm_campaign', ['a', 'b']]],
      { answers: { utm_campaign: ['a', 'b'] } },
    ],
    ['does not take utmost for a campaign', [['utmost', 'x']], { answers: { utmost: 'x' } }],
  ] as const)('%s', (_title, entries, expected) => {
    expect(partAnswers(entries.map(([name, value]) => [name, value as never]))).toEqual({
      answers: null,
      campaign: null,
      recordId: null,
      ...expected,
    });
  });

  it('keeps names of prototypes as mere names', () => {
    const { answers } = partAnswers([['constructor', 'x']]);
    expect(Object.entries(answers ?? {})).toEqual([['constructor', 'x']]);
  });
});

describe('plain', () => {
  it('drops case and punctuation, and keeps letters of any script', () => {
    expect([plain('Last Name:'), plain('会社・名')]).toEqual(['lastname', '会社名']);
  });
});

describe('companyAmong', () => {
  it.each([
    ['Company', 'Reyes Joinery', 'Reyes Joinery'],
    ['Company name *', ' Reyes Joinery ', 'Reyes Joinery'],
    ['会社名', ['見本株式会社'], '見本株式会社'],
    ['貴社名（必須ではありません）', '見本株式会社', null],
    ['Company size', '11-50', null],
    ['Which company referred you?', 'Reyes Joinery', null],
    ['Company', ['a', 'b'], null],
    ['Company', '', null],
    ['Company', { name: 'x' }, null],
  ])('takes from %j: %j the company %j', (name, value, expected) => {
    expect(companyAmong([[name, value]])).toBe(expected);
  });

  it('takes the first that was answered', () => {
    const entries: [string, string][] = [
      ['Company', ' '],
      ['会社名', 'A'],
      ['Company', 'B'],
    ];
    expect(companyAmong(entries)).toBe('A');
  });
});

describe('phoneAmong', () => {
  it.each([
    ['Phone number', '+234 (0)1 555-0101', '+234 (0)1 555-0101'],
    ['電話番号', ['03-0000-0000'], '03-0000-0000'],
    ['お電話番号', '０３－００００－００００', '０３－００００－００００'],
    ['Mobile', 441234567890, '441234567890'],
    ['Phone number', 'call my office', null],
    ['Phone number', '12345', null],
    ['Phone number', `0${' '.repeat(100)}12345`, null],
    ['Do you prefer phone or video?', '0300000000', null],
  ])('takes from %j: %j the number %j', (name, value, expected) => {
    expect(phoneAmong([[name, value]])).toBe(expected);
  });
});
