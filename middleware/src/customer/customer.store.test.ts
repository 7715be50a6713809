import { randomBytes } from 'node:crypto';
import { describeOnStores } from '../../test/support/postgres';
import { seed } from '../../test/support/seed';
import type { Store } from '../store/store';
import { readLinks, recognizeCustomers, saveLinks, type Sighting } from './customer.store';

const NOW = new Date('2026-10-05T01:12:11.000Z');

describeOnStores('customers', ({ open }) => {
  let store: Store;
  let count = 0;

  beforeAll(async () => {
    store = await open();
    await seed(store);
    await store.query(`insert into team (id, org_id, created_at) values ('other', 'main', $1)`, [NOW.toISOString()]);
  });

  const sighting = (more: Partial<Sighting> = {}): Sighting => ({
    bookingId: `booking-${count++}`,
    teamId: 'default',
    sourceId: 'cal',
    sourceCustomerId: null,
    email: null,
    ...more,
  });
  const recognize = async (...sightings: Sighting[]) => {
    const customers = await recognizeCustomers(store, sightings, NOW);
    return sightings.map(({ bookingId }) => customers.get(bookingId));
  };

  describe('are the same', () => {
    it.each<[string, Partial<Sighting>, Partial<Sighting>]>([
      ['by e-mail, whatever its case', { email: 'a1@example.test' }, { email: ' A1@Example.test' }],
      ['by e-mail in two sources', { email: 'a2@example.test' }, { email: 'a2@example.test', sourceId: 'once' }],
      ["by the source's customer id", { sourceCustomerId: 'a3' }, { sourceCustomerId: 'a3', email: 'a3@example.test' }],
      [
        "by the source's customer id under another e-mail",
        { sourceCustomerId: 'a4', email: 'a4@example.test' },
        { sourceCustomerId: 'a4', email: 'b4@example.test' },
      ],
      [
        "by e-mail when the source's customer id is new",
        { email: 'a5@example.test' },
        { sourceCustomerId: 'a5', email: 'a5@example.test' },
      ],
      ['by booking alone when nothing is known of them', { bookingId: 'x' }, { bookingId: 'x' }],
      [
        'by a customer id of any length',
        { sourceCustomerId: 'l'.repeat(9_000) },
        { sourceCustomerId: 'l'.repeat(9_000) },
      ],
    ])('%s, in one batch and in another', async (_title, one, other) => {
      const [first] = await recognize(sighting(one));
      expect(first).toMatch(/^c-[0-9a-f-]{36}$/);
      expect(await recognize(sighting(other), sighting(one))).toEqual([first, first]);
    });

    it('in the batch that shows them first', async () => {
      const email = 'first@example.test';
      const [first, second] = await recognize(sighting({ email }), sighting({ email }));
      expect(second).toBe(first);
    });
  });

  describe('are others', () => {
    it.each<[string, Partial<Sighting>, Partial<Sighting>]>([
      ['in another team', { email: 'b1@example.test' }, { email: 'b1@example.test', teamId: 'other' }],
      [
        'by the same customer id of another source',
        { sourceCustomerId: 'b2' },
        { sourceCustomerId: 'b2', sourceId: 'once' },
      ],
      ['by another e-mail', { email: 'b3@example.test' }, { email: 'b3+x@example.test' }],
      ['when nothing is known of either', {}, {}],
    ])('%s', async (_title, one, other) => {
      const [first, second] = await recognize(sighting(one), sighting(other));
      expect(second).not.toBe(first);
    });
  });

  it("believes the source's customer id before the e-mail", async () => {
    const [byId] = await recognize(sighting({ sourceCustomerId: 'd' }));
    const [byEmail] = await recognize(sighting({ email: 'd@example.test' }));
    expect(await recognize(sighting({ sourceCustomerId: 'd', email: 'd@example.test' }))).toEqual([byId]);
    expect(await recognize(sighting({ email: 'd@example.test' }))).toEqual([byEmail]);
  });

  it('takes a customer id of any length and content', async () => {
    const sourceCustomerId = randomBytes(6_000).toString('base64');
    const [first, second] = await recognize(
      sighting({ sourceCustomerId }),
      sighting({ sourceCustomerId: `${sourceCustomerId}x` }),
    );
    expect(second).not.toBe(first);
    expect(await recognize(sighting({ sourceCustomerId }))).toEqual([first]);
  });

  describe('links', () => {
    const org = { orgId: 'main', generation: 1 };
    const save = (generation: number, ...links: [string, string, string][]) =>
      store.transaction((client) =>
        saveLinks(
          client,
          { ...org, generation },
          links.map(([customerId, sobject, recordId]) => ({ customerId, sobject, recordId })),
          NOW,
        ),
      );

    it('are remembered, the newest for each customer, per generation of the connection', async () => {
      const [a = '', b = ''] = await recognize(sighting(), sighting());
      await save(1, [a, 'Lead', '00Q1'], [b, 'Lead', '00Q2']);
      await save(1, [a, 'Lead', '00Q3'], [a, 'Contact', '0031']);
      await save(2, [a, 'Lead', '00Q9']);
      expect(await readLinks(store, org, [a, b, 'c-nobody'])).toEqual(
        new Map([
          [a, { sobject: 'Contact', recordId: '0031' }],
          [b, { sobject: 'Lead', recordId: '00Q2' }],
        ]),
      );
    });

    it('are none of none', async () => {
      await save(1);
      expect(await readLinks(store, org, [])).toEqual(new Map());
    });
  });
});
