import fc from 'fast-check';
import { customer } from '../../test/support/builders';
import { candidate, found, HOST, HOST_ID, settingsWith, written } from '../../test/support/candidate';
import { field, orgView } from '../../test/support/schema';
import type { JsonValue } from '../booking/booking-event';
import { BOOKING_STATUSES } from '../booking/booking';
import type { Candidate } from '../match/candidate';
import { followUpQueries, withFollowUps } from '../match/follow-ups';
import { match } from '../match/match';
import type { Directory, Found, FoundRecord, Match } from '../match/match-types';
import { queriesFor } from '../match/queries';
import { planBatch } from '../plan/plan-batch';
import { planChange } from '../plan/plan-change';
import { checkComposite } from '../salesforce/composite';
import { aloneRequests, groupsIntoCalls, intoCalls, writeRequests, type WriteRequest } from './requests';
import { settle } from './settle';

/** Few values each, so that bookings meet in customers, e-mails, keys and records, also in another case. */
const oneOf = <T>(...values: T[]) => fc.constantFrom(...values);
const id = (prefix: string, number: number) => `${prefix}${String(number).padStart(12, '0')}AAA`;
const EMAILS = ['a@example.test', 'A@Example.test', 'b@example.test', "o'x@example.test", 'nobody', null];
const LEADS = [1, 2].map((number) => id('00Q', number));
const CONTACTS = [1, 2].map((number) => id('003', number));
const NOTES = ['WhoId', 'whoid', 'OwnerId', 'Booking_Id__c', 'Booking_Customer_Id__c', 'Notes__c', 'Id', 'Vip__c'];

const org = orgView({
  fields: {
    Event: [field('Notes__c'), field('Vip__c', { type: 'boolean', length: 0, nillable: false })],
    Lead: [field('Notes__c', { nillable: false }), field('Vip__c', { type: 'date', length: 0 })],
    Contact: [field('Notes__c')],
  },
});

const settings = fc
  .record({
    searchOrder: oneOf(['Contact', 'Lead'] as const, ['Lead', 'Contact'] as const, ['Lead'] as const),
    ambiguous: oneOf('park' as const, 'mostRecentlyModified' as const),
    row: fc.record({
      field: oneOf(...NOTES),
      from: oneOf('answers.note', 'customer.email'),
      when: oneOf('always' as const, 'onlyIfEmpty' as const, 'onCreate' as const),
    }),
  })
  .map(({ searchOrder, ambiguous, row }) =>
    settingsWith({
      rules: { searchOrder: [...searchOrder], ambiguous },
      rows: { Lead: [row], Contact: [row], Event: [row] },
    }),
  );

const someone = fc.record({
  customerId: oneOf('c-1', 'c-2', 'C-1', 'c-3'),
  email: oneOf(...EMAILS),
  key: oneOf('uid', 'UID', 'other'),
  source: oneOf('cal', 'once'),
  recordId: oneOf(null, ...LEADS, ...CONTACTS, HOST_ID, "00Q' OR", LEADS[0]?.slice(0, 15) ?? ''),
  link: oneOf(null, ...LEADS.map((recordId) => ({ sobject: 'Lead', recordId })), { sobject: 'Lead', recordId: '' }),
  status: oneOf(...BOOKING_STATUSES),
  note: fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), oneOf<JsonValue>(null, true, 5, ['x'])),
  company: oneOf(null, 'Example Offices KK'),
  allDay: fc.boolean(),
  isTwin: fc.boolean(),
  isWritten: fc.boolean(),
  settings,
});

const batch = fc.array(someone, { minLength: 1, maxLength: 12 }).map((people) =>
  people.map((one, index): Candidate => {
    const { customerId, recordId, link, status } = one;
    // A booking is in a batch once: its key differs from that of every other, if only in case.
    const externalId = `${one.source}:${one.key}-${Math.floor(index / 2)}${index % 2 === 0 ? '-x' : '-X'}`;
    const person = customer('x@example.test', { email: one.email, company: one.company });
    return candidate(String(index), {
      customerId,
      link,
      externalId,
      settings: one.settings,
      written: one.isWritten ? written({ eventId: id('00U', index) }) : null,
      booking: { mergedInto: one.isTwin ? 'booking-root' : null },
      state: { customer: person, recordId, status, answers: { note: one.note }, allDay: one.allDay },
    });
  }),
);

