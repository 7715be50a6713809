import { results, row, TestOrg, visit } from './support';

let org: TestOrg;
beforeEach(async () => {
  org = await TestOrg.start();
});
afterEach(() => org.close());

describe('a converted lead', () => {
  it('becomes account, contact and opportunity; its events move and change hands', async () => {
    const [host] = org.emulator.users.standard;
    const lead = await org.create('Lead', {
      LastName: 'Sato',
      Company: 'Acme',
      Email: 'a@example.com',
      Patron_Key__c: 'c-1',
    });
    const mine = await org.create('Event', visit({ WhoId: lead, StartDateTime: '2026-01-01T00:00:00Z' }));
    const theirs = await org.create('Event', visit({ WhoId: lead, OwnerId: org.emulator.users.standard[1] }));
    const { body } = await org.control('POST', '/convert-lead', {
      leadId: lead,
      ownerId: host,
      opportunityName: 'Deal',
    });
    expect(body).toMatchObject({
      accountId: expect.stringMatching(/^001/),
      contactId: expect.stringMatching(/^003/),
      opportunityId: expect.stringMatching(/^006/),
    });
    const events = await org.query('SELECT Id, WhoId, WhatId, AccountId, OwnerId FROM Event ORDER BY StartDateTime');
    const moved = { WhoId: body.contactId, WhatId: body.opportunityId, AccountId: body.accountId };
    expect(events.body.records).toMatchObject([
      { Id: mine, ...moved, OwnerId: host },
      { Id: theirs, ...moved, OwnerId: org.emulator.users.standard[1] },
    ]);
    const read = await org.query(`SELECT IsConverted, ConvertedContactId FROM Lead WHERE Id = '${lead}'`);
    expect(read.body.records).toMatchObject([{ IsConverted: true, ConvertedContactId: body.contactId }]);
    expect((await org.query(`SELECT Email, Patron_Key__c FROM Contact`)).body.records).toMatchObject([
      { Email: 'a@example.com', Patron_Key__c: null },
    ]);
  });

  it('leaves WhatId blank without an opportunity, and can be changed or referred to no more', async () => {
    const lead = await org.create('Lead', { LastName: 'Sato', Company: 'Acme' });
    const event = await org.create('Event', visit({ WhoId: lead }));
    await org.control('POST', '/convert-lead', { leadId: lead });
    expect((await org.api('GET', `/sobjects/Event/${event}`)).body).toMatchObject({
      WhatId: null,
      WhoId: expect.stringMatching(/^003/),
    });
    const refusal = {
      status: 400,
      body: [{ errorCode: 'CANNOT_UPDATE_CONVERTED_LEAD', message: 'cannot reference converted lead' }],
    };
    expect(await org.api('PATCH', `/sobjects/Lead/${lead}`, { Title: 'Dr' })).toMatchObject(refusal);
    expect(await org.api('POST', '/sobjects/Event', visit({ WhoId: lead }))).toMatchObject(refusal);
    expect((await org.control('POST', '/convert-lead', { leadId: lead })).status).toBe(400);
    expect((await org.control('POST', '/convert-lead', { leadId: 'x' })).status).toBe(400);
  });

  it('takes its campaign membership along', async () => {
    const lead = await org.create('Lead', { LastName: 'Sato', Company: 'Acme' });
    const CampaignId = await org.create('Campaign', { Name: 'Fair' });
    await org.create('CampaignMember', { CampaignId, LeadId: lead });
    const { body } = await org.control('POST', '/convert-lead', { leadId: lead });
    expect((await org.query('SELECT ContactId FROM CampaignMember')).body.records).toMatchObject([
      { ContactId: body.contactId },
    ]);
  });
});

describe('a merged contact', () => {
  it('is found in the bin with the master’s id; its events point to the master', async () => {
    const master = await org.create('Contact', { LastName: 'Sato' });
    const loser = await org.create('Contact', { LastName: 'Satoh', Patron_Key__c: 'c-1' });
    const event = await org.create('Event', visit({ WhoId: loser }));
    expect((await org.control('POST', '/merge', { masterId: master, loserIds: [loser] })).status).toBe(204);
    expect((await org.api('GET', `/sobjects/Event/${event}`)).body.WhoId).toBe(master);
    expect(
      (await org.query(`SELECT IsDeleted, MasterRecordId FROM Contact WHERE Id = '${loser}'`, 'queryAll')).body.records,
    ).toMatchObject([{ IsDeleted: true, MasterRecordId: master }]);
    expect((await org.api('PATCH', `/sobjects/Contact/${loser}`, { Title: 'x' })).status).toBe(404);
    const again = await org.api('POST', '/sobjects/Event', visit({ Who: row('Contact', { Patron_Key__c: 'c-1' }) }));
    expect(again.body[0].message).toBe(
      'Foreign key external ID: c-1 not found for field Patron_Key__c in entity Contact',
    );
    expect((await org.control('POST', '/merge', { masterId: master, loserIds: [loser] })).status).toBe(400);
  });
});

