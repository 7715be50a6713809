import { type Emulator } from 'org-emulator';
import { until } from '../bench/support/until';
import { closeGate, openGate, readStatus } from '../src/admin/admin';
import type { Comparison } from '../src/admin/compare-org';
import type { Switched } from '../src/admin/switch-org';
import { readOpenNotices } from '../src/notice/notice.store';
import type { Choice } from '../src/booking/hold.store';
import { completeByClock } from '../src/booking/clock.store';
import { saveConfiguredOrg } from '../src/connection/configured-org';
import { findTeam, saveTeam } from '../src/sync/org.store';
import { emulatorPost, setFault } from './support/connections';
import { describeOnEmbedded } from './support/postgres';
import { createApiUser, withoutRight } from './support/rights';
import { signIn } from './support/visitor';

import {
  eventsOf,
  idsOf,
  named,
  ONLY_IN_SANDBOX,
  PAST,
  recordBodies,
  recordsOf,
  TO_COME,
  World,
} from './support/two-orgs';

describeOnEmbedded('a team that is moved from a sandbox to production', (database) => {
  let world: World;
  beforeAll(async () => {
    world = await World.start(database);
    await world.team('default');
  }, 60_000);
  afterAll(() => world.stop());

  const CASES: [Choice, (names: { past: string[]; toCome: string[] }) => string[]][] = [
    ['future', ({ toCome }) => toCome],
    ['all', ({ past, toCome }) => [...past, ...toCome]],
    ['none', () => []],
  ];

  it.each(CASES)(
    'has of 500 pending bookings those written there that are chosen: %s',
    async (bookings, chosen) => {
      const team = await world.team(bookings);
      const written = { past: named('old-past', 5), toCome: named('old-to-come', 5) };
      await openGate(team, { backlog: true });
      await world.book(bookings, written.past, PAST);
      await world.book(bookings, written.toCome, TO_COME);
      await world.idle(bookings);
      const before = [...written.past, ...written.toCome].sort();
      expect(eventsOf(world.sandbox, bookings)).toEqual(before);
      await closeGate(team);
      const pending = { past: named('past', 250), toCome: named('to-come', 250) };
      await world.book(bookings, pending.past, PAST);
      await world.book(bookings, pending.toCome, TO_COME);

      const { held, comparison } = await world.order<Switched>('switchOrg', { id: 'production' }, bookings);
      expect(held).toMatchObject({ from: 'sandbox', future: 255, all: 510, pending: 500 });
      expect(comparison).toMatchObject({ org: { id: 'production', name: 'Acme' }, present: { name: 'Acme UAT' } });
      await world.book(bookings, ['held'], TO_COME);
      await expect(world.order('openGate', { backlog: false }, bookings)).rejects.toThrow(/--bookings future/);
      expect(eventsOf(world.production, bookings)).toEqual([]);

      await world.order('openGate', { bookings }, bookings);
      await world.idle(bookings);
      const known = {
        past: [...written.past, ...pending.past],
        toCome: [...written.toCome, ...pending.toCome, 'held'],
      };
      expect(eventsOf(world.production, bookings)).toEqual(chosen(known).sort());
      expect((await readStatus(team)).parked).toEqual([]);

      // What arrives or changes from now on is written, whatever was chosen.
      await world.book(bookings, ['new'], TO_COME);
      await world.change(bookings, 'to-come-007');
      await world.change(bookings, 'old-to-come-001');
      await world.idle(bookings);
      const later = new Set([...chosen(known), 'new', 'to-come-007', 'old-to-come-001']);
      expect(eventsOf(world.production, bookings)).toEqual([...later].sort());
      expect(eventsOf(world.sandbox, bookings)).toEqual(before);
    },
    60_000,
  );

  it('has nothing written to the sandbox any more by a turn that reads during the switch', async () => {
    const team = await world.team('reading');
    await openGate(team, { backlog: true });
    const held = await setFault(world.sandbox, { path: '/composite$', nth: 1 }, { hold: 'afterCommit' });
    await world.book('reading', ['a', 'b'], TO_COME);
    await until('a call to be held', async () => (await held.look()).held > 0 || null);
    await moveTeam('reading', 'production');
    await held.end();
    await world.order('openGate', { bookings: 'future' }, 'reading');
    await world.idle('reading');
    expect([eventsOf(world.sandbox, 'reading'), eventsOf(world.production, 'reading')]).toEqual([[], ['a', 'b']]);
  }, 60_000);

  it('settles nothing of a turn that writes during the switch', async () => {
    const team = await world.team('writing');
    await openGate(team, { backlog: true });
    const held = await setFault(world.sandbox, { path: '/composite$', nth: 2 }, { hold: 'beforeCommit' });
    await world.book('writing', ['a', 'b'], TO_COME);
    await until('the write to be held', async () => (await held.look()).held > 0 || null);
    await moveTeam('writing', 'production');
    await world.order('openGate', { bookings: 'none' }, 'writing');
    await held.end();
    // What was on its way is done in the sandbox. It counts for nothing, and changes nothing of what was chosen.
    await until('the write to be done', () => Promise.resolve(eventsOf(world.sandbox, 'writing').length === 2 || null));
    await world.change('writing', 'a');
    await world.idle('writing');
    expect(eventsOf(world.production, 'writing')).toEqual(['a']);
    const { rows } = await world.app.admin.store.query(
      `select written, parts from booking where team_id = 'writing' order by root_key`,
    );
    expect(rows).toMatchObject([
      { written: { eventId: expect.stringContaining('Prd') } },
      { written: null, parts: { event: { state: 'notWanted', cause: expect.stringContaining('left out when') } } },
    ]);
  }, 60_000);

  it('finds what was written there when it comes back, and sends no id of one org to the other', async () => {
    const team = await world.team('back');
    await openGate(team, { backlog: true });
    await world.book('back', ['a', 'b', 'c'], TO_COME);
    await world.idle('back');
    const first = idsOf(world.sandbox, 'back');
    const sent = recordBodies();
    try {
      await moveTeam('back', 'production');
      await world.order('openGate', { bookings: 'future' }, 'back');
      await world.idle('back');
      await world.change('back', 'b');
      await world.book('back', ['d'], TO_COME);
      await world.idle('back');
      const inProduction = idsOf(world.production, 'back');
      expect(Object.keys(inProduction)).toEqual(['a', 'b', 'c', 'd']);
      expect(idsOf(world.sandbox, 'back')).toEqual(first);

      await moveTeam('back', 'sandbox');
      await world.change('back', 'c');
      await world.order('openGate', { bookings: 'all' }, 'back');
      await world.idle('back');
      expect(idsOf(world.sandbox, 'back')).toEqual({ ...first, d: expect.any(String) });
      expect(idsOf(world.production, 'back')).toEqual(inProduction);
      const subjects = recordsOf(world.sandbox, 'Event')
        .filter(({ Booking_Id__c: id }) => /^back-cal:[bc]$/.test(String(id)))
        .map(({ Subject }) => Subject);
      expect(subjects).toEqual(['Changed', 'Changed']);
      // One person for each customer, however often the team came.
      const emails = recordsOf(world.sandbox, 'Lead').map(({ Email }) => String(Email));
      expect(emails.filter((email) => email.startsWith('back-')).sort()).toEqual(
        ['a', 'b', 'c', 'd'].map((name) => `back-${name}@example.test`),
      );
      const sentWith = (emulator: Emulator, instance: string): string[] =>
        sent.to(emulator).filter((text) => new RegExp(`\\b\\w{3}${instance}[0-9A-Za-z]{9,12}\\b`).test(text));
      // The detector sees what it is to see: an org's own ids are sent to it.
      expect(sentWith(world.production, 'Prd').length).toBeGreaterThan(0);
      expect(sentWith(world.sandbox, 'Sbx').length).toBeGreaterThan(0);
      expect([sentWith(world.production, 'Sbx'), sentWith(world.sandbox, 'Prd')]).toEqual([[], []]);
    } finally {
      sent.stop();
    }
  }, 60_000);

  it('leaves behind what waited for a human there, and says in the story what became of a booking', async () => {
    const team = await world.team('story');
    await openGate(team, { backlog: true });
    await world.book('story', ['written'], TO_COME);
    await world.idle('story');
    await closeGate(team);
    await world.book('story', ['parked', 'past'], PAST);
    await world.app.admin.store.query(
      `update booking set due_at = null, parts = '{"event":{"state":"parked","class":"scoped","code":"X","cause":"c","remedy":"r","sobject":"Event","fields":[]}}'
       where team_id = 'story' and root_key = 'parked'`,
    );
    expect((await readStatus(team)).parked).toHaveLength(1);
    await moveTeam('story', 'production');
    const status = await readStatus(team);
    expect(status).toMatchObject({ parked: [], pending: 2, orgs: [{ id: 'production', startedAt: null }] });
    expect(status.orgs[0]?.held).toMatchObject({ from: 'sandbox', future: 1, all: 3, pending: 2 });
    const notices = async (): Promise<string[]> => (await readOpenNotices(team.store)).map(({ key }) => key);
    expect(await notices()).toContain('hold:story');
    await world.order('openGate', { bookings: 'none' }, 'story');
    expect(await notices()).not.toContain('hold:story');

    const { bookings } = await world.order<{ bookings: { id: string; rootKey: string; progress: string }[] }>(
      'listBookings',
      {},
      'story',
    );
    expect(bookings.map(({ progress }) => progress)).toEqual(['settled', 'settled', 'settled']);
    const storyOf = (key: string): Promise<{ parts: object }> =>
      world.order('readBooking', { id: bookings.find(({ rootKey }) => rootKey === key)?.id }, 'story');
    const cause = expect.stringContaining('the team was moved from sandbox to production') as string;
    expect(await storyOf('past')).toMatchObject({
      parts: { event: { state: 'notWanted', cause } },
      chapters: expect.arrayContaining([expect.objectContaining({ steps: [{ step: 'start gate', outcome: cause }] })]),
    });
    // The clock completes what is over, and brings nothing back that was left out.
    await team.store.query(`update source set complete_after_minutes = 0 where id = 'story-cal'`);
    await completeByClock(team.store, 'production', 200, new Date());
    await world.idle('story');
    const { bookings: completed } = await world.order<{ bookings: object[] }>(
      'listBookings',
      { status: 'Completed' },
      'story',
    );
    expect([completed.length, eventsOf(world.production, 'story')]).toEqual([2, []]);
    // No link into the org of before.
    const written = await storyOf('written');
    expect(written).toMatchObject({ written: null, parts: { event: { state: 'notWanted' } } });
    expect(JSON.stringify(written.parts)).not.toContain('Sbx');
  }, 60_000);

  it('is shown first what production lacks: a field, a record type, a user, a right; and is held back by it', async () => {
    const { production } = world;
    const { xml } = await world.order<{ xml: string }>('permissions', {});
    const apiUser = await createApiUser(production);
    await apiUser.grant(withoutRight(xml, 'Edit Lead.Email'));
    await emulatorPost(production, '/end-sessions');
    try {
      await world.team('needy', (defaults) => ({
        ...defaults,
        rules: { ...defaults.rules, fallbackOwner: ONLY_IN_SANDBOX, recordTypes: { Lead: 'Inbound' } },
        mappings: {
          ...defaults.mappings,
          Lead: [...defaults.mappings.Lead, { field: 'Shoe_Size__c', from: 'answers.shoe', cut: true }],
        },
      }));
      const comparison = await world.order<Comparison>('compareOrg', { id: 'production' }, 'needy');
      expect(comparison).toMatchObject({ isReady: false, isOther: false, present: { id: 'sandbox' } });
      const found = comparison.differences.map(
        ({ check, state, present }) => `${state} ${check}: ${present} in sandbox`,
      );
      expect(found).toEqual(
        expect.arrayContaining([
          'failure Lead.Shoe_Size__c: fine in sandbox',
          'failure rules.recordTypes.Lead: fine in sandbox',
          'failure rules.fallbackOwner: fine in sandbox',
          'failure Edit Lead.Email: fine in sandbox',
        ]),
      );
      expect(new Set(comparison.differences.map(({ check }) => check)).size).toBe(comparison.differences.length);
      expect(comparison.differences.filter(({ remedy }) => remedy === '')).toEqual([]);
      await expect(world.order('switchOrg', { id: 'production' }, 'needy')).rejects.toThrow(
        /Lead\.Shoe_Size__c: [^]*--anyway/,
      );
      expect((await findTeam(world.app.admin.store, 'needy'))?.orgId).toBe('sandbox');
      expect(await moveTeam('needy', 'production')).toMatchObject({ held: { from: 'sandbox' } });
    } finally {
      await emulatorPost(production, '/settings', { clientCredentialsUserId: production.adminUserId });
      await emulatorPost(production, '/end-sessions');
    }
  }, 60_000);

  it('is told on every page of the console where bookings go, and is moved and asked there', async () => {
    await world.book('default', ['console'], TO_COME);
    await openGate(world.app.admin, { backlog: true });
    await world.idle('default');
    const visitor = await signIn(world.app);
    const badge = (environment: string, name: string): RegExp =>
      new RegExp(`class="present-org"[^>]*><span class="pill env ${environment}">\\w+</span> ${name}<`);
    const page = async (path: string): Promise<string> => (await visitor.get(path)).text();
    for (const path of ['', '/bookings', '/problems', '/sources', '/salesforce', '/settings', '/salesforce/production'])
      expect(await page(path)).toMatch(badge('sandbox', 'Acme UAT'));

    const compared = await page('/salesforce/production/compare');
    expect(compared).toContain('action="/console/salesforce/production/switch"');
    const salesforceOrgId = world.production.orgId;
    const moved = await visitor.post('/salesforce/production/switch', { salesforceOrgId, anyway: 'yes' });
    expect([moved.status, moved.headers.get('location')]).toEqual([303, '/console/']);
    const overview = await page('');
    expect(overview).toMatch(badge('emulator', 'Acme'));
    expect(overview).toContain('They wait for your choice');
    for (const choice of ['future', 'all', 'none']) expect(overview).toContain(`name="bookings" value="${choice}"`);
    expect(eventsOf(world.production, 'default')).toEqual([]);
    await visitor.post('/gate/open', { bookings: 'future' });
    await world.idle('default');
    expect(eventsOf(world.production, 'default')).toEqual(['console']);
    expect(await page('')).not.toContain('They wait for your choice');
  }, 60_000);

  it('stays there when the connector is started again with another org in its environment', async () => {
    const { store, secrets, now } = world.app.admin;
    const named = { loginUrl: world.sandbox.url, clientId: 'x'.repeat(20), clientSecret: 'secret' };
    await world.team('steady');
    await moveTeam('steady', 'production');
    await saveConfiguredOrg({ store, secrets, now: now() }, named, 'steady');
    expect((await findTeam(store, 'steady'))?.orgId).toBe('production');
    await saveTeam(store, 'fresh', now());
    await saveConfiguredOrg({ store, secrets, now: now() }, named, 'fresh');
    expect((await findTeam(store, 'fresh'))?.orgId).toBe('main');
    await store.query(`delete from team where id = 'fresh'`);
  }, 60_000);

  /** Switches although what the sandbox has may not all be there. */
  function moveTeam(team: string, id: string): Promise<unknown> {
    return world.order('switchOrg', { id, anyway: true }, team);
  }
});
