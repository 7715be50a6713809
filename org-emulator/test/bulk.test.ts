import { TestOrg, type Answer } from './support';

let org: TestOrg;
beforeEach(async () => {
  org = await TestOrg.start();
});
afterEach(() => org.close());

const CSV = { 'content-type': 'text/csv' };
const open = (job: Record<string, unknown>): Promise<Answer> => org.api('POST', '/jobs/ingest', job);
const jobOf = (id: string): Promise<Answer> => org.api('GET', `/jobs/ingest/${id}`);
const part = async (id: string, name: string): Promise<string> =>
  String((await org.api('GET', `/jobs/ingest/${id}/${name}`)).body);
const close = (id: string, state = 'UploadComplete'): Promise<Answer> =>
  org.api('PATCH', `/jobs/ingest/${id}`, { state });

/** Asks until a job has left the state InProgress. */
async function finished(id: string): Promise<Answer> {
  for (;;) {
    const answer = await jobOf(id);
    if (answer.body.state !== 'InProgress') return answer;
  }
}
/** A job from its opening to its end; answers its id. */
async function load(job: Record<string, unknown>, csv: string): Promise<string> {
  const id = String((await open(job)).body.id);
  expect((await org.api('PUT', `/jobs/ingest/${id}/batches`, csv, CSV)).status).toBe(201);
  await close(id);
  await finished(id);
  return id;
}

