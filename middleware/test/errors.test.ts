import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Call } from 'org-emulator';
import { closeGate, DEFAULT_TEAM, openGate, retry } from '../src/admin/admin';
import { replan } from '../src/admin/replan';
import { importSettings } from '../src/admin/settings';
import type { Parts } from '../src/booking/outcome';
import { retryParked } from '../src/booking/status.store';
import { DEFAULT_SETTINGS, type Settings } from '../src/settings/settings';
import { startConnector, type Connector } from './support/connector';
import { orgActions, type OrgActions } from './support/org-actions';
import { describeOnEmbedded } from './support/postgres';

const CREATED = readFileSync(join(__dirname, 'fixtures/source/calcom/BOOKING_CREATED.json'), 'utf8');
const EVENTS = 'SELECT Id, WhoId, Subject, Event_Status__c, IsDeleted, Booking_Id__c FROM Event';
/** Rows are refused as by a user who may not write the field. */
const NO_FIELD_RIGHT = {
  statusCode: 'INVALID_FIELD_FOR_INSERT_UPDATE',
  message: 'Unable to create/update fields: Rating. Please check the security settings of this field.',
  fields: ['Rating'],
};
const LOCKED = { statusCode: 'UNABLE_TO_LOCK_ROW', message: 'unable to obtain exclusive access to this record' };
/** A field that the look for a person asks for. */
const HIDDEN = 'lead.booking_customer_id__c';
/** No test waits for this: who has to wait so long is woken. */
const PAUSE_MS = 60_000;

/** A Cal.com body about a visitor of this test alone, to come in 2030. */
function body(visitor: string, more: Record<string, unknown> = {}): { payload: Record<string, unknown> } {
  const { payload, ...rest } = JSON.parse(
    CREATED.replaceAll(/"(uid|rescheduleUid|iCalUID)":\s*"([^"]*)"/g, `"$1":"${visitor}"`),
  ) as { payload: Record<string, unknown> & { attendees: { email: string }[] } };
  const text = JSON.stringify(payload).replaceAll(payload.attendees[0]?.email ?? '', `${visitor}@example.test`);
  const at = { startTime: '2030-03-01T04:30:00Z', endTime: '2030-03-01T05:00:00Z', uid: visitor };
  return { ...rest, payload: { ...(JSON.parse(text) as Record<string, unknown>), ...at, ...more } };
}

