import { CONTACT_ID, EVENT_ID, LEAD_ID } from '../../test/support/candidate';
import { orgView } from '../../test/support/schema';
import type { EventRow, PersonRow, Plan } from '../plan/plan';
import { checkComposite } from '../salesforce/composite';
import {
  aloneRequests,
  groupsIntoCalls,
  intoCalls,
  writeRequests,
  type PlannedRow,
  type WriteRequest,
} from './requests';

const org = orgView();

const person = (name: string, more: Partial<PersonRow> = {}): PersonRow => ({
  sobject: 'Lead',
  recordId: null,
  customerId: `c-${name}`,
  fields: { LastName: name },
  bookingIds: [`booking-${name}`],
  ...more,
});
const event = (name: string, more: Partial<EventRow> = {}): EventRow => ({
  bookingId: `booking-${name}`,
  recordId: null,
  externalId: `cal:uid-${name}`,
  who: { sobject: 'Lead', customerId: `c-${name}` },
  fields: { Subject: name },
  ...more,
});
const planOf = (more: Partial<Plan>): Plan => ({
  people: [],
  events: [],
  deletions: [],
  decisions: new Map(),
  ...more,
});
const many = <T>(count: number, make: (name: string) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(String(index).padStart(4, '0')));
const bodyOf = ({ request }: WriteRequest) =>
  request.body as { allOrNone: boolean; records: Record<string, unknown>[] };
const idOf = (number: number) => `00U${String(number).padStart(12, '0')}AAA`;

