import { CallRefusedError, OrgUnavailableError, QueryFailedError, redact } from './errors';

describe('redact', () => {
  it.each([
    [
      'Topic Name: data value too large: Yuki Sato (max length=25)',
      'Topic Name: data value too large: <value> (max length=25)',
    ],
    [
      'Race: bad value for restricted picklist field: Native American',
      'Race: bad value for restricted picklist field: <value>',
    ],
    ['email field: invalid email address: badone', 'email field: invalid email address: <value>'],
    ['Duplicate external id specified: c-901', 'Duplicate external id specified: <value>'],
    [
      'Foreign key external ID: a b@x.jp not found for field Email in entity Contact',
      'Foreign key external ID: <value> not found for field Email in entity Contact',
    ],
    [
      "\nIN ('yuki@ex\n        ^\nERROR at Row:1:Column:43\nsObject type 'Accout' is not supported.",
      "ERROR at Row:1:Column:43\nsObject type 'Accout' is not supported.",
    ],
    [
      "No such column 'Booking_Id__c' on sobject of type Event",
      "No such column 'Booking_Id__c' on sobject of type Event",
    ],
    [
      "No such column 'AccountNumer' on sobject of type Account",
      "No such column 'AccountNumer' on sobject of type Account",
    ],
    ["the customer 'Yuki' is blocked", "the customer '<value>' is blocked"],
    ["it isn't allowed; don't", "it isn't allowed; don't"],
    ['call yuki.sato@example.co.jp or +81 90-1234-5678', 'call <e-mail> or <number>'],
    ['{"LastName":"Sato"}', '{"<value>":"<value>"}'],
    ['see https://example.com/cancel?token=abc', 'see <link>'],
    ['00DdM00000XyZab!AQ4AQFq.1_x refused', '<token> refused'],
    ['Bearer abc.def refused', 'Bearer <token> refused'],
    [
      'Cannot deserialize instance of datetime from VALUE_STRING value Yuki Sato or request may be missing a required field at [line:1, column:179]',
      'Cannot deserialize instance of datetime from VALUE_STRING value <value> or request may be missing a required field at [line:1, column:179]',
    ],
    [
      'duplicate value found: F__c duplicates value on record with id: 00Q58000003tW4u',
      'duplicate value found: F__c duplicates value on record with id: 00Q58000003tW4u',
    ],
    ['Required fields are missing: [Name]', 'Required fields are missing: [Name]'],
    [
      'insufficient access rights on cross-reference id: 0015e00000tW1f0',
      'insufficient access rights on cross-reference id: 0015e00000tW1f0',
    ],
  ])('turns %j into %j', (message, redacted) => {
    expect(redact(message)).toBe(redacted);
  });

  it('leaves nothing of a value that is longer than what is read', () => {
    expect(redact(`Name: data value too large: ${'Yuki Sato '.repeat(3000)} (max length=80)`)).toBe(
      'Name: data value too large: <value>',
    );
    expect(redact(`the customer '${'Yuki Sato '.repeat(3000)}' is blocked`)).toBe("the customer '<value>'");
  });

  it('cuts long texts', () => {
    expect(redact('x '.repeat(1000)).length).toBeLessThanOrEqual(500);
  });

  it('is quick with text made to be slow', () => {
    const startedAt = Date.now();
    for (const text of [
      'a'.repeat(100_000),
      "'".repeat(100_000),
      '@'.repeat(100_000),
      '1 '.repeat(50_000),
      'x@'.repeat(50_000),
    ]) {
      redact(text);
    }
    expect(Date.now() - startedAt).toBeLessThan(2000);
  });
});

describe('thrown errors', () => {
  it('say what to do, and hold no value of a record', () => {
    const unavailable = new OrgUnavailableError({
      code: 'REQUEST_LIMIT_EXCEEDED',
      message: 'TotalRequests Limit exceeded.',
      status: 403,
    });
    expect(unavailable).toMatchObject({
      name: 'OrgUnavailableError',
      class: 'retryLater',
      errorCode: 'REQUEST_LIMIT_EXCEEDED',
      status: 403,
    });
    expect(unavailable.remedy).not.toBe('');
    expect(unavailable.retryAfterMs).toBeUndefined();

    const message = "\nEmail IN ('yuki@example.jp')\n ^\nERROR at Row:1:Column:9\nunexpected token: 'yuki@example.jp'";
    for (const error of [
      new QueryFailedError('contacts', { code: 'MALFORMED_QUERY', message, status: 400 }),
      new CallRefusedError({ code: 'MALFORMED_QUERY', message, status: 400 }),
    ]) {
      expect(JSON.stringify({ ...error, message: error.message, stack: error.stack })).not.toContain('yuki');
    }
  });
});
