import { join } from 'node:path';
import { startEmulator, type Emulator } from 'org-emulator';
import type { Candidate } from '../src/match/candidate';
import { askedOf } from '../src/match/directory';
import { followUpQueries, withFollowUps } from '../src/match/follow-ups';
import { match } from '../src/match/match';
import type { Found, FoundRecord, Match } from '../src/match/match-types';
import { queriesFor, type ReadQuery } from '../src/match/queries';
import { answerOf, MAX_QUERY_OR_COLLECTION, queryRequest, readRecords } from '../src/salesforce/composite';
import { connectOrg, type CallReport } from '../src/salesforce/org-connection';
import type { Rules } from '../src/settings/rules';
import { createOrgSession, type OrgSession } from '../src/sync/org-session';
import { customer } from './support/builders';
import { candidate, settingsWith } from './support/candidate';
import { SILENT } from './support/postgres';

const NOW = new Date('2026-10-05T01:12:11.000Z');
const EMAIL = 'alpha@example.test';
const searchOrder: Rules['searchOrder'] = ['PersonAccount', 'Contact', 'Lead', 'Opportunity'];

let emulator: Emulator;
let session: OrgSession;
let calls: CallReport[];
beforeAll(async () => {
  emulator = await startEmulator({
    deployDir: join(__dirname, '../../force-app'),
    settings: { personAccounts: true },
  });
});
afterAll(() => emulator.close());
beforeEach(() => {
  const { url, clientId, clientSecret } = emulator;
  calls = [];
  const onCall = (call: CallReport): void => void calls.push(call);
  session = createOrgSession(
    connectOrg({ loginUrl: url, clientId, clientSecret, allowLoopback: true, log: SILENT, now: () => NOW, onCall }),
  );
});

/** What the administrator does in the org. */
async function request(method: string, path: string, body: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(emulator.url + path, {
    method,
    headers: { authorization: `Bearer ${emulator.accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
}
const create = async (sobject: string, fields: Record<string, unknown>): Promise<string> =>
  String((await request('POST', `/services/data/v67.0/sobjects/${sobject}`, fields))['id']);

async function readAll(queries: ReadQuery[]): Promise<Found> {
  const found = new Map<string, FoundRecord[]>();
  for (let start = 0; start < queries.length; start += MAX_QUERY_OR_COLLECTION) {
    const some = queries.slice(start, start + MAX_QUERY_OR_COLLECTION);
    const answers = await session.connection.composite(
      some.map(({ sobject, soql, all }) => queryRequest(sobject, soql, { all })),
      'read',
    );
    for (const { sobject } of some) found.set(sobject, readRecords(answerOf(answers, sobject)));
  }
  return found;
}

/** Reads and matches as a turn does, with how often it had to read on. */
async function lookUp(candidates: Candidate[]): Promise<{ matches: Map<string, Match>; reads: number }> {
  const org = await session.view();
  const known = session.directory(NOW);
  let found = await readAll(queriesFor(candidates, org, known));
  session.learn(found, askedOf(candidates, known), NOW);
  for (let reads = 0; ; reads += 1) {
    const { matches, followUps } = match(candidates, found, session.directory(NOW), org);
    if (followUps.length === 0) return { matches, reads };
    found = withFollowUps(found, followUps, await readAll(followUpQueries(followUps, candidates, org)));
  }
}
async function lookUpOne(one: Candidate): Promise<Match & { reads: number }> {
  const { matches, reads } = await lookUp([one]);
  const matched = matches.get(one.booking.id);
  if (matched === undefined) throw new Error('Expected a match, got none.');
  return { ...matched, reads };
}

let count = 0;
/** A customer whom no other case knows. */
function somebody(rules: Partial<Rules> = {}, more: Parameters<typeof candidate>[1] = {}) {
  count += 1;
  const name = `someone${count}`;
  const settings = settingsWith({ rules: { searchOrder, ...rules } });
  return { email: `${name}@example.test`, key: `c-${name}`, one: candidate(name, { settings, ...more }), name };
}
/** The same booking, made through a link that carries a record id. */
const through = (recordId: unknown, one: Candidate): Candidate => ({
  ...one,
  booking: { ...one.booking, state: { ...one.booking.state, recordId: String(recordId) } },
});

it('costs one call to describe the org, and one to read', async () => {
  const { one } = somebody({ searchOrder: ['PersonAccount', 'Contact', 'Lead'] });
  await lookUpOne(one);
  await lookUpOne(one);
  expect(calls.map(({ purpose }) => purpose)).toEqual(['describe', 'read', 'read']);
});

it('asks everything that the rules can ask for in words that the org takes, for one booking and for many', async () => {
  const rules: Partial<Rules> = {
    searchOrder,
    unknownCustomer: 'Contact',
    matchPhone: true,
    guests: 'invite',
    fallbackOwner: emulator.username,
    existing: { ...settingsWith().rules.existing, Lead: 'overwrite', Contact: 'fillEmpty', PersonAccount: 'overwrite' },
    owner: {
      ...settingsWith().rules.owner,
      Lead: { onCreate: { kind: 'queue', queue: 'New_Leads' }, onExisting: { kind: 'keep' } },
    },
  };
  const withAccounts = (['companyName', 'emailDomain'] as const).flatMap((contactAccount) =>
    (['Case', 'Opportunity'] as const).map((alsoCreate) => {
      const person = customer(`o'brien${count}@acme.test`, {
        phone: '+81 90-1234-5678',
        company: 'O\'Brien & "Co" \\ %',
      });
      const event = { customer: person, guests: [{ email: 'guest@example.test' }] };
      return through('500000000000001AAA', somebody({ ...rules, contactAccount, alsoCreate }, { event }).one);
    }),
  );
  const { matches } = await lookUp(withAccounts);
  expect([...matches.values()].map(({ person }) => person.kind)).toEqual(['create', 'create', 'create', 'create']);
  for (const one of withAccounts) expect((await lookUpOne(one)).ownerId).toBe(emulator.adminUserId);
});

