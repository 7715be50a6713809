import {
  candidate,
  CONTACT_ID,
  EVENT_FIELDS,
  EVENT_ID,
  HOST,
  HOST_ID,
  LEAD_ID,
  written,
} from '../../test/support/candidate';
import type { PartOutcome, Written } from '../booking/outcome';
import type { Candidate } from '../match/candidate';
import { eventRow, personRow, planWith } from '../../test/support/rows';
import type { Decision, EventRow, RecordRow } from '../plan/plan';
import type { RowError, RowResult } from '../salesforce/composite';
import type { PlannedRow } from './requests';
import { isWorthSendingAlone, outcomeOf, retryDelayMs, settle } from './settle';

const NOW = new Date('2026-10-05T01:12:11.000Z');
const done = (id: string, created: boolean | null = true): RowResult => ({ success: true, id, created });
const refused = (code: string, message = '', more: Partial<RowError> = {}): RowResult => ({
  success: false,
  errors: [{ code, message, fields: [], ...more }],
});

const EXPECTED: Omit<Written, 'eventId'> = {
  generation: 1,
  whoId: null,
  whatId: null,
  ownerId: HOST_ID,
  person: null,
  host: HOST,
  status: 'Scheduled',
  fields: EVENT_FIELDS,
};

const newPerson = (more: Partial<RecordRow> = {}): RecordRow => personRow('alpha', more);
/** About a person of whom nothing is known but the key, unless a row is given. */
const newEvent = (more: Partial<EventRow> = {}): EventRow => eventRow('alpha', more);
const decided = (more: Partial<Decision> = {}): Decision => ({
  parts: {},
  expected: EXPECTED,
  eventId: null,
  steps: [{ step: 'e-mail', outcome: 'none' }],
  ...more,
});

/** Settles one candidate: the rows of its plan, each with the result it got, or undefined when it was never sent. */
function settleOne({
  one = candidate(),
  person,
  related,
  event,
  deletion,
  decision = decided(),
  attempts = 0,
  looks = 0,
  isOrgRefusing = false,
}: {
  one?: Candidate;
  person?: [RecordRow, RowResult | undefined];
  related?: [RecordRow, RowResult | undefined];
  event?: [EventRow, RowResult | undefined];
  deletion?: [string, RowResult | undefined];
  decision?: Decision;
  attempts?: number;
  looks?: number;
  isOrgRefusing?: boolean;
}) {
  const results = new Map<PlannedRow['row'], RowResult>();
  const take = <R extends PlannedRow['row']>([row, result]: [R, RowResult | undefined]): R => {
    if (result !== undefined) results.set(row, result);
    return row;
  };
  const records = [person, related].flatMap((taken) => (taken === undefined ? [] : [take(taken)]));
  const [ofPerson] = person ?? [];
  // A new Event is about the new person, unless a test says otherwise.
  const isDefault = event !== undefined && event[0].who !== null && 'row' in event[0].who;
  if (isDefault && ofPerson?.recordId === null) event[0].who = { row: ofPerson };
  const plan = planWith({
    records,
    events: event === undefined ? [] : [take(event)],
    deletions:
      deletion === undefined ? [] : [take([{ bookingId: one.booking.id, recordId: deletion[0] }, deletion[1]])],
    decisions: new Map([[one.booking.id, decision]]),
  });
  const [settlement] = settle([one], plan, results, {
    now: NOW,
    random: () => 1,
    tried: new Map([[one.booking.id, { attempts, looks }]]),
    isOrgRefusing,
  });
  if (settlement === undefined) throw new Error('Expected a settlement, got none.');
  return settlement;
}

const LOCKED = refused('UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record');
const KNOWN = { sobject: 'Lead', recordId: LEAD_ID };

