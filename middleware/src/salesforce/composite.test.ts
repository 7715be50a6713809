import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  checkComposite,
  createRows,
  deleteRows,
  describeRequest,
  isQueryOrCollection,
  MAX_ROWS,
  queryRequest,
  readRecords,
  readRows,
  updateRows,
  upsertRow,
  upsertRows,
  type CompositeRequest,
} from './composite';
import { QueryFailedError, TooManyRowsError } from './errors';

const DIRECTORIES = [
  join(__dirname, '../../test/fixtures/salesforce/errors'),
  join(__dirname, '../../../../shared/salesforce/errors'),
].filter((directory) => existsSync(directory));
const recorded = (directory: string, name: string): unknown =>
  JSON.parse(readFileSync(join(directory, `${name}.json`), 'utf8'));

const CAREFUL = { 'Sforce-Auto-Assign': 'FALSE', 'Sforce-Duplicate-Rule-Header': 'allowSave=false' };
const row = (type: string, values: object = {}) => ({ attributes: { type }, ...values });
const answer = (status: number, body: unknown) => ({ referenceId: 'rows', status, body });

describe('builders', () => {
  it('ask a query, percent-encoded', () => {
    const soql = "SELECT Id FROM Contact WHERE Email IN ('a+b@x.jp','O\\'Brien & 50%')";
    const request = queryRequest('contacts', soql);
    expect(request).toEqual({
      method: 'GET',
      referenceId: 'contacts',
      path: "/query?q=SELECT%20Id%20FROM%20Contact%20WHERE%20Email%20IN%20('a%2Bb%40x.jp'%2C'O%5C'Brien%20%26%2050%25')",
    });
    expect(new URL(request.path, 'https://x').searchParams.get('q')).toBe(soql);
    expect(queryRequest('events', soql, { all: true }).path).toMatch(/^\/queryAll\?q=/);
    expect(() => queryRequest('long', 'x'.repeat(100_001))).toThrow(RangeError);
  });

  it('upsert rows of one object, type first, key kept', () => {
    const request = upsertRows('persons', 'Contact', 'Booking_Customer_Id__c', [
      { Booking_Customer_Id__c: 'c-1', LastName: 'Sato' },
    ]);
    expect(JSON.stringify(request)).toBe(
      JSON.stringify({
        method: 'PATCH',
        path: '/composite/sobjects/Contact/Booking_Customer_Id__c',
        referenceId: 'persons',
        httpHeaders: CAREFUL,
        body: {
          allOrNone: false,
          records: [{ attributes: { type: 'Contact' }, Booking_Customer_Id__c: 'c-1', LastName: 'Sato' }],
        },
      }),
    );
  });

  it.each<[string, Record<string, unknown>[]]>([
    ['no rows', []],
    ['too many rows', Array.from({ length: MAX_ROWS + 1 }, (_, index) => ({ Key__c: `k${index}` }))],
    ['a key twice, whatever its case', [{ Key__c: 'a' }, { Key__c: 'A' }]],
    ['a row without key', [{ Key__c: 'a' }, { Name: 'b' }]],
    ['an empty key', [{ Key__c: '' }]],
  ])('refuse to upsert %s', (_, rows) => {
    expect(() => upsertRows('rows', 'Contact', 'Key__c', rows)).toThrow(RangeError);
  });

  it('update by id, type first, whatever the order of the row', () => {
    const { body, method, path } = updateRows('events', [
      { Subject: 'Intro', Id: '00U1', attributes: { type: 'Event' } },
    ]);
    expect([method, path]).toEqual(['PATCH', '/composite/sobjects']);
    expect(JSON.stringify(body)).toBe(
      '{"allOrNone":false,"records":[{"attributes":{"type":"Event"},"Subject":"Intro","id":"00U1"}]}',
    );
  });

  it('create, and delete', () => {
    expect(createRows('members', [row('CampaignMember', { CampaignId: '7011' })])).toMatchObject({
      method: 'POST',
      path: '/composite/sobjects',
      httpHeaders: CAREFUL,
    });
    expect(deleteRows('twins', ['00U1', '00U2'])).toEqual({
      method: 'DELETE',
      path: '/composite/sobjects?ids=00U1,00U2&allOrNone=false',
      referenceId: 'twins',
    });
    expect(() => deleteRows('none', [])).toThrow(RangeError);
  });

  it('take ten runs of rows of a type, not eleven', () => {
    const alternating = (count: number) =>
      Array.from({ length: count }, (_, index) => row(index % 2 ? 'Lead' : 'Contact'));
    expect(() => createRows('rows', alternating(10))).not.toThrow();
    expect(() => createRows('rows', alternating(11))).toThrow(/10 runs/);
  });

  it('upsert a single row without key and attributes in the body', () => {
    const built = {
      ...row('Event'),
      Booking_Id__c: 'oh:1/2 é',
      Subject: 'Intro',
      Who: row('Contact', { Key__c: 'c' }),
    };
    expect(upsertRow('event', 'Event', 'Booking_Id__c', built.Booking_Id__c, built)).toEqual({
      method: 'PATCH',
      path: '/sobjects/Event/Booking_Id__c/oh%3A1%2F2%20%C3%A9',
      referenceId: 'event',
      httpHeaders: CAREFUL,
      body: { Subject: 'Intro', Who: { attributes: { type: 'Contact' }, Key__c: 'c' } },
    });
    for (const key of ['', '.', '..']) expect(() => upsertRow('event', 'Event', 'Key__c', key, {})).toThrow(RangeError);
  });

  it('hand over to assignment and duplicate rules when told to', () => {
    const options = { autoAssign: true, allowDuplicates: true };
    const headers = { 'Sforce-Auto-Assign': 'TRUE', 'Sforce-Duplicate-Rule-Header': 'allowSave=true' };
    expect(upsertRow('lead', 'Lead', 'Key__c', 'k', {}, options).httpHeaders).toEqual(headers);
    expect(createRows('leads', [row('Lead')], options).httpHeaders).toEqual(headers);
  });
});

