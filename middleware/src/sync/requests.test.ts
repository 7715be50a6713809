import { CONTACT_ID, EVENT_ID, LEAD_ID } from '../../test/support/candidate';
import { orgView } from '../../test/support/schema';
import { eventRow as event, personRow as person, planWith as planOf } from '../../test/support/rows';
import type { EventRow, RecordRow } from '../plan/plan';
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

const many = <T>(count: number, make: (name: string) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(String(index).padStart(4, '0')));
const bodyOf = ({ request }: WriteRequest) =>
  request.body as { allOrNone: boolean; records: Record<string, unknown>[] };
const idOf = (number: number) => `00U${String(number).padStart(12, '0')}AAA`;

describe('writeRequests', () => {
  it('sends people before the Events about them, changes before deletes, each as a collection', () => {
    const requests = writeRequests(
      planOf({
        records: [
          person('lead'),
          person('contact', { object: 'Contact' }),
          person('known', { recordId: LEAD_ID }),
          person('other', { object: 'Contact', recordId: CONTACT_ID }),
        ],
        events: [event('changed', { recordId: EVENT_ID, who: null }), event('lead')],
        deletions: [{ bookingId: 'booking-twin', recordId: '00U000000000002AAA' }],
      }),
      org,
    );
    expect(requests.map(({ request }) => [request.referenceId, request.method, request.path])).toEqual([
      ['newLead0', 'PATCH', '/composite/sobjects/Lead/Booking_Customer_Id__c'],
      ['newContact0', 'PATCH', '/composite/sobjects/Contact/Booking_Customer_Id__c'],
      ['records0', 'PATCH', '/composite/sobjects'],
      ['newEvents0', 'PATCH', '/composite/sobjects/Event/Booking_Id__c'],
      ['events0', 'PATCH', '/composite/sobjects'],
      ['deletions0', 'DELETE', '/composite/sobjects?ids=00U000000000002AAA&allOrNone=false'],
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
      { row: person('alpha') },
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

  it('points an Event at what it is related to', () => {
    const what = { row: person('alpha', { part: 'related', object: 'Case', keyField: 'Booking_Id__c', key: 'cal:1' }) };
    const known = { recordId: '001000000000001AAA' };
    const [created, changed] = writeRequests(
      planOf({
        events: [event('alpha', { who: null, what }), event('beta', { recordId: EVENT_ID, who: null, what: known })],
      }),
      org,
    );
    expect(bodyOf(created as WriteRequest).records[0]).toMatchObject({
      What: { attributes: { type: 'Case' }, Booking_Id__c: 'cal:1' },
    });
    expect(bodyOf(changed as WriteRequest).records[0]).toMatchObject({ WhatId: known.recordId });
  });

  it('sends what is pointed at before what points at it, by nested key', () => {
    const account = person('alpha', { object: 'Account', key: 'c-alpha:account' });
    const contact = person('alpha', { object: 'Contact', references: { Account: account } });
    const support = person('alpha', {
      part: 'related',
      object: 'Case',
      keyField: 'Booking_Id__c',
      key: 'cal:1',
      references: { Contact: contact },
    });
    const requests = writeRequests(planOf({ records: [support, contact, account] }), org);
    expect(requests.map(({ request }) => request.path)).toEqual([
      '/composite/sobjects/Account/Booking_Customer_Id__c',
      '/composite/sobjects/Contact/Booking_Customer_Id__c',
      '/composite/sobjects/Case/Booking_Id__c',
    ]);
    expect(bodyOf(requests[2] as WriteRequest).records[0]).toMatchObject({
      Contact: { attributes: { type: 'Contact' }, Booking_Customer_Id__c: 'c-alpha' },
    });
  });

  it('asks for assignment rules for those rows only that want them', () => {
    const requests = writeRequests(
      planOf({
        records: [
          person('a'),
          person('b', { autoAssign: true }),
          person('c', { recordId: LEAD_ID, autoAssign: true }),
          person('d', { recordId: CONTACT_ID, object: 'Contact' }),
        ],
      }),
      org,
    );
    expect(
      requests.map(({ request, rows }) => [
        rows.length,
        request.httpHeaders?.['Sforce-Auto-Assign'],
        request.referenceId,
      ]),
    ).toEqual([
      [1, 'FALSE', 'newLead0'],
      [1, 'TRUE', 'newLeadByRules0'],
      [1, 'FALSE', 'records0'],
      [1, 'TRUE', 'recordsByRules0'],
    ]);
  });

  it('sorts rows by key, whatever order they were planned in', () => {
    const names = ['gamma', 'alpha', 'beta'];
    const requests = writeRequests(
      planOf({ records: names.map((name) => person(name)), events: names.map((name) => event(name)) }),
      org,
    );
    for (const { rows } of requests) {
      expect(rows.map(({ row }) => ('key' in row ? row.key : (row as EventRow).externalId).slice(-5))).toEqual([
        'alpha',
        '-beta',
        'gamma',
      ]);
    }
  });

  it('splits into collections of 200 rows, and remembers which rows each is about', () => {
    const requests = writeRequests(planOf({ records: many(401, (name) => person(name)) }), org);
    expect(requests.map(({ request, rows }) => [request.referenceId, rows.length])).toEqual([
      ['newLead0', 200],
      ['newLead1', 200],
      ['newLead2', 1],
    ]);
    for (const request of requests) {
      const keys = request.rows.map(({ row }) => (row as RecordRow).key);
      expect(bodyOf(request).records.map((row) => row['Booking_Customer_Id__c'])).toEqual(keys);
    }
  });

  it.each([
    ['new people', { records: [person('a', { key: 'C-1' }), person('b', { key: 'c-1' })] }],
    ['new Events', { events: [event('a', { externalId: 'cal:UID' }), event('b', { externalId: 'cal:uid' })] }],
    ['known Events', { events: [event('a', { recordId: EVENT_ID }), event('b', { recordId: EVENT_ID })] }],
    ['known people', { records: [person('a', { recordId: LEAD_ID }), person('b', { recordId: LEAD_ID })] }],
  ])('puts a key that comes twice, ignoring case, into collections of their own: %s', (_title, more) => {
    const requests = writeRequests(planOf(more), org);
    expect(requests.map(({ rows }) => rows.length)).toEqual([1, 1]);
    expect(new Set(requests.map(({ request }) => request.referenceId)).size).toBe(2);
  });

  it('uses the names of the package in the org', () => {
    const requests = writeRequests(
      planOf({ records: [person('a')], events: [event('a')] }),
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
      planOf({ records: many(1_100, (name) => person(name)), events: [event('0000')] }),
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
    const plan = planOf({ records: many(200, (name) => person(name)), events: many(200, (name) => event(name)) });
    expect(intoCalls(writeRequests(plan, org))).toHaveLength(1);
  });
});

describe('aloneRequests', () => {
  const recordRow = (row: RecordRow): PlannedRow => ({ kind: 'record', row });
  const eventRow = (row: EventRow): PlannedRow => ({ kind: 'event', row });

  it('sends a new person with its Events behind it, which name it by what the call answers', () => {
    const lead = person('a');
    const failed = [recordRow(lead), eventRow(event('b')), eventRow(event('a', { who: { row: lead } }))];
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
      recordRow(person('a', { recordId: LEAD_ID })),
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
    const failed = [recordRow(person('a')), eventRow(event('a'))];
    expect(
      aloneRequests(failed, org)
        .flat()
        .flatMap(({ rows }) => rows),
    ).toEqual(failed);
  });

  it('brings groups together that a row points into: all of it goes in one call', () => {
    const [account, contact] = [person('a', { object: 'Account' }), person('b', { object: 'Contact' })];
    const both = person('c', { object: 'Case', references: { Account: account, Contact: contact } });
    const groups = aloneRequests([recordRow(account), recordRow(contact), recordRow(both)], org);
    expect(groups.map((group) => group.length)).toEqual([3]);
    expect(groups[0]?.[2]?.request.body).toMatchObject({
      AccountId: '@{alone0.id}',
      ContactId: '@{alone1.id}',
    });
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
