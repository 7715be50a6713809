import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeGate, openGate } from '../src/admin/admin';
import { setBudget } from '../src/admin/budget';
import { startConnector, type Connector } from './support/connector';
import { orgActions, type OrgActions } from './support/org-actions';
import { describeOnEmbedded } from './support/postgres';

const CREATED = readFileSync(join(__dirname, 'fixtures/source/calcom/BOOKING_CREATED.json'), 'utf8');
const EVENTS = 'SELECT Id, WhoId, Booking_Id__c FROM Event';

/** A Cal.com body about a visitor of this test alone, to come in 2030. */
function body(visitor: string): unknown {
  const text = CREATED.replaceAll(/"(uid|iCalUID)":\s*"([^"]*)"/g, `"$1":"${visitor}"`);
  const { payload } = JSON.parse(text) as { payload: { attendees: { email: string }[] } };
  const own = JSON.parse(text.replaceAll(payload.attendees[0]?.email ?? '', `${visitor}@example.test`)) as {
    payload: object;
  };
  const at = { startTime: '2030-03-01T04:30:00Z', endTime: '2030-03-01T05:00:00Z' };
  return { ...own, payload: { ...own.payload, ...at } };
}

describeOnEmbedded('an org that takes no nested keys', (database) => {
  describe.each(['unknown', 'notParsed'] as const)('and says so in its way: %s', (nestedPolymorphicKeys) => {
    let connector: Connector;
    let org: OrgActions;
    beforeAll(async () => {
      connector = await startConnector(database, { emulator: { nestedPolymorphicKeys } });
      org = orgActions(connector);
    }, 60_000);
    afterAll(() => connector.stop());
    afterEach(() => org.clearFaults());

    const book = async (visitor: string): Promise<void> => {
      expect((await connector.sendCalcom(body(visitor))).status).toBe(202);
    };
    const events = (visitor: string) => connector.settled(`${EVENTS} WHERE Booking_Id__c = 'cal:${visitor}'`);
    const leads = (visitor: string) => connector.query(`SELECT Id FROM Lead WHERE Email = '${visitor}@example.test'`);
    const takesNestedKeys = async (): Promise<unknown> => {
      const { rows } = await connector.app.admin.store.query<{ takes: boolean | null }>(
        'select takes_nested_keys as takes from org',
      );
      return rows[0]?.takes;
    };
    /** What the calls were about that wrote, in order. */
    const writes = async (): Promise<string[]> => {
      const { calls } = await connector.calls();
      return calls
        .filter(({ subrequests }) => subrequests.some(({ method }) => method !== 'GET'))
        .map(({ subrequests }) => subrequests.map(({ url }) => (url.includes('/Lead/') ? 'Lead' : 'Event')).join());
    };

    it('gets the Event in a further call, and is remembered', async () => {
      await book('first');
      const [event, ...others] = await events('first');
      const [lead, ...twins] = await leads('first');
      expect(event).toMatchObject({ WhoId: lead?.Id });
      expect([...others, ...twins]).toEqual([]);
      expect(await writes()).toEqual(['Lead,Event', 'Event']);
      expect(await takesNestedKeys()).toBe(false);
      const { rows } = await connector.app.admin.store.query<{ steps: { step: string; outcome: string }[] }>(
        'select steps from booking_log',
      );
      expect(rows[0]?.steps).toContainEqual(
        expect.objectContaining({ step: 'Event', outcome: expect.stringContaining('in a further call') }),
      );
    });

    it('gets persons first and Events by their ids from then on, also after a restart', async () => {
      await connector.restart();
      await connector.resetCalls();
      await book('second');
      await connector.idle();
      // The schema, which a restart forgets, then read, person, Event.
      expect(await connector.calls()).toMatchObject({ apiCalls: 4 });
      expect(await writes()).toEqual(['Lead', 'Event']);
      const [event] = await events('second');
      expect(event).toMatchObject({ WhoId: (await leads('second'))[0]?.Id });

      await connector.resetCalls();
      await book('third');
      await connector.idle();
      expect(await connector.calls()).toMatchObject({ apiCalls: 3 });
    });

    it('holds back the Event of a refused person alone, and that person sent alone takes it along', async () => {
      const rowError = { statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Not this one' };
      const where = { Email: 'refused@example.test' };
      await org.fault({ match: { path: '/composite', sobject: 'Lead' }, effect: { rowError: { ...rowError, where } } });
      await closeGate(connector.app.admin);
      for (const visitor of ['fine', 'refused', 'fine-too']) await book(visitor);
      await openGate(connector.app.admin, { backlog: true });
      expect(await events('fine')).toHaveLength(1);
      expect(await events('fine-too')).toHaveLength(1);
      expect(await events('refused')).toEqual([]);
      expect(await leads('refused')).toEqual([]);

      await org.clearFaults();
      await connector.resetCalls();
      await connector.app.admin.store.query(`update booking set due_at = now() where root_key = 'refused'`);
      await book('beside');
      const [event] = await events('refused');
      expect(event).toMatchObject({ WhoId: (await leads('refused'))[0]?.Id });
    });

    it('takes the Event in the next turn when no call is left for it', async () => {
      const { calls } = await connector.app.admin.store
        .query<{ calls: string }>('select coalesce(sum(calls), 0) as calls from api_calls')
        .then(({ rows }) => rows[0] ?? { calls: '0' });
      await closeGate(connector.app.admin);
      await connector.app.admin.store.query('update org set takes_nested_keys = null');
      await setBudget(connector.app.admin, { dailyCap: Number(calls) + 2 });
      await book('late');
      await openGate(connector.app.admin, { backlog: true });
      for (let tries = 0; (await leads('late')).length === 0 && tries < 200; tries += 1)
        await new Promise((resolve) => setTimeout(resolve, 20));
      await setBudget(connector.app.admin, { dailyCap: null });
      const [event, ...others] = await events('late');
      expect(event).toMatchObject({ WhoId: (await leads('late'))[0]?.Id });
      expect(others).toEqual([]);
    });
  });
});

describeOnEmbedded('an org that takes nested keys', (database) => {
  it('is remembered as such at the first Event of a new person', async () => {
    const connector = await startConnector(database);
    try {
      expect((await connector.sendCalcom(body('known'))).status).toBe(202);
      await connector.idle();
      const { rows } = await connector.app.admin.store.query('select takes_nested_keys from org');
      expect(rows).toEqual([{ takes_nested_keys: true }]);
    } finally {
      await connector.stop();
    }
  }, 60_000);
});
