import { until } from '../bench/support/until';
import { leastPermissions } from '../src/admin/doctor';
import { exampleBody } from './fixtures/source/build';
import { startConnector, type Connector } from './support/connector';
import { describeOnEmbedded } from './support/postgres';
import { createApiUser, withoutRight } from './support/rights';

jest.setTimeout(60_000);

/** The last look at the org is a day ago. */
const LOOKED_LONG_AGO = "update drift_watch set looked_at = now() - interval '1 day'";
const LOOKED_NOW = "select from drift_watch where looked_at > now() - interval '1 hour'";

describeOnEmbedded('a right that comes after the org was looked at', (database) => {
  let connector: Connector;
  beforeAll(async () => {
    connector = await startConnector(database);
  }, 60_000);
  afterAll(() => connector.stop());

  it('counts for the next booking, which finds no pause', async () => {
    const { admin } = connector.app;
    const looked = () =>
      until('the org to be looked at', async () =>
        (await admin.store.query(LOOKED_NOW)).rows.length > 0 ? true : null,
      );
    await looked();
    const { xml } = await leastPermissions(admin, { links: 'no' });
    const user = await createApiUser(connector.emulator);
    await user.grant(withoutRight(xml, 'Edit Event.Booking_Id__c'));
    await admin.store.query(LOOKED_LONG_AGO);
    admin.wake();
    await looked();

    await user.grant(xml);
    await connector.sendCalcom(JSON.parse(exampleBody('calcom', 'BOOKING_CREATED').toString('utf8')) as object);
    expect(await connector.settled('SELECT Id FROM Event WHERE Booking_Id__c != null')).toHaveLength(1);
  });
});