describeOnEmbedded('when Salesforce refuses', (database) => {
  let connector: Connector;
  let org: OrgActions;
  beforeAll(async () => {
    connector = await startConnector(database);
    org = orgActions(connector);
  }, 60_000);
  afterAll(() => connector.stop());
  afterEach(async () => {
    await org.clearFaults();
    // A test that failed in a pause must not fail the others.
    if (lane()?.state === 'paused') await resume();
  });

  const book = async (visitor: string, more: Record<string, unknown> = {}): Promise<void> => {
    expect((await connector.sendCalcom(body(visitor, more))).status).toBe(202);
  };
  const eventOf = async (visitor: string) =>
    (await connector.settled(`${EVENTS} WHERE Booking_Id__c = 'cal:${visitor}'`))[0];
  const personOf = async (visitor: string, sobject = 'Lead') =>
    (await connector.settled(`SELECT Id FROM ${sobject} WHERE Email = '${visitor}@example.test'`))[0]?.Id;
  const partsOf = async (visitor: string): Promise<Parts> => {
    const { rows } = await connector.app.admin.store.query<{ parts: Parts }>(
      'select parts from booking where root_key = $1',
      [visitor],
    );
    return rows[0]?.parts ?? {};
  };
  const logOf = async (visitor: string): Promise<Parts[]> => {
    const { rows } = await connector.app.admin.store.query<{ parts: Parts }>(
      'select l.parts from booking_log l join booking b on b.id = l.booking_id where b.root_key = $1 order by l.id',
      [visitor],
    );
    return rows.map(({ parts }) => parts);
  };
  /** What the first turn came to that found the org other than it had read it. */
  const LOOKED_AGAIN = { state: 'waiting', looks: 1 };
  const decide = (rules: Partial<Settings['rules']>, more: Partial<Settings> = {}) => {
    const all = { ...DEFAULT_SETTINGS.rules, fallbackOwner: connector.emulator.username, ...rules };
    return importSettings(connector.app.admin, {
      document: { ...DEFAULT_SETTINGS, ...more, rules: all },
      author: 'test',
    });
  };
  const lane = () => connector.app.admin.laneStates()['main'];
  const until = async (isSo: () => unknown): Promise<void> => {
    for (const end = Date.now() + 15_000; !(await isSo()); await sleep(20))
      if (Date.now() > end) throw new Error('That did not come true within 15 s.');
  };
  const paused = () => until(() => lane()?.state === 'paused');
  const resume = () => retry(connector.app.admin, { bookingId: null });
  const composites = async () => (await connector.calls()).calls.filter(({ path }) => path.includes('/composite'));
  const kindOf = ({ subrequests }: Call): string => {
    if (subrequests.some(({ method }) => method !== 'GET')) return 'write';
    return subrequests.some(({ url }) => url.endsWith('/describe')) ? 'describe' : 'read';
  };
  /** As if the schema had been asked for long ago. */
  const forgetCheck = () =>
    connector.app.admin.store.query(`update org set schema_checked_at = now() - interval '1 hour'`);

  describe('a row for what strikes the whole org', () => {
    it('pauses and says why, writes what can be written, and goes on where it stopped', async () => {
      const contact = await org.create('Contact', { LastName: 'Known', Email: 'org-known@example.test' });
      const fault = { statusCode: 'STORAGE_LIMIT_EXCEEDED', message: 'storage limit exceeded' };
      await org.fault({ match: { path: '/composite', sobject: 'Lead' }, effect: { rowError: fault } });
      await closeGate(connector.app.admin);
      await book('org-known');
      await book('org-new');
      await connector.resetCalls();
      await openGate(connector.app.admin, { backlog: true });
      await paused();
      expect(lane()).toMatchObject({
        cause: expect.stringContaining('storage'),
        remedy: expect.stringContaining('Delete records'),
      });
      expect(await connector.query(`${EVENTS} WHERE WhoId = '${contact}'`)).toHaveLength(1);
      const waiting = await partsOf('org-new');
      expect(waiting).toMatchObject({ person: { state: 'waiting', isRetried: true } });

      await book('org-third');
      await sleep(300);
      // Read and write, and nothing sent again to an org that refuses every row.
      expect((await composites()).map(kindOf).filter((kind) => kind !== 'describe')).toEqual(['read', 'write']);

      await org.clearFaults();
      await resume();
      expect(await eventOf('org-new')).toBeDefined();
      expect(await eventOf('org-third')).toBeDefined();
      expect(lane()?.state).not.toBe('paused');
    });

    it('pauses when the package’s fields are out of sight, without parking anything', async () => {
      const AssigneeId = connector.emulator.adminUserId;
      const assigned = await connector.query(
        `SELECT Id, PermissionSetId FROM PermissionSetAssignment WHERE AssigneeId = '${AssigneeId}'`,
      );
      for (const { Id } of assigned) await org.remove('PermissionSetAssignment', Id);
      connector.emulator.org.changeSettings({});
      await book('no-package');
      await until(() => lane()?.cause?.includes('package'));
      expect(await partsOf('no-package')).toEqual({});

      for (const { PermissionSetId } of assigned)
        await org.create('PermissionSetAssignment', { AssigneeId, PermissionSetId });
      connector.emulator.org.changeSettings({});
      await resume();
      expect(await eventOf('no-package')).toBeDefined();
    });
  });

  describe('rows for a field that the user may not write', () => {
    it(
      'parks 200 of them with two further calls at most, and lets them go when another one is written',
      async () => {
        const visitors = Array.from({ length: 200 }, (_, index) => `scoped-${index}`);
        const fault = await org.fault({
          match: { path: '/composite', sobject: 'Lead' },
          effect: { rowError: NO_FIELD_RIGHT },
        });
        await closeGate(connector.app.admin);
        for (let start = 0; start < visitors.length; start += 20)
          await Promise.all(visitors.slice(start, start + 20).map((visitor) => book(visitor)));
        await connector.resetCalls();
        await openGate(connector.app.admin, { backlog: true });
        await connector.idle();
        const parked = await connector.app.admin.store.query(
          `select parts->'person'->>'code' as code, parts->'person'->>'class' as class, count(*)::int as count
         from booking where root_key like 'scoped-%' group by 1, 2`,
        );
        expect(parked.rows).toEqual([{ code: NO_FIELD_RIGHT.statusCode, class: 'scoped', count: 200 }]);
        // One read, one write, and one row alone for all of them.
        expect((await composites()).length).toBeLessThanOrEqual(4);

        await org.request('DELETE', `/__emulator__/faults/${fault}`);
        await book('scoped-mended');
        await connector.idle();
        await until(async () => (await eventOf('scoped-0')) !== undefined);
        await connector.idle();
        const events = await connector.query(`${EVENTS} WHERE Booking_Id__c LIKE 'cal:scoped-%'`);
        expect(events).toHaveLength(201);
        expect(new Set(events.map(({ WhoId }) => WhoId)).size).toBe(201);
      },
      PAUSE_MS,
    );

    it('tries them again when the schema changes, which is asked for rarely and cheaply', async () => {
      await org.fault({ match: { path: '/composite', sobject: 'Lead' }, effect: { rowError: NO_FIELD_RIGHT } });
      await book('schema');
      await connector.idle();
      expect(await partsOf('schema')).toMatchObject({
        person: { state: 'parked', class: 'scoped', schemaStamp: expect.any(String) },
      });
      await org.clearFaults();

      // It was read a short while ago: nothing is asked.
      await connector.resetCalls();
      await resumeWithoutRetry();
      await sleep(200);
      expect(await composites()).toEqual([]);

      await forgetCheck();
      await resumeWithoutRetry();
      await until(async () => (await composites()).length > 0);
      await sleep(200);
      const asked = await composites();
      expect(asked).toHaveLength(1);
      // Each describe without its body, what the org is called, and whether the users are still there.
      const statuses = asked.flatMap(({ subrequests }) => subrequests.map(({ status }) => status));
      expect(statuses).toEqual([...Array<number>(statuses.length - 2).fill(304), 200, 200]);
      expect(await partsOf('schema')).toMatchObject({ person: { state: 'parked' } });

      connector.emulator.org.schema.touch();
      await forgetCheck();
      await resumeWithoutRetry();
      await until(async () => (await partsOf('schema')).event?.state === 'written');
      expect(await eventOf('schema')).toBeDefined();
    });

    it('looks at the org anew before they are tried again, though the lane is at work just then', async () => {
      await org.fault({ match: { path: '/composite', sobject: 'Lead' }, effect: { rowError: NO_FIELD_RIGHT } });
      await book('right-back');
      await until(async () => (await partsOf('right-back'))['person']?.state === 'parked');
      await org.clearFaults();
      await connector.idle();
      await connector.resetCalls();
      // A booking comes between what the admin's "retry" writes and what it wakes.
      await retryParked(connector.app.admin.store, { teamId: DEFAULT_TEAM, bookingId: null }, new Date());
      await book('right-back-other');
      await until(async () => (await partsOf('right-back')).event?.state === 'written');
      expect((await composites()).map(kindOf)).toContain('describe');
      // The other one's calls are not to be met by whoever comes next.
      await connector.idle();
    });

    /** The next step of the lane, without making anything due. */
    const resumeWithoutRetry = () => openGate(connector.app.admin, { backlog: true });
  });

  describe('a row because the org is not as it was read', () => {
    const WRITE = { path: '/composite$', nth: 2 };

    it('goes on with the Contact of a Lead that is converted between read and write', async () => {
      const lead = await org.create('Lead', { LastName: 'Lead', Company: 'X', Email: 'convert@example.test' });
      await org.whileHeld(
        WRITE,
        () => book('convert'),
        () => org.request('POST', '/__emulator__/convert-lead', { leadId: lead }),
      );
      const event = await eventOf('convert');
      expect(event?.WhoId).toBe(await personOf('convert', 'Contact'));
      expect(await logOf('convert')).toMatchObject([{ person: LOOKED_AGAIN }, { event: { state: 'written' } }]);
    });

    it('makes a person anew who is deleted between read and write', async () => {
      const lead = await org.create('Lead', { LastName: 'Lead', Company: 'X', Email: 'gone@example.test' });
      await org.whileHeld(
        WRITE,
        () => book('gone'),
        () => org.remove('Lead', lead),
      );
      const event = await eventOf('gone');
      expect(event?.WhoId).toMatch(/^00Q/);
      expect(event?.WhoId).not.toBe(lead);
      expect(await logOf('gone')).toMatchObject([{ person: LOOKED_AGAIN }, { event: { state: 'written' } }]);
    });

    it('does not make an Event anew that is deleted while it is changed', async () => {
      await book('event-gone');
      const event = await eventOf('event-gone');
      const change = body('event-gone', { title: 'Another title' });
      await org.whileHeld(
        { path: '/composite$', nth: 1 },
        () => connector.sendCalcom({ ...change, triggerEvent: 'BOOKING_RESCHEDULED' }),
        () => org.remove('Event', event?.Id),
      );
      await connector.idle();
      expect(await connector.query(`${EVENTS} WHERE Booking_Id__c = 'cal:event-gone'`)).toMatchObject([
        { Id: event?.Id, IsDeleted: true },
      ]);
      expect(await partsOf('event-gone')).toMatchObject({ event: { state: 'notWanted' } });
    });

    it('waits for a human after it has looked twice, however often it was told so', async () => {
      const deleted = { statusCode: 'ENTITY_IS_DELETED', message: 'entity is deleted' };
      const rows = { match: { path: '/composite', sobject: 'Event' }, effect: { rowError: deleted } };
      await org.fault(rows);
      await connector.resetCalls();
      await book('hopeless');
      await connector.idle();
      expect(await partsOf('hopeless')).toMatchObject({
        person: { state: 'written' },
        event: { state: 'parked', class: 'booking', code: 'ENTITY_IS_DELETED' },
      });
      const writes = (await composites()).filter(({ subrequests }) =>
        subrequests.some(({ method }) => method === 'PATCH'),
      );
      expect(writes).toHaveLength(3);
    });
  });

  it('a query, settles nothing and writes nothing: could not look is not nobody found', async () => {
    const { schema } = connector.emulator.org;
    const granted = schema.permissionSets.flatMap((set) => {
      const rights = set.fields.get(HIDDEN);
      return rights === undefined ? [] : [{ set, rights }];
    });
    const hide = (isHidden: boolean): void => {
      for (const { set, rights } of granted) {
        if (isHidden) set.fields.delete(HIDDEN);
        else set.fields.set(HIDDEN, rights);
      }
      connector.emulator.org.changeSettings({});
    };
    await book('before-no-look');
    await connector.idle();
    await connector.resetCalls();
    hide(true);
    await book('no-look');
    await paused();
    hide(false);
    expect(await eventOf('no-look')).toBeDefined();
    const calls = await composites();
    expect(calls.map(kindOf)).toEqual(['read', 'describe', 'read', 'write']);
    expect(calls[0]?.subrequests.map(({ status }) => status)).toContain(400);
    expect(await logOf('no-look')).toHaveLength(1);
  });

  it('what is between records for a moment, tries it again though all else is written', async () => {
    const campaignId = await org.create('Campaign', { Name: 'Autumn' });
    await decide({ campaignMember: { campaignId, status: null } });
    // What was parked before is tried again with the new settings, and must not meet the fault.
    await connector.idle();
    await org.fault({
      match: { path: '/composite', sobject: 'CampaignMember', times: 1 },
      effect: { rowError: LOCKED },
    });
    await book('member');
    const event = await eventOf('member');
    expect((await logOf('member')).map(({ relations }) => relations?.state)).toEqual(['waiting', 'written']);
    const members = await connector.query(`SELECT LeadId FROM CampaignMember WHERE CampaignId = '${campaignId}'`);
    expect(members.filter(({ LeadId }) => LeadId === event?.WhoId)).toHaveLength(1);
    await decide({});
  });

  it('writes future bookings as the present settings say when they are planned anew, and past ones not', async () => {
    await book('replan-past', { startTime: '2020-03-01T04:30:00Z', endTime: '2020-03-01T05:00:00Z' });
    await book('replan-future');
    const page = String(body('replan-future').payload['eventTypeId']);
    await connector.idle();
    const Event = [
      ...DEFAULT_SETTINGS.mappings.Event.filter(({ field }) => field !== 'Subject'),
      { field: 'Subject', text: 'Planned anew', cut: true },
    ];
    await decide({}, { mappings: { ...DEFAULT_SETTINGS.mappings, Event } });
    await connector.idle();
    expect((await eventOf('replan-future'))?.Subject).not.toBe('Planned anew');

    expect(await replan(connector.app.admin, { page: 'cal:another' })).toEqual({ replanned: 0 });
    const { replanned } = await replan(connector.app.admin, { page: `cal:${page}` });
    expect(replanned).toBeGreaterThan(0);
    expect((await eventOf('replan-future'))?.Subject).toBe('Planned anew');
    expect((await eventOf('replan-past'))?.Subject).not.toBe('Planned anew');
    await expect(replan(connector.app.admin, { page: 'nonsense' })).rejects.toThrow('<source id>:<page id>');
  });
});