describe('checkComposite', () => {
  const describes = (count: number): CompositeRequest[] =>
    Array.from({ length: count }, (_, index) => describeRequest(`d${index}`, 'Event'));
  const queries = (count: number): CompositeRequest[] =>
    Array.from({ length: count }, (_, index) => queryRequest(`q${index}`, 'SELECT Id FROM Event'));

  it.each([
    ['25 subrequests', describes(25)],
    ['five queries and 20 others', [...queries(5), ...describes(20)]],
    ['five queries and single rows', [...queries(5), upsertRow('row', 'Lead', 'K__c', 'k', {})]],
  ])('takes %s', (_, requests) => {
    expect(() => checkComposite(requests)).not.toThrow();
  });

  it.each([
    ['none', []],
    ['26 subrequests', describes(26)],
    ['six queries', queries(6)],
    ['four queries and two collections', [...queries(4), deleteRows('a', ['1']), createRows('b', [row('Lead')])]],
    ['a reference id twice', [describeRequest('d', 'Event'), describeRequest('d', 'Lead')]],
    ['a reference id with a dot', [describeRequest('d.1', 'Event')]],
    ['a reference id that starts with a digit', [describeRequest('1d', 'Event')]],
  ])('refuses %s', (_, requests) => {
    expect(() => checkComposite(requests)).toThrow(RangeError);
  });

  it('knows which subrequests take one of the five places', () => {
    expect(isQueryOrCollection(queryRequest('q', 'x', { all: true }))).toBe(true);
    expect(isQueryOrCollection(deleteRows('d', ['1']))).toBe(true);
    expect(isQueryOrCollection(describeRequest('d', 'Event'))).toBe(false);
    expect(isQueryOrCollection(upsertRow('r', 'Lead', 'K__c', 'k', {}))).toBe(false);
  });
});