const record = (recordId: string) =>
  fc.record({
    Id: fc.constant(recordId),
    Email: oneOf(...EMAILS),
    Booking_Customer_Id__c: oneOf(null, 'c-1', 'c-2', 'c-other'),
    LastModifiedDate: oneOf('2026-09-01T00:00:00.000+0000', '2026-09-02T00:00:00.000+0000'),
    ...(recordId.startsWith('00Q') && { IsConverted: fc.boolean(), ConvertedContactId: oneOf(null, ...CONTACTS) }),
  });
const people = fc.record({
  Lead: fc.tuple(...LEADS.map(record)),
  Contact: fc.tuple(...CONTACTS.map(record)),
  deletedEvents: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
  hasEvents: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
});

const NOW = new Date(0);
const NOBODY: Directory = { users: new Map(), queues: new Map() };
const HOSTS: Directory = { users: new Map([[HOST, HOST_ID]]), queues: new Map() };

/** Matches as a turn does, in an org that has nothing more to tell. */
function matchAll(candidates: Candidate[], known: Found): Map<string, Match> {
  for (let round = 0, all = known; ; round += 1) {
    const { matches, followUps } = match(candidates, all, HOSTS, org);
    if (followUps.length === 0) return matches;
    expect(round).toBeLessThan(5);
    for (const { soql } of followUpQueries(followUps, candidates, org)) expect(soql).not.toMatch(/IN \(\)|Id IN \(''/);
    all = withFollowUps(all, followUps, new Map());
  }
}

type Sent = Record<string, unknown> & { id?: string; Booking_Id__c?: string; Booking_Customer_Id__c?: string };
const rowsOf = ({ request }: WriteRequest): Sent[] => (request.body as { records?: Sent[] } | undefined)?.records ?? [];

describe('a batch of any bookings', () => {
  it('is planned for every one of them, and sent within what Salesforce takes', () => {
    fc.assert(
      fc.property(batch, people, (candidates, { Lead, Contact, hasEvents, deletedEvents }) => {
        const Event: FoundRecord[] = candidates
          .map(({ externalId }, index) => ({
            Id: id('00U', index),
            Booking_Id__c: externalId,
            IsDeleted: deletedEvents[index],
            WhoId: null,
            OwnerId: HOST_ID,
          }))
          .filter((_event, index) => hasEvents[index]);
        for (const { soql } of queriesFor(candidates, org, NOBODY)) expect(soql).not.toMatch(/IN \(\)|Id IN \(''/);
        for (const one of candidates) planChange(one, org, NOW);

        const matches = matchAll(candidates, found({ Lead, Contact, Event }));
        const plan = planBatch(candidates, matches, { org, directory: HOSTS, generation: 1, now: NOW });
        const requests = writeRequests(plan, org);

        for (const call of intoCalls(requests)) checkComposite(call.map(({ request }) => request));
        const alone = aloneRequests(
          requests.flatMap(({ rows }) => rows),
          org,
        );
        for (const call of groupsIntoCalls(alone)) checkComposite(call.map(({ request }) => request));
        for (const request of requests) {
          const sent = rowsOf(request);
          const keys = sent.map((row) =>
            (row.id ?? row.Booking_Id__c ?? row.Booking_Customer_Id__c ?? '').toLowerCase(),
          );
          expect(new Set(keys).size).toBe(sent.length);
          for (const row of sent.filter(({ id: recordId }) => recordId !== undefined)) {
            expect(Object.keys(row)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^Who/i)]));
          }
        }

        const settled = settle(candidates, plan, new Map(), {
          now: new Date(0),
          random: () => 1,
          tried: new Map(),
          isOrgRefusing: false,
        });
        settled.forEach(({ parts, dueAt }, index) => {
          const part = parts.event;
          // Nothing was answered, so nothing may count as done that was to be sent.
          const isSent = [...plan.events, ...plan.deletions].some(
            ({ bookingId }) => bookingId === candidates[index]?.booking.id,
          );
          expect(part).toBeDefined();
          if (isSent) expect(part?.state).toBe('waiting');
          if (part?.state === 'waiting' && part.isRetried) expect(dueAt).not.toBeNull();
          if (part?.state === 'parked') expect(part.code).not.toBe('INTERNAL_ERROR');
          for (const each of Object.values(parts)) {
            if (each.state === 'waiting') expect(each.cause).not.toMatch(/@|example/);
          }
        });
      }),
      { numRuns: 300 },
    );
  });
});