it('finds a Person Account by e-mail, by its key, and by the id of its Contact', async () => {
  const { email, key, one } = somebody();
  const id = await create('Account', { LastName: 'Sato', PersonEmail: email });
  const byEmail = await lookUpOne(one);
  expect(byEmail.person).toMatchObject({ kind: 'found', object: 'PersonAccount', recordId: id, via: 'email' });
  const whoId = byEmail.person.kind === 'found' ? byEmail.person.whoId : null;
  expect(whoId).toMatch(/^003/);

  expect((await lookUpOne(through(whoId, one))).person).toMatchObject({
    object: 'PersonAccount',
    recordId: id,
    via: 'link',
  });

  await request('PATCH', `/services/data/v67.0/sobjects/Account/${id}`, { Booking_Customer_Id__c: key });
  expect((await lookUpOne(one)).person).toMatchObject({ recordId: id, whoId, via: 'customerId' });
});

it('goes on with the Contact of a converted Lead', async () => {
  const { email, one } = somebody();
  const leadId = await create('Lead', { LastName: 'Sato', Company: 'Acme', Email: email });
  expect((await lookUpOne(one)).person).toMatchObject({ object: 'Lead', recordId: leadId, via: 'email' });
  const { contactId } = await request('POST', '/__emulator__/convert-lead', { leadId });
  const linked = { ...one, link: { sobject: 'Lead', recordId: leadId } };
  expect(await lookUpOne(linked)).toMatchObject({
    person: { object: 'Contact', recordId: contactId, via: 'storedLink', record: { Email: email } },
  });
});

it('follows a merged Contact to its master', async () => {
  const { one } = somebody();
  const [masterId, loserId] = [await create('Contact', { LastName: 'A' }), await create('Contact', { LastName: 'B' })];
  await request('POST', '/__emulator__/merge', { masterId, loserIds: [loserId] });
  const linked = { ...one, link: { sobject: 'Contact', recordId: loserId } };
  expect(await lookUpOne(linked)).toMatchObject({ person: { recordId: masterId, via: 'storedLink' }, reads: 1 });
});