describe('readRows', () => {
  it('reads a collection upsert', () => {
    const body = [
      { id: '0031', success: true, errors: [], created: true },
      { id: '0032', success: true, errors: [], created: false },
      {
        success: false,
        created: true,
        errors: [{ statusCode: 'STRING_TOO_LONG', message: 'm', fields: ['LastName'] }],
      },
    ];
    expect(readRows(answer(200, body), 3)).toEqual([
      { success: true, id: '0031', created: true },
      { success: true, id: '0032', created: false },
      { success: false, errors: [{ code: 'STRING_TOO_LONG', message: 'm', fields: ['LastName'] }] },
    ]);
  });

  it.each([
    [
      'created',
      201,
      { id: '0031', success: true, errors: [], created: true },
      { success: true, id: '0031', created: true },
    ],
    [
      'created without saying so',
      201,
      { id: '0031', success: true, errors: [] },
      { success: true, id: '0031', created: null },
    ],
    ['updated without a body', 204, null, { success: true, id: '', created: null }],
    [
      'answered with success and refused in the body',
      200,
      { id: null, success: false, errors: [{ errorCode: 'X', message: 'm' }] },
      { success: false, errors: [{ code: 'X', message: 'm', fields: [] }] },
    ],
  ])('reads a single row that was %s', (_, status, body, result) => {
    expect(readRows(answer(status, body), 1)).toEqual([result]);
  });

  it('gives the error of a subrequest that failed as a whole to each row', () => {
    const body = [{ errorCode: 'INVALID_TYPE', message: 'm' }];
    const error = { success: false, errors: [{ code: 'INVALID_TYPE', message: 'm', fields: [] }] };
    expect(readRows(answer(400, body), 3)).toEqual([error, error, error]);
  });

  it.each([
    ['a web page', '<html></html>'],
    ['nothing', null],
    ['an unknown shape', { a: 1 }],
    ['an empty list', []],
  ])('gives each row the status when the refusal is %s', (_, body) => {
    expect(readRows(answer(503, body), 2)).toEqual(
      Array.from({ length: 2 }, () => ({
        success: false,
        errors: [{ code: 'ERROR_HTTP_503', message: '', fields: [] }],
      })),
    );
  });

  it('never takes a row for written, refused or absent of which the answer says nothing', () => {
    const unknown = { success: false, errors: [{ code: 'NO_RESULT_FOR_ROW', message: '', fields: [] }] };
    const written = { id: '0031', success: true, errors: [] };
    expect(readRows(answer(200, [written]), 2)).toEqual([{ success: true, id: '0031', created: null }, unknown]);
    expect(readRows(answer(200, []), 1)).toEqual([unknown]);
    expect(readRows(answer(200, 'odd'), 1)).toEqual([unknown]);
    expect(readRows(answer(200, [null, { success: true }, { success: false, errors: [] }]), 3)).toEqual([
      unknown,
      unknown,
      unknown,
    ]);
    expect(readRows(answer(200, [written, written]), 1)).toHaveLength(1);
  });

  it.each(['duplicateResut', 'duplicateResult'])('finds the ids of duplicates under %s', (key) => {
    const matchResults = [
      {
        entityType: 'Contact',
        matchRecords: [
          { record: { attributes: { type: 'Contact' }, Id: '0031' } },
          { record: { attributes: { type: 'Lead' }, Id: '00Q1' } },
          { record: {} },
        ],
      },
      { entityType: 'Lead', matchRecords: [{ record: { Id: '00Q2' } }] },
    ];
    const [result] = readRows(
      answer(400, [{ [key]: { matchResults }, errorCode: 'DUPLICATES_DETECTED', message: 'm' }]),
      1,
    );
    expect(result).toMatchObject({
      errors: [
        {
          code: 'DUPLICATES_DETECTED',
          duplicateIds: [
            { sobject: 'Contact', id: '0031' },
            { sobject: 'Lead', id: '00Q1' },
            { sobject: 'Lead', id: '00Q2' },
          ],
        },
      ],
    });
  });

  describe.each(DIRECTORIES)('over %s', (directory) => {
    it('reads duplicates with their ids', () => {
      const [result] = readRows(answer(400, recorded(directory, 'duplicates_detected')), 1);
      expect(result).toMatchObject({
        success: false,
        errors: [{ code: 'DUPLICATES_DETECTED', duplicateIds: [{ sobject: 'Contact', id: '0038M0000016Wv8QAE' }] }],
      });
    });

    it('reads several records under one key', () => {
      const [result] = readRows(answer(300, recorded(directory, 'multiple_choices_300')), 1);
      expect(result).toMatchObject({
        errors: [
          {
            code: 'MULTIPLE_CHOICES',
            duplicateIds: [
              { sobject: 'Whizbang', id: 'foo' },
              { sobject: 'Whizbang', id: 'bar' },
            ],
          },
        ],
      });
    });

    it.each([200, 400])('reads a rolled-back collection row by row under status %s', (status) => {
      const results = readRows(answer(status, recorded(directory, 'collections.all_or_none_rolled_back')), 2);
      expect(results.map((result) => !result.success && result.errors[0]?.code)).toEqual([
        'REQUIRED_FIELD_MISSING',
        'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      ]);
    });

    it('reads the good row beside the bad one', () => {
      expect(readRows(answer(200, recorded(directory, 'collections.invalid_email_address')), 2)).toMatchObject([
        { success: true, id: '0034S000005YJVlQAO' },
        { success: false, errors: [{ code: 'INVALID_EMAIL_ADDRESS', fields: ['email_field__c'] }] },
      ]);
    });
  });
});

describe('readRecords', () => {
  it('gives what was found, also when that is nothing', () => {
    const records = [{ attributes: { type: 'Contact' }, Id: '0031' }];
    expect(readRecords(answer(200, { totalSize: 1, done: true, records }))).toEqual(records);
    expect(readRecords(answer(200, { totalSize: 0, done: true, records: [] }))).toEqual([]);
  });

  it.each([
    ['refused', 400, [{ errorCode: 'INVALID_TYPE', message: 'm' }], 'INVALID_TYPE'],
    ['answered without records', 200, null, 'ERROR_HTTP_200'],
    ['answered with a web page', 503, '<html>', 'ERROR_HTTP_503'],
  ])('throws when the query was %s: could not look is never nobody found', (_, status, body, errorCode) => {
    const read = (): unknown => readRecords(answer(status, body));
    expect(read).toThrow(QueryFailedError);
    expect(read).toThrow(expect.objectContaining({ errorCode, referenceId: 'rows' }));
  });

  it('throws when there is another page', () => {
    const read = (): unknown =>
      readRecords(answer(200, { totalSize: 2500, done: false, nextRecordsUrl: '/x', records: [{}] }));
    expect(read).toThrow(TooManyRowsError);
    expect(read).toThrow(expect.objectContaining({ totalSize: 2500, class: 'tooMuch' }));
  });
});
