import { CONTACT_ID, EVENT_ID } from '../../test/support/candidate';
import { eventRow, personRow } from '../../test/support/rows';
import type { EventRow } from '../plan/plan';
import type { RowResult } from '../salesforce/composite';
import { byIds, refusedForKeys, takesNestedKeys } from './nested-keys';
import type { PlannedRow } from './requests';

const person = personRow('one');
const ofNew = eventRow('new', { who: { row: person } });
const ofKnown = eventRow('known', { who: { recordId: CONTACT_ID } });
const DONE: RowResult = { success: true, id: EVENT_ID, created: true };
const refused = (message: string): RowResult => ({
  success: false,
  errors: [{ code: 'INVALID_FIELD', message, fields: [] }],
});
const NO_KEYS = refused("No such column 'Who' on sobject of type Event");
const NO_PERSON = refused('Foreign key external ID: c-1 not found for field Booking_Customer_Id__c in entity Lead');
const resultsOf = (...results: [PlannedRow['row'], RowResult][]) => new Map(results);

describe('takesNestedKeys', () => {
  it.each<[string, EventRow, RowResult, boolean | null]>([
    ['true by the Event of a new person that was written', ofNew, DONE, true],
    ['false by one that was refused for its key', ofNew, NO_KEYS, false],
    ['unknown by one whose person is not there', ofNew, NO_PERSON, null],
    ['unknown by the Event of a known person, written', ofKnown, DONE, null],
    ['unknown by the Event of a known person, refused', ofKnown, NO_KEYS, null],
  ])('is %s', (_title, event, result, expected) => {
    expect(takesNestedKeys([event], resultsOf([event, result]))).toBe(expected);
    expect(refusedForKeys([event], resultsOf([event, result]))).toEqual(expected === false ? [event] : []);
  });
});

describe('byIds', () => {
  it('puts the ids of the records that were written', () => {
    const written: RowResult = { success: true, id: CONTACT_ID, created: true };
    expect(byIds(ofNew, resultsOf([person, written]))).toMatchObject({ who: { recordId: CONTACT_ID }, what: null });
  });

  it('is null while a record is not written', () => {
    expect(byIds(ofNew, resultsOf([person, NO_PERSON]))).toBeNull();
    expect(byIds(ofNew, resultsOf())).toBeNull();
  });
});