describe('a job of Bulk API 2.0', () => {
  it('goes from Open over UploadComplete and InProgress to JobComplete', async () => {
    await org.control('POST', '/settings', { bulkProcessingMs: 150 });
    const opened = await open({ object: 'contact', operation: 'insert' });
    expect(opened.status).toBe(200);
    const { id } = opened.body;
    expect(opened.body).toMatchObject({
      object: 'Contact',
      state: 'Open',
      apiVersion: 67,
      contentUrl: `services/data/v67.0/jobs/ingest/${String(id)}/batches`,
      lineEnding: 'LF',
      columnDelimiter: 'COMMA',
    });
    await org.api('PUT', `/jobs/ingest/${String(id)}/batches`, 'LastName\nSato\n', CSV);
    expect((await close(String(id))).body.state).toBe('UploadComplete');
    expect((await jobOf(String(id))).body).toMatchObject({ state: 'InProgress', numberRecordsProcessed: 0 });
    expect((await finished(String(id))).body).toMatchObject({
      state: 'JobComplete',
      jobType: 'V2Ingest',
      numberRecordsProcessed: 1,
      numberRecordsFailed: 0,
    });
    expect((await org.api('GET', '/jobs/ingest')).body.records).toMatchObject([{ id, state: 'JobComplete' }]);
    expect((await org.api('DELETE', `/jobs/ingest/${String(id)}`)).status).toBe(204);
    expect((await jobOf(String(id))).status).toBe(404);
  });

  it('says of each row what became of it', async () => {
    const id = await load(
      { object: 'Contact', operation: 'insert' },
      'LastName,Title,Email\n"Sato, ""A""",Dr,\n,Mr,\nMori,,nobody\n',
    );
    expect(await part(id, 'successfulResults')).toMatch(
      /^"sf__Id","sf__Created","LastName","Title","Email"\n"003\w{15}","true","Sato, ""A""","Dr",""\n$/,
    );
    expect(await part(id, 'failedResults')).toBe(
      '"sf__Id","sf__Error","LastName","Title","Email"\n' +
        '"","REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --","","Mr",""\n' +
        '"","INVALID_EMAIL_ADDRESS:Email: invalid email address: nobody:Email --","Mori","","nobody"\n',
    );
    expect(await part(id, 'unprocessedrecords')).toBe('"LastName","Title","Email"\n');
    expect((await jobOf(id)).body).toMatchObject({ numberRecordsProcessed: 3, numberRecordsFailed: 2 });
  });

  it('upserts by a key, and refuses a key that stands twice', async () => {
    await org.create('Contact', { LastName: 'Old', Patron_Key__c: 'c-1', Title: 'Dr', Phone: '1' });
    const id = await load(
      { object: 'Contact', operation: 'upsert', externalIdFieldName: 'Patron_Key__c' },
      'Patron_Key__c,LastName,Title,Phone\nC-1,New,#N/A,\nc-2,Two,,\nc-3,Three,,\nC-3,Three,,\n',
    );
    expect(
      (await part(id, 'successfulResults'))
        .split('\n')
        .slice(1, 3)
        .map((line) => line.split(',')[1]),
    ).toEqual(['"false"', '"true"']);
    expect((await part(id, 'failedResults')).match(/Duplicate external id specified/g)).toHaveLength(2);
    const { body } = await org.query('SELECT LastName, Title, Phone FROM Contact ORDER BY LastName');
    expect(body.records).toMatchObject([
      { LastName: 'New', Title: null, Phone: '1' },
      { LastName: 'Two', Title: null, Phone: null },
    ]);
  });

  it('upserts by Id: a row without one is created', async () => {
    const contact = await org.create('Contact', { LastName: 'Old' });
    await load(
      { object: 'Contact', operation: 'upsert', externalIdFieldName: 'Id', columnDelimiter: 'BACKQUOTE' },
      `Id\`LastName\n${contact}\`New\n\`Other\n`,
    );
    const { body } = await org.query('SELECT LastName FROM Contact ORDER BY LastName');
    expect(body.records).toMatchObject([{ LastName: 'New' }, { LastName: 'Other' }]);
  });

  it('updates, deletes, and tells rows apart that are gone', async () => {
    const ids = [await org.create('Contact', { LastName: 'A' }), await org.create('Contact', { LastName: 'B' })];
    await load({ object: 'Contact', operation: 'update' }, `Id,LastName\n${ids.join(',C\n')},C\n`);
    expect((await org.query("SELECT COUNT() FROM Contact WHERE LastName = 'C'")).body.totalSize).toBe(2);
    await org.api('DELETE', `/sobjects/Contact/${String(ids[1])}`);
    const id = await load({ object: 'Contact', operation: 'delete' }, `Id\n${ids.join('\n')}\n`);
    expect(await part(id, 'successfulResults')).toContain(`"${String(ids[0])}","false"`);
    expect(await part(id, 'failedResults')).toContain('ENTITY_IS_DELETED:entity is deleted:--');
  });

  it('relates rows by the keys of their parents, and reads every kind of value', async () => {
    await org.create('Contact', { LastName: 'Sato', Patron_Key__c: 'c-1' });
    const header = 'Subject,StartDateTime,DurationInMinutes,IsPrivate,Contact:Who.Patron_Key__c';
    const id = await load(
      { object: 'Event', operation: 'insert', lineEnding: 'CRLF' },
      [
        header,
        'Intro,2026-12-01T01:00:00Z,30,yes,c-1',
        'Intro,2026-12-01T01:00:00Z,half,no,c-1',
        'Intro,tomorrow,30,0,c-1',
        'Intro,2026-12-01T01:00:00Z,30,false,c-9',
        '',
      ].join('\r\n'),
    );
    expect((await org.query('SELECT Who.Name, IsPrivate FROM Event')).body.records).toMatchObject([
      { Who: { Name: 'Sato' }, IsPrivate: true },
    ]);
    const errors = (await part(id, 'failedResults')).match(/"[A-Z_]+:[^"]*--"/g);
    expect(errors).toEqual([
      '"INVALID_TYPE_ON_FIELD_IN_RECORD:Duration: value not of required type: half:DurationInMinutes --"',
      expect.stringMatching(
        /^"INVALID_TYPE_ON_FIELD_IN_RECORD:.*: value not of required type: tomorrow:StartDateTime --"$/,
      ),
      '"INVALID_FIELD:Foreign key external ID: c-9 not found for field Patron_Key__c in entity Contact:--"',
    ]);
  });

  it('runs no assignment rule by itself, and obeys duplicate rules', async () => {
    const [host] = org.emulator.users.standard;
    await org.control('POST', '/settings', {
      assignmentRules: { Lead: host },
      duplicateRules: [{ sobject: 'Contact', action: 'alert' }],
    });
    const lead = { object: 'Lead', operation: 'insert' };
    await load(lead, 'LastName,Company\nSato,A\n');
    await load({ ...lead, assignmentRuleId: '01Q000000000001AAA' }, 'LastName,Company\nMori,A\n');
    expect((await org.query('SELECT OwnerId FROM Lead ORDER BY LastName')).body.records).toMatchObject([
      { OwnerId: host },
      { OwnerId: org.emulator.adminUserId },
    ]);
    const csv = 'LastName,Email\nSato,a@example.com\n';
    await load({ object: 'Contact', operation: 'insert' }, csv);
    const again = await load({ object: 'Contact', operation: 'insert' }, csv);
    expect(await part(again, 'failedResults')).toContain('DUPLICATES_DETECTED:Use one of these records?:--');
  });

  it.each([
    ['an unknown column', 'Nope__c\nx\n', {}, 'InvalidBatch : Field name not found : Nope__c'],
    [
      'a type where the lookup has one target',
      'Account:Account.Name\nx\n',
      {},
      'InvalidBatch : type is not needed for non polymorphic foreign key references: Account',
    ],
    [
      'another line ending',
      'LastName\r\nx\r\n',
      {},
      'ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is LF',
    ],
    ['quotes that do not close', 'LastName\n"x\n', {}, 'InvalidBatch : Failed to parse CSV: '],
  ])('fails whole for %s, and gives its rows back', async (_what, csv, fields, message) => {
    const id = await load({ object: 'Contact', operation: 'insert', ...fields }, csv);
    const { body } = await jobOf(id);
    expect(body.state).toBe('Failed');
    expect(body.errorMessage).toContain(message);
    expect(await part(id, 'unprocessedrecords')).toBe(csv);
    expect((await org.query('SELECT COUNT() FROM Contact')).body.totalSize).toBe(0);
  });

  it.each([
    [{ object: 'Nope', operation: 'insert' }, 'INVALIDJOB', 'InvalidJob : Unable to find object: Nope'],
    [
      { object: 'Contact', operation: 'upsert' },
      'INVALIDJOB',
      'InvalidJob : External ID was blank for Contact. An External ID must be specified for upsert.',
    ],
    [
      { object: 'Contact', operation: 'upsert', externalIdFieldName: 'Title' },
      'INVALIDJOB',
      'InvalidJob : Field name provided, Title does not match an External ID for Contact',
    ],
    [{ object: 'Contact', operation: '' }, 'API_ERROR', "Invalid value: '' supplied for property: 'operation'"],
    [
      { object: 'Contact', operation: 'hardDelete' },
      'INVALIDJOB',
      'InvalidJob : hardDelete operation requires special user profile permission, please contact your system administrator',
    ],
  ])('is refused as %j', async (job, errorCode, message) => {
    expect(await open(job)).toMatchObject({ status: 400, body: [{ errorCode, message }] });
  });

  it('takes one upload, one close, and an abort before its end', async () => {
    const id = String((await open({ object: 'Contact', operation: 'insert' })).body.id);
    const put = (): Promise<Answer> => org.api('PUT', `/jobs/ingest/${id}/batches`, 'LastName\nSato\n', CSV);
    await put();
    expect((await put()).body[0].message).toMatch(/^Found multiple contents for job: <750\w{12}>/);
    expect((await org.api('DELETE', `/jobs/ingest/${id}`)).body[0].errorCode).toBe('INVALIDJOBSTATE');
    await org.control('POST', '/settings', { bulkProcessingMs: 30 });
    await close(id);
    expect((await close(id, 'Aborted')).body.state).toBe('Aborted');
    expect((await close(id)).body[0].errorCode).toBe('INVALIDJOBSTATE');
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect((await jobOf(id)).body.state).toBe('Aborted');
    expect((await org.query('SELECT COUNT() FROM Contact')).body.totalSize).toBe(0);
  });

  it('saves 200 rows at a time, which faults of automation and locks strike', async () => {
    const effect = { automationLimit: { maxRows: 199 } };
    await org.control('POST', '/faults', { match: { sobject: 'Contact', method: 'PATCH' }, effect });
    const rows = Array.from({ length: 250 }, (_, n) => `Name ${n}`).join('\n');
    const id = await load({ object: 'Contact', operation: 'insert' }, `LastName\n${rows}\n`);
    expect((await jobOf(id)).body).toMatchObject({ numberRecordsProcessed: 250, numberRecordsFailed: 200 });
  });

  it('counts every request, and follows the rights of its user', async () => {
    const before = (await org.control('GET', '/calls')).body.apiCalls as number;
    const id = String((await open({ object: 'Contact', operation: 'insert' })).body.id);
    await org.api('PUT', `/jobs/ingest/${id}/batches`, 'LastName\nSato\n', CSV);
    await close(id);
    expect((await org.control('GET', '/calls')).body.apiCalls).toBe(before + 3);
    const robot = org.as(org.emulator.users.integration);
    const refused = await robot.api('POST', '/jobs/ingest', { object: 'Contact', operation: 'insert' });
    expect(refused.body[0].message).toBe('InvalidJob : Unable to find object: Contact');
    const nobody = await org.api('GET', `/jobs/ingest/${id}`, undefined, { authorization: 'Bearer x' });
    expect(nobody).toMatchObject({ status: 401, body: [{ errorCode: 'INVALID_SESSION_ID' }] });
  });
});