describe('settle', () => {
  it('remembers what was written of a new customer, and looks no more', () => {
    const settlement = settleOne({ person: [newPerson(), done(LEAD_ID)], event: [newEvent(), done(EVENT_ID)] });
    expect(settlement).toEqual({
      bookingId: 'booking-alpha',
      revision: 3,
      settingsVersion: 7,
      parts: {
        person: { state: 'written', sobject: 'Lead', recordId: LEAD_ID },
        event: { state: 'written', sobject: 'Event', recordId: EVENT_ID },
      },
      written: { ...EXPECTED, eventId: EVENT_ID, whoId: LEAD_ID, person: KNOWN, related: null },
      dueAt: null,
      attempts: 0,
      steps: [{ step: 'e-mail', outcome: 'none' }],
    });
  });

  it('knows the records of updates that were answered without an id', () => {
    const { parts, written: remembered } = settleOne({
      person: [newPerson({ recordId: LEAD_ID }), done('', null)],
      event: [newEvent({ recordId: EVENT_ID }), done('', null)],
      decision: decided({ eventId: EVENT_ID, expected: { ...EXPECTED, whoId: CONTACT_ID, person: KNOWN } }),
    });
    expect(parts).toEqual({
      person: { state: 'written', sobject: 'Lead', recordId: LEAD_ID },
      event: { state: 'written', sobject: 'Event', recordId: EVENT_ID },
    });
    expect(remembered).toMatchObject({ eventId: EVENT_ID, whoId: CONTACT_ID, person: KNOWN });
  });

  it('takes an Event for written that is as it should be', () => {
    const { parts, written: remembered } = settleOne({
      decision: decided({
        parts: {
          person: { state: 'written', ...KNOWN },
          event: { state: 'written', sobject: 'Event', recordId: EVENT_ID },
        },
        eventId: EVENT_ID,
        expected: { ...EXPECTED, whoId: LEAD_ID, person: KNOWN },
      }),
    });
    expect(parts.event).toMatchObject({ state: 'written' });
    expect(remembered).toMatchObject({ eventId: EVENT_ID, person: KNOWN });
  });

  describe('of a person who was refused', () => {
    it.each([
      [
        'parks the person for its cause',
        refused('REQUIRED_FIELD_MISSING', 'Required fields are missing: [Company]'),
        'parked',
        null,
      ],
      ['tries the person again', LOCKED, 'waiting', new Date(NOW.getTime() + 2_000)],
    ])('%s, and lets its Event wait, whatever that says', (_title, result, state, dueAt) => {
      const settlement = settleOne({
        person: [newPerson(), result],
        event: [
          newEvent(),
          refused('INVALID_FIELD', 'Foreign key external ID: c-alpha not found for field X in entity Lead'),
        ],
      });
      expect(settlement.parts).toMatchObject({
        person: { state },
        event: { state: 'waiting', cause: 'the Event waits for its person', isRetried: false },
      });
      expect(settlement).toMatchObject({ written: null, dueAt });
    });

    it('holds the Event of every booking of that person', () => {
      const shared = newPerson({ bookingIds: ['booking-alpha', 'booking-beta'] });
      const other = candidate('beta');
      const settlement = settleOne({
        one: other,
        person: [shared, refused('STRING_TOO_LONG')],
        event: [newEvent({ bookingId: 'booking-beta' }), refused('INVALID_FIELD', 'Foreign key external ID: c')],
      });
      expect(settlement.parts.event).toMatchObject({ state: 'waiting', isRetried: false });
    });

    it('writes the Event all the same when the person is known, and leaves the person unsettled', () => {
      const settlement = settleOne({
        person: [newPerson({ recordId: LEAD_ID }), refused('FIELD_CUSTOM_VALIDATION_EXCEPTION', 'No.')],
        event: [newEvent({ who: { recordId: LEAD_ID } }), done(EVENT_ID)],
        decision: decided({
          parts: { person: { state: 'written', ...KNOWN } },
          expected: { ...EXPECTED, whoId: LEAD_ID, person: KNOWN },
        }),
      });
      expect(settlement.parts).toMatchObject({ person: { state: 'parked' }, event: { state: 'written' } });
      // The next change must not take the person for written, so that it reads and plans him again.
      expect(settlement.written).toMatchObject({ eventId: EVENT_ID, whoId: LEAD_ID, person: null });
    });
  });

  it.each([
    ['refused', refused('STRING_TOO_LONG')],
    ['to be tried again', LOCKED],
    ['never sent', undefined],
  ])('believes what it believed before of an Event whose change is %s', (_title, result) => {
    const before = written();
    const settlement = settleOne({
      one: candidate('alpha', { written: before }),
      event: [newEvent({ recordId: EVENT_ID }), result],
      decision: decided({ eventId: EVENT_ID }),
    });
    expect(settlement.written).toBe(before);
  });

  it('remembers the status of a booking whose Event was deleted, for the day it is revived', () => {
    const settlement = settleOne({
      one: candidate('alpha', { state: { status: 'Canceled' } }),
      decision: decided({
        parts: { event: { state: 'notWanted', cause: 'the Event was deleted in Salesforce' } },
        eventId: EVENT_ID,
        expected: { ...EXPECTED, status: 'Canceled' },
      }),
    });
    expect(settlement).toMatchObject({ written: { eventId: EVENT_ID, status: 'Canceled', person: null }, dueAt: null });
  });

  describe('of a twin', () => {
    const notWanted = { state: 'notWanted', cause: 'it is another one' } as const;
    const twin = (result: RowResult | undefined) =>
      settleOne({
        deletion: [EVENT_ID, result],
        decision: decided({ parts: { event: notWanted }, eventId: EVENT_ID, expected: EXPECTED }),
      });

    it.each([
      ['is done when its Event is deleted', done(EVENT_ID, null)],
      ['is done when its Event was gone', refused('ENTITY_IS_DELETED', 'entity is deleted')],
      ['is done when its Event never was', refused('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id')],
    ])('%s', (_title, result) => {
      expect(twin(result)).toMatchObject({ parts: { event: notWanted }, dueAt: null });
    });

    it.each([
      ['waits when the org is busy', LOCKED, 'waiting'],
      ['waits when it was never sent', undefined, 'waiting'],
    ])('%s', (_title, result, state) => {
      const { parts, dueAt } = twin(result);
      expect(parts.event?.state).toBe(state);
      expect(dueAt).not.toBeNull();
    });

    it('is kept with its status when it may not be deleted, from the next turn on', () => {
      const { parts, dueAt, written: remembered, attempts } = twin(refused('INSUFFICIENT_ACCESS_OR_READONLY'));
      expect(parts.event).toMatchObject({ state: 'waiting', isRetried: true });
      expect({ dueAt, attempts, remembered }).toMatchObject({
        dueAt: NOW,
        attempts: 0,
        remembered: { eventId: EVENT_ID, cannotDelete: true },
      });
    });
  });

  describe('of an Event with a flaw', () => {
    const flaw: PartOutcome = {
      state: 'parked',
      class: 'scoped',
      code: 'STATUS_NOT_IN_PICKLIST',
      cause: 'no such value',
      remedy: 'add it',
      sobject: 'Event',
      fields: ['Event_Status__c'],
    };

    it.each([
      ['which is written', [newEvent({ who: { recordId: LEAD_ID } }), done(EVENT_ID)] as const, {}],
      [
        'which is as it should be otherwise',
        undefined,
        { event: { state: 'written', sobject: 'Event', recordId: EVENT_ID } },
      ],
    ] as const)('%s: a human is told, and what is there is remembered', (_title, event, parts) => {
      const decision = decided({ parts, eventId: EVENT_ID, flaws: { event: flaw } });
      const settlement = settleOne({ ...(event === undefined ? {} : { event: [...event] }), decision });
      expect(settlement).toMatchObject({ parts: { event: flaw }, written: { eventId: EVENT_ID }, dueAt: null });
    });

    it('which is refused tells the refusal', () => {
      const event: [EventRow, RowResult] = [newEvent({ who: { recordId: LEAD_ID } }), refused('STRING_TOO_LONG')];
      expect(settleOne({ event, decision: decided({ flaws: { event: flaw } }) }).parts.event).toMatchObject({
        code: 'STRING_TOO_LONG',
      });
    });
  });

  describe('of a related record', () => {
    const CASE_ID = '500000000000001AAA';
    const newCase = (references: RecordRow['references'] = {}) =>
      personRow('alpha', {
        part: 'related',
        object: 'Case',
        keyField: 'Booking_Id__c',
        key: 'cal:uid-alpha',
        references,
      });

    it('remembers it, and what the Event points at', () => {
      const row = newCase();
      const settlement = settleOne({
        related: [row, done(CASE_ID)],
        event: [newEvent({ who: { recordId: CONTACT_ID }, what: { row } }), done(EVENT_ID)],
        decision: decided({ expected: { ...EXPECTED, whoId: CONTACT_ID } }),
      });
      expect(settlement.parts.related).toEqual({ state: 'written', sobject: 'Case', recordId: CASE_ID });
      expect(settlement.written).toMatchObject({
        whoId: CONTACT_ID,
        whatId: CASE_ID,
        related: { sobject: 'Case', recordId: CASE_ID },
      });
    });

    it('parks a refused one, and the Event waits for what it points at', () => {
      const row = newCase();
      const settlement = settleOne({
        related: [row, refused('STRING_TOO_LONG')],
        event: [newEvent({ who: null, what: { row } }), refused('INVALID_FIELD', 'Foreign key external ID: x')],
      });
      expect(settlement.parts).toMatchObject({ related: { state: 'parked' }, event: { state: 'waiting' } });
    });

    it('names what the Event waits for', () => {
      const row = newCase();
      const { parts } = settleOne({
        related: [row, LOCKED],
        event: [newEvent({ who: { recordId: CONTACT_ID }, what: { row } }), refused('INVALID_FIELD')],
      });
      expect(parts.event).toEqual({ state: 'waiting', cause: 'the Event waits for its Case', isRetried: false });
    });

    it('tells the cause of the record it depends on', () => {
      const account = personRow('alpha', { object: 'Account', key: 'c-alpha:account' });
      const contact = personRow('alpha', { object: 'Contact', references: { Account: account } });
      const settlement = settleOne({
        related: [account, refused('FIELD_CUSTOM_VALIDATION_EXCEPTION', 'No companies.', { fields: ['Name'] })],
        person: [contact, refused('INVALID_FIELD', 'Foreign key external ID: c-alpha:account not found')],
        event: [newEvent(), refused('INVALID_FIELD', 'Foreign key external ID: c-alpha not found')],
      });
      expect(settlement.parts.person).toMatchObject({
        state: 'parked',
        code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
        sobject: 'Account',
        fields: ['Name'],
      });
    });
  });

  it('looks again at once for the contact of a new Person Account, which only a read tells', () => {
    const account = newPerson({ object: 'PersonAccount', sobject: 'Account' });
    const settlement = settleOne({
      person: [account, done('001000000000001AAA')],
      event: [newEvent({ who: null, what: { row: account } }), done(EVENT_ID)],
      decision: decided({
        parts: { relations: { state: 'waiting', cause: 'the contact is read in the next turn', isRetried: true } },
        expected: { ...EXPECTED, isStale: true },
      }),
    });
    expect(settlement).toMatchObject({
      dueAt: NOW,
      attempts: 0,
      written: { isStale: true, whoId: null, person: { sobject: 'PersonAccount', recordId: '001000000000001AAA' } },
    });
  });

  describe('looks again', () => {
    it.each([
      [0, 2_000],
      [1, 4_000],
      [4, 32_000],
      [30, 15 * 60_000],
    ])('after %d failures in %d ms', (attempts, delayMs) => {
      const settlement = settleOne({ person: [newPerson(), LOCKED], event: [newEvent(), LOCKED], attempts });
      expect(settlement).toMatchObject({ dueAt: new Date(NOW.getTime() + delayMs), attempts: attempts + 1 });
    });

    it.each([
      [0, 0],
      [1, 2_000],
    ])('where Salesforce was not as believed, after %d looks in %d ms, which is no failure', (looks, delayMs) => {
      const gone = refused('ENTITY_IS_DELETED');
      const settlement = settleOne({
        one: candidate('alpha', { written: written() }),
        person: [newPerson({ recordId: LEAD_ID }), gone],
        event: [newEvent({ recordId: EVENT_ID, who: null }), gone],
        looks,
      });
      expect(settlement).toMatchObject({
        dueAt: new Date(NOW.getTime() + delayMs),
        attempts: 0,
        written: { isStale: true },
        parts: { event: { state: 'waiting', looks: looks + 1 } },
      });
    });

    it('at once when the org refuses every row, without counting it as a failure of the booking', () => {
      const full = refused('STORAGE_LIMIT_EXCEEDED', 'storage limit exceeded');
      const settlement = settleOne({
        person: [newPerson(), full],
        event: [newEvent(), undefined],
        attempts: 3,
        isOrgRefusing: true,
      });
      expect(settlement).toMatchObject({ dueAt: NOW, attempts: 3, parts: { person: { state: 'waiting' } } });
    });

    it('starts to count anew once nothing is left to try', () => {
      const settlement = settleOne({
        person: [newPerson(), done(LEAD_ID)],
        event: [newEvent(), refused('STRING_TOO_LONG')],
        attempts: 3,
      });
      expect(settlement).toMatchObject({ dueAt: null, attempts: 0 });
    });

    it('not at a part that waits for something else', () => {
      const waiting = { state: 'waiting', cause: 'nothing is known of the times yet', isRetried: false } as const;
      expect(settleOne({ decision: decided({ parts: { event: waiting }, expected: null }) }).dueAt).toBeNull();
    });
  });
});