it('takes a deleted Contact for nobody', async () => {
  const { email, key, one } = somebody();
  const id = await create('Contact', { LastName: 'A', Email: email, Booking_Customer_Id__c: key });
  expect((await lookUpOne(one)).person).toMatchObject({ recordId: id, via: 'customerId' });
  await request('DELETE', `/services/data/v67.0/sobjects/Contact/${id}`, undefined);
  expect((await lookUpOne({ ...one, link: { sobject: 'Contact', recordId: id } })).person.kind).toBe('create');
});

it('takes the Contact of a Case with the Case, in one read', async () => {
  const { email, one } = somebody();
  const ContactId = await create('Contact', { LastName: 'A', Email: email });
  const recordId = await create('Case', { Subject: 'Help', ContactId });
  const matched = await lookUpOne(through(recordId, one));
  expect(matched).toMatchObject({
    person: { object: 'Contact', recordId: ContactId, via: 'related' },
    related: { object: 'Case', recordId },
    reads: 0,
  });
});

it('knows the Case that it made for a booking, and that somebody deleted it', async () => {
  const { one } = somebody({ alsoCreate: 'Case' });
  const id = await create('Case', { Subject: 'Help', Booking_Id__c: one.externalId });
  expect((await lookUpOne(one)).related).toMatchObject({ object: 'Case', recordId: id, via: 'bookingId' });
  await request('DELETE', `/services/data/v67.0/sobjects/Case/${id}`, undefined);
  expect(await lookUpOne(one)).toMatchObject({ related: null, isRelatedDeleted: true });
});

it('finds a number that was typed otherwise, a name, and a company by its website', async () => {
  const caller = somebody({ matchPhone: true });
  const typed = customer(caller.email, { phone: '+1 415 555 0142', name: 'No Match At All' });
  const one = candidate(caller.name, {
    settings: settingsWith({ rules: { searchOrder, matchPhone: true } }),
    event: { customer: typed },
  });
  const leadId = await create('Lead', { LastName: 'A', Company: 'B', MobilePhone: '(415) 555-0142' });
  expect((await lookUpOne(one)).person).toMatchObject({ recordId: leadId, via: 'phone' });

  const client = somebody({ searchOrder: ['Opportunity'], unknownCustomer: 'Opportunity' });
  const name = `visitor ${client.name}`;
  const clientId = await create('Opportunity', { Name: name, StageName: 'Prospecting', CloseDate: '2026-12-01' });
  expect((await lookUpOne(client.one)).person).toMatchObject({ recordId: clientId, via: 'name', whoId: null });

  const employee = candidate('employee', {
    settings: settingsWith({ rules: { unknownCustomer: 'Contact', contactAccount: 'emailDomain' } }),
    event: { customer: customer('employee@acme-kk.test') },
  });
  const accountId = await create('Account', { Name: 'Acme KK', Website: 'https://www.Acme-KK.test/' });
  expect((await lookUpOne(employee)).account).toEqual({ kind: 'found', recordId: accountId, via: 'emailDomain' });
});

it('knows who is invited, also to an Event that it did not know', async () => {
  const guest = 'invited@example.test';
  const contactId = await create('Contact', { LastName: 'Guest', Email: guest });
  const { one } = somebody({ guests: 'invite', searchOrder: ['Lead'] }, { event: { guests: [{ email: guest }] } });
  const withCustomer = {
    ...one,
    booking: { ...one.booking, state: { ...one.booking.state, customer: customer(EMAIL) } },
  };
  const EventId = await create('Event', {
    Subject: 'Intro',
    StartDateTime: '2026-12-01T01:00:00Z',
    DurationInMinutes: 30,
    Booking_Id__c: one.externalId,
  });
  await create('EventRelation', { EventId, RelationId: contactId });
  expect(await lookUpOne(withCustomer)).toMatchObject({
    event: { Id: EventId },
    guestIds: [contactId],
    invitedIds: [contactId],
    reads: 1,
  });
});