describe('writeRequests', () => {
  it('sends people before the Events about them, changes before deletes, each as a collection', () => {
    const requests = writeRequests(
      planOf({
        people: [
          person('lead'),
          person('contact', { sobject: 'Contact' }),
          person('known', { recordId: LEAD_ID }),
          person('other', { sobject: 'Contact', recordId: CONTACT_ID }),
        ],
        events: [event('changed', { recordId: EVENT_ID, who: null }), event('lead')],
        deletions: [{ bookingId: 'booking-twin', recordId: '00U000000000002AAA' }],
      }),
      org,
    );
    expect(requests.map(({ request }) => [request.referenceId, request.method, request.path])).toEqual([
      ['newContact0', 'PATCH', '/composite/sobjects/Contact/Booking_Customer_Id__c'],
      ['newLead0', 'PATCH', '/composite/sobjects/Lead/Booking_Customer_Id__c'],
      ['people0', 'PATCH', '/composite/sobjects'],
      ['newEvents0', 'PATCH', '/composite/sobjects/Event/Booking_Id__c'],
      ['events0', 'PATCH', '/composite/sobjects'],
      ['twins0', 'DELETE', '/composite/sobjects?ids=00U000000000002AAA&allOrNone=false'],
    ]);
    for (const { request } of requests.slice(0, -1)) {
      expect(request.body).toMatchObject({ allOrNone: false });
      expect(request.httpHeaders).toMatchObject({ 'Sforce-Auto-Assign': 'FALSE' });
    }
    // Known people by object: each change of type starts a chunk of its own in Salesforce.
    expect(bodyOf(requests[2] as WriteRequest).records).toEqual([
      { attributes: { type: 'Contact' }, LastName: 'other', id: CONTACT_ID },
      { attributes: { type: 'Lead' }, LastName: 'known', id: LEAD_ID },
    ]);
  });

  it('sends nothing for an empty plan', () => {
    expect(writeRequests(planOf({}), org)).toEqual([]);
  });

  it.each([
    [
      'a new person by nested key, its type first',
      { sobject: 'Lead', customerId: 'c-alpha' },
      { Who: { attributes: { type: 'Lead' }, Booking_Customer_Id__c: 'c-alpha' } },
    ],
    ['a known person by id', { recordId: LEAD_ID }, { WhoId: LEAD_ID }],
    ['nobody', null, {}],
  ])('names %s', (_title, who, expected) => {
    const [request] = writeRequests(planOf({ events: [event('alpha', { who })] }), org);
    const [row] = bodyOf(request as WriteRequest).records;
    expect(row).toEqual({
      attributes: { type: 'Event' },
      Booking_Id__c: 'cal:uid-alpha',
      Subject: 'alpha',
      ...expected,
    });
    // Salesforce refuses a nested reference whose type comes later.
    for (const typed of [row, row?.['Who']].filter((one) => one !== undefined)) {
      expect(Object.keys(typed as object)[0]).toBe('attributes');
    }
  });

  it('never names a person in a change of an Event', () => {
    const changed = event('alpha', { recordId: EVENT_ID, who: { recordId: LEAD_ID } });
    const [collection] = writeRequests(planOf({ events: [changed] }), org);
    const alone = aloneRequests([{ kind: 'event', row: changed }], org).flat();
    for (const request of [collection as WriteRequest, ...alone]) {
      expect(JSON.stringify(request.request.body)).not.toMatch(/Who/);
    }
  });

  it('sorts rows by key, whatever order they were planned in', () => {
    const names = ['gamma', 'alpha', 'beta'];
    const requests = writeRequests(
      planOf({ people: names.map((name) => person(name)), events: names.map((name) => event(name)) }),
      org,
    );
    for (const { rows } of requests) {
      expect(
        rows.map(({ row }) => ('customerId' in row ? row.customerId : (row as EventRow).externalId).slice(-5)),
      ).toEqual(['alpha', '-beta', 'gamma']);
    }
  });

  it('splits into collections of 200 rows, and remembers which rows each is about', () => {
    const requests = writeRequests(planOf({ people: many(401, (name) => person(name)) }), org);
    expect(requests.map(({ request, rows }) => [request.referenceId, rows.length])).toEqual([
      ['newLead0', 200],
      ['newLead1', 200],
      ['newLead2', 1],
    ]);
    for (const request of requests) {
      const keys = request.rows.map(({ row }) => (row as PersonRow).customerId);
      expect(bodyOf(request).records.map((row) => row['Booking_Customer_Id__c'])).toEqual(keys);
    }
  });

  it.each([
    ['new people', { people: [person('a', { customerId: 'C-1' }), person('b', { customerId: 'c-1' })] }],
    ['new Events', { events: [event('a', { externalId: 'cal:UID' }), event('b', { externalId: 'cal:uid' })] }],
    ['known Events', { events: [event('a', { recordId: EVENT_ID }), event('b', { recordId: EVENT_ID })] }],
    ['known people', { people: [person('a', { recordId: LEAD_ID }), person('b', { recordId: LEAD_ID })] }],
  ])('puts a key that comes twice, ignoring case, into collections of their own: %s', (_title, more) => {
    const requests = writeRequests(planOf(more), org);
    expect(requests.map(({ rows }) => rows.length)).toEqual([1, 1]);
    expect(new Set(requests.map(({ request }) => request.referenceId)).size).toBe(2);
  });

  it('uses the names of the package in the org', () => {
    const requests = writeRequests(
      planOf({ people: [person('a')], events: [event('a')] }),
      orgView({ namespace: 'bkconn' }),
    );
    expect(requests.map(({ request }) => request.path)).toEqual([
      '/composite/sobjects/Lead/bkconn__Booking_Customer_Id__c',
      '/composite/sobjects/Event/bkconn__Booking_Id__c',
    ]);
    expect(bodyOf(requests[1] as WriteRequest).records[0]).toMatchObject({
      bkconn__Booking_Id__c: 'cal:uid-a',
      Who: { bkconn__Booking_Customer_Id__c: 'c-a' },
    });
  });
});

