import type { PartOutcome } from '../booking/outcome';
import { planExisting } from './existing-record';
import { newRecord } from './new-record';
import type { EventParent, RecordRow } from './plan';
import type { BookingInHand, PlanContext } from './planning';
import type { PlannedPerson } from './plan-person';
import type { Rows } from './rows';

/** What the booking is related to, and what that part comes to without a write. */
export interface PlannedRelated {
  what: EventParent;
  /** The booking's link named it: it then goes before a Lead, beside which it cannot stand. */
  isFromLink: boolean;
  related: { sobject: string; recordId: string } | null;
  /** Null: the booking has no such part, or its row decides. */
  outcome: PartOutcome | null;
}

const NOTHING: PlannedRelated = { what: null, isFromLink: false, related: null, outcome: null };

/**
 * Plans the record that a booking is related to: the one that its link names, or the Case or Opportunity that every
 * booking of the page gets. Pure but for `rows`.
 */
export function planRelated(
  inHand: BookingInHand,
  person: PlannedPerson,
  context: PlanContext,
  rows: Rows,
): PlannedRelated {
  const { candidate, match, steps } = inHand;
  const { related } = match;
  if (related !== null) {
    const { object, recordId, record, via } = related;
    if (record !== null) planExisting({ object, recordId, record, key: null }, 'related', inHand, context, rows);
    const link = { sobject: object, recordId };
    return { what: { recordId }, isFromLink: via === 'link', related: link, outcome: { state: 'written', ...link } };
  }
  const object = candidate.settings.settings.rules.alsoCreate;
  // An Opportunity that stands for the customer is not made twice.
  if (object === null || (object === 'Opportunity' && person.object === 'Opportunity')) return NOTHING;
  const isKnownBefore = (candidate.written?.related ?? null) !== null;
  if (isKnownBefore || match.isRelatedDeleted) {
    const cause = `the ${object} of the booking was deleted in Salesforce`;
    steps.push({ step: object, outcome: cause });
    return { ...NOTHING, outcome: { state: 'notWanted', cause } };
  }
  if (candidate.booking.state.status === 'Canceled') {
    return { ...NOTHING, outcome: { state: 'notWanted', cause: `canceled before a ${object} was created` } };
  }
  const { given, references } = personOf(object, inHand, person);
  const record = newRecord(object, given, inHand, context);
  if ('parked' in record) return { ...NOTHING, outcome: record.parked };
  const row: RecordRow = rows.create([`${object} ${candidate.externalId}`], {
    part: 'related',
    object,
    sobject: object,
    recordId: null,
    keyField: 'Booking_Id__c',
    key: candidate.externalId,
    fields: { ...record.fields, ...customerKey(inHand, context, object) },
    references,
    autoAssign: record.autoAssign,
    bookingIds: [candidate.booking.id],
  });
  return { ...NOTHING, what: { row } };
}

/** Whose Case or Opportunity it is. An Opportunity has a lookup to the Account only. */
function personOf(
  object: 'Case' | 'Opportunity',
  { match }: BookingInHand,
  { object: personObject, who, what }: PlannedPerson,
): { given: Record<string, string>; references: Record<string, RecordRow> } {
  const given: Record<string, string> = {};
  const references: Record<string, RecordRow> = {};
  if (match.person.kind === 'found' && match.person.accountId !== null) given['AccountId'] = match.person.accountId;
  if (personObject === 'Contact' && object === 'Case' && who !== null) {
    if ('recordId' in who) given['ContactId'] = who.recordId;
    else references['Contact'] = who.row;
  }
  if (personObject === 'Contact' && object === 'Opportunity' && who !== null && 'row' in who) {
    const account = who.row.references['Account'];
    if (account !== undefined) references['Account'] = account;
  }
  if (personObject === 'PersonAccount') {
    if (who !== null && 'recordId' in who && object === 'Case') given['ContactId'] = who.recordId;
    if (what !== null && 'row' in what) references['Account'] = what.row;
  }
  return { given, references };
}

function customerKey(
  { candidate }: BookingInHand,
  { org }: PlanContext,
  object: 'Case' | 'Opportunity',
): Record<string, string> {
  const name = org.names.name('Booking_Customer_Id__c');
  return org.schema.objects[object]?.fields[name]?.createable === true ? { [name]: candidate.customerId } : {};
}
