import { CONTACT_ID, EVENT_ID } from '../../test/support/candidate';
import { eventRow, personRow, planWith } from '../../test/support/rows';
import { orgView } from '../../test/support/schema';
import type { EventRow, RecordRow } from '../plan/plan';
import type { RowResult } from '../salesforce/composite';
import { eventsWithoutRelated, failedRows } from './failed-rows';
import { writeRequests, type PlannedRow } from './requests';

const DONE: RowResult = { success: true, id: EVENT_ID, created: true };
const refused = (code: string): RowResult => ({ success: false, errors: [{ code, message: '', fields: [] }] });
const INVALID = refused('FIELD_CUSTOM_VALIDATION_EXCEPTION');
const LOCKED = refused('UNABLE_TO_LOCK_ROW');
const DUPLICATE = refused('DUPLICATES_DETECTED');

const [one, two] = [personRow('one'), personRow('two')];
const eventOf = (row: RecordRow, name: string) => eventRow(name, { who: { row } });

function failedOf(records: [RecordRow, RowResult][], events: [EventRow, RowResult][] = []): string[] {
  const plan = planWith({ records: records.map(([row]) => row), events: events.map(([row]) => row) });
  const results = new Map<PlannedRow['row'], RowResult>([...records, ...events]);
  return failedRows(writeRequests(plan, orgView()), results).map((planned) =>
    planned.kind === 'record' ? planned.row.key : planned.kind === 'event' ? planned.row.externalId : '',
  );
}

describe('failedRows', () => {
  it.each<[string, RowResult, RowResult, string[]]>([
    ['one that failed among others', INVALID, DONE, ['c-one']],
    ['all that failed', INVALID, INVALID, ['c-one', 'c-two']],
    ['none that waits for the org', LOCKED, DONE, []],
    ['none that was written', DONE, DONE, []],
  ])('sends %s again', (_title, first, second, expected) => {
    expect(
      failedOf([
        [one, first],
        [two, second],
      ]),
    ).toEqual(expected);
  });

  it('takes along an Event that was held back for the id of its refused person, and no other', () => {
    const [refusedOne, fine] = [eventOf(one, 'refused'), eventOf(two, 'fine')];
    const requests = writeRequests(planWith({ records: [one, two] }), orgView());
    const held = [refusedOne, fine].map((row) => ({ kind: 'event', row }) as const);
    const results = new Map<PlannedRow['row'], RowResult>([
      [one, INVALID],
      [two, DONE],
    ]);
    const failed = failedRows([...requests, { rows: held }], results);
    expect(failed.map(({ row }) => row)).toEqual([one, refusedOne]);
  });

  it('sends nothing again that failed alone already, but for the duplicates that only then are named', () => {
    expect(failedOf([[one, INVALID]])).toEqual([]);
    expect(failedOf([[one, DUPLICATE]])).toEqual(['c-one']);
  });

  it('takes along what points at a refused record, after it, and no innocent', () => {
    const events: [EventRow, RowResult][] = [
      [eventOf(one, 'one'), INVALID],
      [eventOf(two, 'two'), DONE],
    ];
    expect(
      failedOf(
        [
          [one, INVALID],
          [two, DONE],
        ],
        events,
      ),
    ).toEqual(['c-one', 'cal:uid-one']);
  });

  it('leaves behind what points at a record that is not sent again', () => {
    const events: [EventRow, RowResult][] = [
      [eventOf(one, 'one'), INVALID],
      [eventOf(two, 'two'), DONE],
    ];
    expect(
      failedOf(
        [
          [one, LOCKED],
          [two, DONE],
        ],
        events,
      ),
    ).toEqual([]);
  });

  it('follows from a company to its Contact to the Event', () => {
    const account = personRow('firm', { object: 'Account' });
    const contact = personRow('one', { object: 'Contact', references: { Account: account } });
    const other = personRow('other', { object: 'Account' });
    expect(
      failedOf(
        [
          [account, INVALID],
          [other, DONE],
          [contact, INVALID],
        ],
        [[eventOf(contact, 'one'), INVALID]],
      ),
    ).toEqual(['c-firm', 'c-one', 'cal:uid-one']);
  });
});

describe('eventsWithoutRelated', () => {
  const made = personRow('alpha', { part: 'related', object: 'Case', keyField: 'Booking_Id__c', key: 'cal:uid-alpha' });
  const contact = personRow('alpha', { object: 'Contact' });
  const known = eventRow('alpha', { who: { recordId: CONTACT_ID }, what: { row: made } });
  const ofNew = eventRow('alpha', { who: { row: contact }, what: { row: made } });
  const account = personRow('alpha', { object: 'PersonAccount' });
  const ofAccount = eventRow('alpha', { who: null, what: { row: made }, whatElse: { row: account } });

  it.each<[string, EventRow, [PlannedRow['row'], RowResult][], object[]]>([
    [
      'drops a Case that is refused',
      known,
      [
        [made, INVALID],
        [known, INVALID],
      ],
      [{ who: { recordId: CONTACT_ID }, what: null }],
    ],
    [
      'drops it beside a new person',
      ofNew,
      [
        [contact, DONE],
        [made, INVALID],
        [ofNew, INVALID],
      ],
      [{ who: { row: contact }, what: null }],
    ],
    [
      'takes what stands in for it',
      ofAccount,
      [
        [account, DONE],
        [made, INVALID],
        [ofAccount, INVALID],
      ],
      [{ who: null, what: { row: account } }],
    ],
    [
      'waits for a Case that only waits for the org',
      known,
      [
        [made, LOCKED],
        [known, INVALID],
      ],
      [],
    ],
    [
      'waits for a person who was refused as well',
      ofNew,
      [
        [contact, INVALID],
        [made, INVALID],
        [ofNew, INVALID],
      ],
      [],
    ],
    [
      'leaves an Event alone that failed for itself',
      known,
      [
        [made, DONE],
        [known, INVALID],
      ],
      [],
    ],
    [
      'leaves an Event alone that was written',
      known,
      [
        [made, INVALID],
        [known, DONE],
      ],
      [],
    ],
    ['makes no Event that would point at nothing', { ...known, who: null }, [[made, INVALID]], []],
  ])('%s', (_title, event, results, expected) => {
    const without = eventsWithoutRelated([event], new Map(results));
    expect(without).toMatchObject(expected);
    expect(without).toHaveLength(expected.length);
  });
});