describe('intoCalls', () => {
  it('puts five collections into a call, in order', () => {
    const requests = writeRequests(
      planOf({ people: many(1_100, (name) => person(name)), events: [event('0000')] }),
      org,
    );
    const calls = intoCalls(requests);
    expect(calls.map((call) => call.map(({ request }) => request.referenceId))).toEqual([
      ['newLead0', 'newLead1', 'newLead2', 'newLead3', 'newLead4'],
      ['newLead5', 'newEvents0'],
    ]);
    for (const call of calls) checkComposite(call.map(({ request }) => request));
  });

  it('makes no call of nothing', () => {
    expect(intoCalls([])).toEqual([]);
  });

  it('writes 200 new customers in one call', () => {
    const plan = planOf({ people: many(200, (name) => person(name)), events: many(200, (name) => event(name)) });
    expect(intoCalls(writeRequests(plan, org))).toHaveLength(1);
  });
});

describe('aloneRequests', () => {
  const personRow = (row: PersonRow): PlannedRow => ({ kind: 'person', row });
  const eventRow = (row: EventRow): PlannedRow => ({ kind: 'event', row });

  it('sends a new person with its Events behind it, which name it by what the call answers', () => {
    const failed = [personRow(person('a')), eventRow(event('b')), eventRow(event('a'))];
    const groups = aloneRequests(failed, org);
    expect(groups.map((group) => group.map(({ request }) => [request.method, request.path, request.body]))).toEqual([
      [
        ['PATCH', '/sobjects/Lead/Booking_Customer_Id__c/c-a', { LastName: 'a' }],
        ['PATCH', '/sobjects/Event/Booking_Id__c/cal%3Auid-a', { Subject: 'a', WhoId: '@{alone0.id}' }],
      ],
      [
        [
          'PATCH',
          '/sobjects/Event/Booking_Id__c/cal%3Auid-b',
          { Subject: 'b', Who: { attributes: { type: 'Lead' }, Booking_Customer_Id__c: 'c-b' } },
        ],
      ],
    ]);
  });

  it('sends known records by id, alone', () => {
    const failed = [
      personRow(person('a', { recordId: LEAD_ID })),
      eventRow(event('a', { recordId: EVENT_ID, who: null })),
      eventRow(event('b', { who: { recordId: LEAD_ID } })),
    ];
    expect(aloneRequests(failed, org).map((group) => group.map(({ request }) => [request.path, request.body]))).toEqual(
      [
        [[`/sobjects/Lead/${LEAD_ID}`, { LastName: 'a' }]],
        [[`/sobjects/Event/${EVENT_ID}`, { Subject: 'a' }]],
        [['/sobjects/Event/Booking_Id__c/cal%3Auid-b', { Subject: 'b', WhoId: LEAD_ID }]],
      ],
    );
  });

  it('tells which row each is about', () => {
    const failed = [personRow(person('a')), eventRow(event('a'))];
    expect(
      aloneRequests(failed, org)
        .flat()
        .flatMap(({ rows }) => rows),
    ).toEqual(failed);
  });

  it('does not take a Contact for the Lead of the same customer', () => {
    const failed = [personRow(person('a', { sobject: 'Contact' })), eventRow(event('a'))];
    expect(aloneRequests(failed, org).map((group) => group.length)).toEqual([1, 1]);
  });
});

describe('groupsIntoCalls', () => {
  const groups = (sizes: number[]) => {
    let count = 0;
    const next = (): WriteRequest => ({
      request: { method: 'PATCH', path: `/sobjects/Event/${idOf(count)}`, referenceId: `alone${count++}` },
      rows: [],
    });
    return sizes.map((size) => Array.from({ length: size }, next));
  };

  it.each([
    [[2, 2, 2], [6]],
    [many(13, () => 2), [24, 2]],
    [
      [24, 1, 1],
      [25, 1],
    ],
    [
      [24, 2],
      [24, 2],
    ],
    [[30], [25]],
    [[], []],
  ])('keeps groups of %j together in calls of %j', (sizes, expected) => {
    const calls = groupsIntoCalls(groups(sizes));
    expect(calls.map((call) => call.length)).toEqual(expected);
    for (const call of calls) checkComposite(call.map(({ request }) => request));
  });
});