describe('the recycle bin', () => {
  it('gives a record back, until it is emptied', async () => {
    const id = await org.create('Event', visit({ Visit_Key__c: 'v' }));
    await org.api('DELETE', `/sobjects/Event/${id}`);
    expect((await org.control('POST', '/undelete', { ids: [id] })).status).toBe(204);
    expect((await org.api('GET', `/sobjects/Event/${id}`)).status).toBe(200);
    expect((await org.control('POST', '/undelete', { ids: [id] })).body.error).toBe('UNDELETE_FAILED');
    await org.api('DELETE', `/sobjects/Event/${id}`);
    expect((await org.control('POST', '/empty-bin', {})).body).toEqual({ removed: 1 });
    expect((await org.api('PATCH', `/sobjects/Event/${id}`, { Subject: 'x' })).body[0].errorCode).toBe(
      'INVALID_CROSS_REFERENCE_KEY',
    );
  });

  it('does not give back a record whose unique key is taken', async () => {
    const id = await org.create('Event', visit({ Visit_Key__c: 'v' }));
    await org.api('DELETE', `/sobjects/Event/${id}`);
    await org.create('Event', visit({ Visit_Key__c: 'v' }));
    expect((await org.control('POST', '/undelete', { ids: [id] })).body.error).toBe('DUPLICATE_VALUE');
  });
});

describe('campaign members', () => {
  it('belong to a campaign once, with one of its statuses', async () => {
    const CampaignId = await org.create('Campaign', { Name: 'Fair' });
    const ContactId = await org.create('Contact', { LastName: 'Sato' });
    const id = await org.create('CampaignMember', { CampaignId, ContactId, Status: 'Responded' });
    expect((await org.api('GET', `/sobjects/CampaignMember/${id}`)).body).toMatchObject({
      HasResponded: true,
      LastName: 'Sato',
      Type: 'Contact',
    });
    expect(await org.api('POST', '/sobjects/CampaignMember', { CampaignId, ContactId })).toMatchObject({
      status: 400,
      body: [{ message: 'Already a campaign member.', errorCode: 'DUPLICATE_VALUE' }],
    });
    expect((await org.api('PATCH', `/sobjects/CampaignMember/${id}`, { Status: 'Nope' })).status).toBe(400);
    expect((await org.api('PATCH', `/sobjects/CampaignMember/${id}`, { ContactId })).body[0].errorCode).toBe(
      'INVALID_FIELD_FOR_INSERT_UPDATE',
    );
  });
});

describe('automation', () => {
  it('that bears three rows fails all of four, and none of three', async () => {
    await org.control('POST', '/faults', {
      match: { sobject: 'Contact' },
      effect: { automationLimit: { maxRows: 3 } },
    });
    const save = async (count: number): Promise<boolean[]> => {
      const records = Array.from({ length: count }, () => row('Contact', { LastName: 'Sato' }));
      const answer = await org.api('POST', '/composite/sobjects', { records });
      const failed = results(answer).find(({ success }) => !success);
      if (failed) expect(failed.errors[0]?.message).toContain('System.LimitException: Apex CPU time limit exceeded');
      return results(answer).map(({ success }) => success);
    };
    expect(await save(4)).toEqual([false, false, false, false]);
    expect(await save(3)).toEqual([true, true, true]);
  });

  it('refuses every row with an error of the test’s own', async () => {
    const rowError = { statusCode: 'CANNOT_EXECUTE_FLOW_TRIGGER', message: 'the process failed' };
    await org.control('POST', '/faults', { match: { sobject: 'Lead' }, effect: { rowError } });
    expect((await org.api('POST', '/sobjects/Lead', { LastName: 'Sato', Company: 'Acme' })).body[0].errorCode).toBe(
      'CANNOT_EXECUTE_FLOW_TRIGGER',
    );
    expect((await org.api('POST', '/sobjects/Contact', { LastName: 'Sato' })).status).toBe(201);
  });

  it('refuses the rows whose fields have certain values, alone and among others', async () => {
    const rowError = {
      statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
      message: 'Ask first.',
      fields: ['Title'],
      where: { Title: 'vip', Department: null },
    };
    await org.control('POST', '/faults', { match: { sobject: 'Contact' }, effect: { rowError } });
    const records = ['VIP', 'Dr'].map((Title) => row('Contact', { LastName: 'Sato', Title }));
    const [vip, other] = results(await org.api('POST', '/composite/sobjects', { records }));
    expect(vip?.errors).toEqual([
      { statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Ask first.', fields: ['Title'] },
    ]);
    expect(other?.success).toBe(true);
    const path = `/sobjects/Contact/${String(other?.id)}`;
    expect((await org.api('PATCH', path, { Title: 'VIP' })).body[0].errorCode).toBe(
      'FIELD_CUSTOM_VALIDATION_EXCEPTION',
    );
    expect((await org.api('PATCH', path, { Title: 'VIP', Department: 'Sales' })).status).toBe(204);
  });

  it('takes longer with more rows', async () => {
    await org.control('POST', '/faults', { effect: { latency: { baseMs: 10, perRowMs: 20 } } });
    const startedAt = Date.now();
    await org.api('POST', '/composite/sobjects', {
      records: Array.from({ length: 5 }, () => row('Contact', { LastName: 'Sato' })),
    });
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(105);
  });
});