describe('a job of Bulk API 1.0', () => {
  const call = (method: string, path: string, body?: string, session = org.emulator.accessToken): Promise<Answer> =>
    org.request(method, `/services/async/60.0${path}`, body, {
      'content-type': path.endsWith('/batch') ? 'text/csv' : 'application/xml',
      'x-sfdc-session': session,
    });
  const tag = (answer: Answer, name: string): string | undefined =>
    new RegExp(`<${name}>([^<]*)</${name}>`).exec(String(answer.body))?.[1];
  const job = (content: string): string =>
    `<?xml version="1.0"?><jobInfo xmlns="http://www.force.com/2009/06/asyncapi/dataload">${content}</jobInfo>`;
  const LEADS = job('<operation>insert</operation><object>Lead</object><contentType>CSV</contentType>');

  it('processes each batch at once and tells its results', async () => {
    const opened = await call('POST', '/job', LEADS);
    expect([opened.status, tag(opened, 'state'), tag(opened, 'apiVersion')]).toEqual([201, 'Open', '60.0']);
    const path = `/job/${String(tag(opened, 'id'))}`;
    const queued = await call('POST', `${path}/batch`, 'LastName,Company\nSato,Acme\nMori,\n');
    expect([queued.status, tag(queued, 'state')]).toEqual([201, 'Queued']);
    const batch = `${path}/batch/${String(tag(queued, 'id'))}`;
    while (tag(await call('GET', batch), 'state') === 'InProgress');
    expect(tag(await call('GET', batch), 'numberRecordsFailed')).toBe('1');
    expect((await call('GET', `${batch}/result`)).body).toMatch(
      /^"Id","Success","Created","Error"\n"00Q\w{15}","true","true",""\n"","false","false","REQUIRED_FIELD_MISSING:Required fields are missing: \[Company\]:Company --"\n$/,
    );
    const closed = await call('POST', path, job('<state>Closed</state>'));
    expect([tag(closed, 'state'), tag(closed, 'numberBatchesCompleted')]).toEqual(['Closed', '1']);
    expect(tag(await call('POST', `${path}/batch`, 'LastName\nx\n'), 'exceptionCode')).toBe('InvalidJobState');
  });

  it('fails a batch whose columns it does not know', async () => {
    const path = `/job/${String(tag(await call('POST', '/job', LEADS), 'id'))}/batch`;
    const batch = `${path}/${String(tag(await call('POST', path, 'Nope\nx\n'), 'id'))}`;
    while (tag(await call('GET', batch), 'state') === 'InProgress');
    expect(tag(await call('GET', batch), 'stateMessage')).toBe('InvalidBatch : Field name not found : Nope');
  });

  it('refuses in its own form', async () => {
    const stranger = await call('POST', '/job', LEADS, 'nobody');
    expect([stranger.status, tag(stranger, 'exceptionCode'), tag(stranger, 'exceptionMessage')]).toEqual([
      400,
      'InvalidSessionId',
      'Invalid session id',
    ]);
    const upsert = await call('POST', '/job', job('<operation>upsert</operation><object>Contact</object>'));
    expect([tag(upsert, 'exceptionCode'), tag(upsert, 'exceptionMessage')]).toEqual([
      'InvalidJob',
      'External ID was blank for Contact. An External ID must be specified for upsert.',
    ]);
    const path = `/job/${String(tag(await call('POST', '/job', LEADS), 'id'))}`;
    expect(tag(await call('POST', `${path}/batch`, ''), 'exceptionCode')).toBe('ClientInputError');
    expect(tag(await call('GET', '/job/750000000000000AAA'), 'exceptionCode')).toBe('InvalidJob');
    await org.control('POST', '/faults', { match: { path: '/async/' }, effect: { rowLock: true } });
    const batch = `${path}/batch/${String(tag(await call('POST', `${path}/batch`, 'LastName,Company\na,b\n'), 'id'))}`;
    while (tag(await call('GET', batch), 'state') === 'InProgress');
    expect((await call('GET', `${batch}/result`)).body).toContain('UNABLE_TO_LOCK_ROW');
  });
});

it('is forgotten by a reset', async () => {
  const id = await load({ object: 'Event', operation: 'insert' }, 'Subject\nx\n');
  await org.control('POST', '/reset');
  expect((await jobOf(id)).status).toBe(404);
});