describe('retryDelayMs', () => {
  it.each([
    [0, 0, 1_000],
    [0, 1, 2_000],
    [3, 0.5, 12_000],
    [100, 1, 900_000],
    [100, 0, 450_000],
  ])('after %d failures with chance %d: %d ms', (attempts, random, expected) => {
    expect(retryDelayMs(attempts, () => random)).toBe(expected);
  });
});

describe('outcomeOf', () => {
  it.each([
    ['retrySoon', refused('SERVER_UNAVAILABLE')],
    ['retryLater', refused('REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.')],
    ['signIn', refused('INVALID_SESSION_ID', 'Session expired or invalid')],
    ['orgWide', refused('STORAGE_LIMIT_EXCEEDED', 'storage limit exceeded')],
    ['tooMuch', refused('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'System.LimitException: Apex CPU time limit exceeded')],
    [
      'lookAgain',
      refused('DUPLICATE_VALUE', 'duplicate value found: Booking_Id__c duplicates value on record with id: 00U'),
    ],
    ['lookAgain', refused('ENTITY_IS_DELETED', 'entity is deleted')],
  ])('waits with a refusal of class %s, naming no value', (errorClass, result) => {
    const outcome = outcomeOf(result, 'Event', 0);
    expect(outcome).toEqual({
      state: 'waiting',
      cause: expect.stringMatching(/\.$/),
      isRetried: true,
      ...(errorClass === 'lookAgain' ? { looks: 1 } : {}),
    });
  });

  it('never quotes Salesforce in a waiting part: it may be logged', () => {
    const message = 'Foreign key external ID: anna@example.test not found for field X in entity Lead';
    expect(JSON.stringify(outcomeOf(refused('INVALID_FIELD', message), 'Event', 0))).not.toContain('anna');
  });

  it.each([
    [
      'scoped',
      refused('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', 'Rating: bad value', { fields: ['Rating'] }),
      ['Rating'],
    ],
    ['scoped', refused('INACTIVE_OWNER_OR_USER', 'operation performed with inactive user'), []],
    ['booking', refused('FIELD_CUSTOM_VALIDATION_EXCEPTION', 'No free mailers.', { fields: ['Email'] }), ['Email']],
    ['booking', refused('SOMETHING_NEW', 'Never seen.'), []],
  ])('parks a refusal of class %s with cause, remedy and fields', (errorClass, result, fields) => {
    const [error] = result.success ? [] : result.errors;
    expect(outcomeOf(result, 'Lead', 0)).toEqual({
      state: 'parked',
      class: errorClass,
      code: error?.code,
      cause: expect.stringContaining(`Salesforce says: ${error?.message}`),
      remedy: expect.stringMatching(/\.$/),
      sobject: 'Lead',
      fields,
    });
  });

  it('parks what a duplicate rule refused, and names what it found', () => {
    const duplicateIds = [{ sobject: 'Contact', id: CONTACT_ID }];
    expect(
      outcomeOf(refused('DUPLICATES_DETECTED', 'Use one of these records?', { duplicateIds }), 'Lead', 0),
    ).toMatchObject({
      state: 'parked',
      code: 'DUPLICATES_DETECTED',
      cause: expect.stringContaining(`Found: Contact ${CONTACT_ID}.`),
    });
  });

  it.each([
    ['looked at again once', 'ENTITY_IS_DELETED', 1, 'waiting'],
    ['looked at again twice: a human has to', 'ENTITY_IS_DELETED', 2, 'parked'],
    ['looked at again twice, and is a converted Lead', 'CANNOT_UPDATE_CONVERTED_LEAD', 2, 'parked'],
    ['locked however often it was looked at', 'UNABLE_TO_LOCK_ROW', 50, 'waiting'],
  ])('of a record that was %s', (_title, code, looks, state) => {
    expect(outcomeOf(refused(code), 'Event', looks).state).toBe(state);
  });

  it('waits with a row that was never sent, and parks one that failed without a word', () => {
    expect(outcomeOf(undefined, 'Event', 0)).toMatchObject({ state: 'waiting', isRetried: true });
    expect(outcomeOf({ success: false, errors: [] }, 'Event', 0)).toMatchObject({
      state: 'parked',
      code: 'NO_ERROR_GIVEN',
    });
  });
});

describe('isWorthSendingAlone', () => {
  it.each([
    ['a value that is refused', refused('STRING_TOO_LONG'), true],
    ['a duplicate, whose ids only a single row is told', refused('DUPLICATES_DETECTED'), true],
    ['a key that came twice', refused('DUPLICATE_VALUE', 'Duplicate external id specified: c-1'), true],
    [
      'an innocent that was rolled back, and comes again by itself',
      refused('ALL_OR_NONE_OPERATION_ROLLED_BACK'),
      false,
    ],
    ['a governor limit', refused('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'Too many SOQL queries: 101'), false],
    ['a lock', LOCKED, false],
    ['a record that is gone', refused('ENTITY_IS_DELETED'), false],
    ['a success', done(LEAD_ID), false],
  ])('%s: %s', (_title, result, expected) => {
    expect(isWorthSendingAlone(result)).toBe(expected);
  });
});
