import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openGate, retry } from '../src/admin/admin';
import { carryOutCommand, type OrderResult } from '../src/admin/orders/orders';
import { importSettings } from '../src/admin/settings';
import type { Parts } from '../src/booking/outcome';
import { DEFAULT_SETTINGS, type Settings } from '../src/settings/settings';
import { startConnector, type Connector } from './support/connector';
import { orgActions, type OrgActions } from './support/org-actions';
import { describeOnEmbedded } from './support/postgres';
import { signIn } from './support/visitor';

const CREATED = readFileSync(join(__dirname, 'fixtures/source/calcom/BOOKING_CREATED.json'), 'utf8');
/** The API name of the field in permission sets: deployed with the package, so seen through them only. */
const REASON = 'cancel_reschedule_reason__c';

type Drift = OrderResult<'listDrift'>['drift'];

describeOnEmbedded('the watch over an org', (database) => {
  let connector: Connector;
  let org: OrgActions;

  beforeAll(async () => {
    const deploy = [join(__dirname, 'fixtures/salesforce/record-types')];
    connector = await startConnector(database, { gate: false, deploy });
    org = orgActions(connector);
    await decide();
    await openGate(connector.app.admin, { backlog: true });
    await until(async () => (await looks()) !== null);
  }, 60_000);
  afterAll(() => connector.stop());

  /** Lets a change of the schema be seen; its ETag changes with it. */
  const changed = (): void => {
    connector.emulator.org.forgetAccess();
    connector.emulator.org.schema.touch();
  };
  const lead = () => connector.emulator.org.schema.object('Lead')!;
  const decide = (more: (settings: Settings) => Partial<Settings> = () => ({})) => {
    const { rules, mappings } = DEFAULT_SETTINGS;
    const settings: Settings = {
      ...DEFAULT_SETTINGS,
      rules: { ...rules, fallbackOwner: connector.emulator.username, recordTypes: { Lead: 'Inbound' } },
      mappings: {
        ...mappings,
        Lead: [
          ...mappings.Lead,
          { field: 'Rating', text: 'Hot', cut: false, ifBad: 'park' },
          { field: 'Title', text: 'Booked', cut: false, ifBad: 'park' },
        ],
      },
    };
    return importSettings(connector.app.admin, { document: { ...settings, ...more(settings) }, author: 'test' });
  };
  const until = async (isSo: () => unknown): Promise<void> => {
    for (const end = Date.now() + 15_000; !(await isSo()); await sleep(20))
      if (Date.now() > end) throw new Error('That did not come true within 15 s.');
  };
  const looks = async (): Promise<Date | null> => {
    const { rows } = await connector.app.admin.store.query<{ looked_at: Date }>('select looked_at from drift_watch');
    return rows[0]?.looked_at ?? null;
  };
  const listDrift = async (): Promise<Drift> =>
    ((await carryOutCommand(connector.app.admin, { order: 'listDrift', args: {} })) as { drift: Drift }).drift;
  /** As if the last look were so long ago. */
  const look = async (ago = '61 minutes'): Promise<void> => {
    const { store } = connector.app.admin;
    const { rows } = await store.query<{ looked_at: Date }>(
      `update drift_watch set looked_at = now() - $1::interval returning looked_at`,
      [ago],
    );
    await openGate(connector.app.admin, { backlog: true });
    await until(async () => ((await looks())?.getTime() ?? 0) > (rows[0]?.looked_at.getTime() ?? 0));
  };
  const body = (visitor: string): { payload: Record<string, unknown> } => {
    const told = JSON.parse(CREATED.replaceAll(/"(uid|rescheduleUid|iCalUID)":\s*"([^"]*)"/g, `"$1":"${visitor}"`)) as {
      payload: Record<string, unknown> & { attendees: { email: string }[] };
    };
    const text = JSON.stringify(told).replaceAll(told.payload.attendees[0]?.email ?? '', `${visitor}@example.test`);
    const named = JSON.parse(text) as typeof told;
    return {
      ...named,
      payload: { ...named.payload, startTime: '2030-03-01T04:30:00Z', endTime: '2030-03-01T05:00:00Z', uid: visitor },
    };
  };
  const book = async (visitor: string): Promise<void> => {
    expect((await connector.sendCalcom(body(visitor))).status).toBe(202);
    await connector.idle();
  };
  const partsOf = async (visitor: string): Promise<Parts> => {
    const { rows } = await connector.app.admin.store.query<{ parts: Parts }>(
      'select parts from booking where root_key = $1',
      [visitor],
    );
    return rows[0]?.parts ?? {};
  };
  const openNotices = async () =>
    (
      (await carryOutCommand(connector.app.admin, { order: 'listNotices', args: {} })) as OrderResult<'listNotices'>
    ).notices.filter(({ key }) => key.startsWith('drift:'));

  it('finds nothing in an org as it should be, and costs one call', async () => {
    expect(await listDrift()).toEqual([]);
    await connector.resetCalls();
    await look();
    const { calls, apiCalls } = await connector.calls();
    expect(apiCalls).toBe(1);
    const described = calls.flatMap(({ subrequests }) => subrequests.filter(({ url }) => url.endsWith('/describe')));
    // At midnight UTC the look is a whole one.
    expect(new Set(described.map(({ status }) => status)).size).toBe(1);
    expect(await listDrift()).toEqual([]);
  });

  /** What an administrator changes, and how it is put right. */
  const put = (name: string, change: object) => {
    const before = lead().field(name)!;
    lead().putField({ ...before, ...change });
    return () => lead().putField(before);
  };
  const KINDS: { kind: string; change: () => () => unknown; found: object; visitor: string; meets: object }[] = [
    {
      kind: 'a new required field',
      visitor: 'required',
      change: () => {
        const company = lead().field('Company')!;
        lead().putField({ ...company, name: 'Budget_Code__c', label: 'Budget Code', nillable: false });
        return () => lead().putField({ ...company, name: 'Budget_Code__c', label: 'Budget Code', nillable: true });
      },
      found: { kind: 'requiredField', severity: 'error', sobject: 'Lead', field: 'Budget_Code__c' },
      meets: { person: { state: 'parked', fields: ['Budget_Code__c'] } },
    },
    {
      kind: 'a deleted or hidden field',
      visitor: 'gone',
      change: () => {
        const granted = connector.emulator.org.schema.permissionSets.flatMap((set) =>
          [...set.fields].filter(([name]) => name.endsWith(REASON)).map(([name, rights]) => ({ set, name, rights })),
        );
        for (const { set, name } of granted) set.fields.delete(name);
        return () => granted.forEach(({ set, name, rights }) => set.fields.set(name, rights));
      },
      found: { kind: 'fieldGone', severity: 'warning', sobject: 'Event', field: 'Cancel_Reschedule_Reason__c' },
      meets: { person: { state: 'written' }, event: { state: 'written' } },
    },
    {
      kind: 'a changed picklist',
      visitor: 'picklist',
      change: () => {
        const values = lead()
          .field('Rating')!
          .picklistValues.filter(({ value }) => value !== 'Hot');
        return put('Rating', { restrictedPicklist: true, picklistValues: values });
      },
      found: { kind: 'picklist', severity: 'error', sobject: 'Lead', field: 'Rating' },
      meets: { person: { state: 'parked', fields: ['Rating'] } },
    },
    {
      kind: 'a lost right',
      visitor: 'right',
      change: () => put('Title', { createable: false, updateable: false }),
      found: { kind: 'rightLost', severity: 'warning', sobject: 'Lead', field: 'Title' },
      meets: { person: { state: 'parked', fields: ['Title'] }, event: { state: 'waiting' } },
    },
    {
      kind: 'a record type that is gone',
      visitor: 'record-type',
      change: () => {
        const known = lead().recordTypeInfos.find(({ developerName }) => developerName === 'Inbound')!;
        lead().putRecordType({ ...known, active: false, available: false });
        return () => lead().putRecordType(known);
      },
      found: { kind: 'recordTypeGone', severity: 'error', sobject: 'Lead', field: 'RecordTypeId' },
      meets: { person: { state: 'parked', code: 'RECORD_TYPE_UNAVAILABLE' } },
    },
  ];

  it.each(KINDS)('tells $kind before the first booking meets it, and ends that when it is mended', async (one) => {
    const mend = one.change();
    try {
      changed();
      await look();
      expect(await listDrift()).toMatchObject([{ ...one.found, isTeamWide: true, orgId: 'main' }]);
      expect(await openNotices()).toMatchObject([{ orgId: 'main', severity: (one.found as Drift[number]).severity }]);

      await book(one.visitor);
      expect(await partsOf(one.visitor)).toMatchObject(one.meets);
      // It stands as long as it is so, however often the org is looked at.
      await look();
      expect(await listDrift()).toHaveLength(1);
    } finally {
      mend();
      changed();
    }
    await look();
    expect(await listDrift()).toEqual([]);
    expect(await openNotices()).toEqual([]);
    await connector.idle();
    // A value that does not fit is the booking's own problem: an admin tries it again.
    await retry(connector.app.admin, { bookingId: null });
    await connector.idle();
    expect(await partsOf(one.visitor)).toMatchObject({ person: { state: 'written' }, event: { state: 'written' } });
  });

  it('looks before the first write of a day, however short ago it looked, and finds what the ETag does not tell', async () => {
    const mend = put('Title', { createable: false, updateable: false });
    connector.emulator.org.forgetAccess();
    await connector.app.admin.store.query(
      `update drift_watch set looked_at = date_trunc('day', now(), 'UTC') - interval '1 second'`,
    );
    await book('first-of-day');
    expect(await listDrift()).toMatchObject([{ kind: 'rightLost', field: 'Title' }]);
    expect(await partsOf('first-of-day')).toMatchObject({ person: { state: 'parked', fields: ['Title'] } });
    mend();
    changed();
    await look();
    expect(await listDrift()).toEqual([]);
  });

  it('ends a finding when the settings are saved that mend it, without a call', async () => {
    const mend = put('Title', { createable: false, updateable: false });
    changed();
    await look();
    expect(await listDrift()).toHaveLength(1);
    await decide(({ mappings }) => ({
      mappings: { ...mappings, Lead: mappings.Lead.filter(({ field }) => field !== 'Title') },
    }));
    await until(async () => (await listDrift()).length === 0);
    mend();
    changed();
    await decide();
    await look();
  });

  it('is shown on the overview of the console', async () => {
    const mend = put('Title', { createable: false, updateable: false });
    changed();
    await look();
    const admin = await signIn(connector.app, 'admin');
    const page = await (await admin.get('/')).text();
    expect(page).toContain('Changed in Salesforce');
    expect(page).toContain('Title');
    mend();
    changed();
    await look();
  });

  it('spends nothing of the reserve, and nothing over the cap', async () => {
    const { store } = connector.app.admin;
    // The look before may have let bookings go.
    await connector.idle();
    await store.query(
      `insert into api_budget (org_id, daily_cap) values ('main', 1) on conflict (org_id) do update set daily_cap = 1`,
    );
    await store.query(`update drift_watch set looked_at = now() - interval '2 days'`);
    await connector.resetCalls();
    await openGate(connector.app.admin, { backlog: true });
    await sleep(500);
    const { apiCalls } = await connector.calls();
    await store.query('update api_budget set daily_cap = null');
    expect(apiCalls).toBe(0);
    await look('2 days');
  });

  describe('users', () => {
    const HOST = 'rosa.lindqvist@host.example';
    const ownerOf = async (visitor: string) =>
      (await connector.settled(`SELECT OwnerId FROM Event WHERE Booking_Id__c = 'cal:${visitor}'`))[0]?.OwnerId;
    let userId: string;

    const userOf = (email: string, ProfileId: unknown) => ({
      ...{
        Username: email,
        Email: email,
        LastName: email,
        Alias: email.slice(0, 8),
        CommunityNickname: email,
        ProfileId,
      },
      ...{ TimeZoneSidKey: 'Europe/Berlin', LocaleSidKey: 'de', EmailEncodingKey: 'UTF-8', LanguageLocaleKey: 'de' },
    });
    const profileId = async () => {
      const [user] = await connector.query(
        `SELECT Id, ProfileId FROM User WHERE Username = '${connector.emulator.username}'`,
      );
      return { ProfileId: user?.ProfileId, fallbackId: user?.Id };
    };

    it('who come later own the bookings to come of the host', async () => {
      const { ProfileId, fallbackId } = await profileId();
      await book('user');
      await book('by-hand');
      expect(await ownerOf('user')).toBe(fallbackId);
      await look();
      const other = await org.create('User', userOf('other@host.example', ProfileId));
      const [byHand] = await connector.query(`SELECT Id FROM Event WHERE Booking_Id__c = 'cal:by-hand'`);
      await org.request('PATCH', `/services/data/v67.0/sobjects/Event/${String(byHand?.Id)}`, { OwnerId: other });
      userId = await org.create('User', userOf(HOST, ProfileId));
      await look();
      expect(await ownerOf('user')).toBe(userId);
      // Whom somebody gave the Event to stays.
      expect(await ownerOf('by-hand')).toBe(other);
      expect(await listDrift()).toEqual([]);
    });

    it('who are deactivated are told, and the fallback owner takes over their bookings to come', async () => {
      const { fallbackId } = await profileId();
      await org.request('PATCH', `/services/data/v67.0/sobjects/User/${userId}`, { IsActive: false });
      await look();
      expect(await listDrift()).toMatchObject([
        { kind: 'userInactive', severity: 'warning', what: expect.stringContaining(HOST) },
      ]);
      const notices = await openNotices();
      expect(notices).toMatchObject([{ key: 'drift:main:userInactive:User' }]);
      expect(JSON.stringify(notices)).not.toContain(HOST);
      expect(await ownerOf('user')).toBe(fallbackId);
    });

    it('who are active again take their bookings back', async () => {
      await org.request('PATCH', `/services/data/v67.0/sobjects/User/${userId}`, { IsActive: true });
      await look();
      expect(await ownerOf('user')).toBe(userId);
      expect(await listDrift()).toEqual([]);
    });
  });
});
