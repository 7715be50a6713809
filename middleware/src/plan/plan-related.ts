import type { PartOutcome } from '../booking/outcome';
import { planExisting } from './existing-record';
import { lackedOfPage, lackOfField, parkedForRights } from './lacked';
import { newRecord } from './new-record';
import type { EventParent, RecordRow } from './plan';
import { mayCreate, type BookingInHand, type PlanContext } from './planning';
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
  /** What the outcome becomes once the record is written: something of it could not be. */
  flaw: PartOutcome | null;
}

const NOTHING: PlannedRelated = { what: null, isFromLink: false, related: null, outcome: null, flaw: null };

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
    const planned =
      record === null ? null : planExisting({ object, recordId, record, key: null }, 'related', inHand, context, rows);
    const link = { sobject: object, recordId };
    return {
      what: { recordId },
      isFromLink: via === 'link',
      related: link,
      outcome: { state: 'written', ...link },
      flaw: planned?.flaw ?? null,
    };
  }
  const object = candidate.settings.settings.rules.alsoCreate;
  // An Opportunity that stands for the customer is not made twice.
  if (object === null || (object === 'Opportunity' && person.object === 'Opportunity')) return NOTHING;
  const before = candidate.written?.related ?? null;
  // The rules named another object when it was made.
  if (before !== null && before.sobject !== object)
    return { ...NOTHING, related: before, outcome: { state: 'written', ...before } };
  const cause = whyNone(object, before !== null, inHand, person);
  if (cause !== null) {
    steps.push({ step: object, outcome: cause });
    return { ...NOTHING, outcome: { state: 'notWanted', cause } };
  }
  if (person.outcome?.state === 'parked') {
    const waits = `the ${object} waits for its person`;
    return { ...NOTHING, outcome: { state: 'waiting', cause: waits, isRetried: false } };
  }
  const { given, references, forbidden } = personOf(object, person, context);
  const lacked = lackedOfPage(candidate.settings.settings, context.org);
  const alone = parkedForRights(forbidden.flatMap((field) => lackOfField(lacked, object, field) ?? []));
  if (alone !== null) return { ...NOTHING, outcome: alone };
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

/** Why the booking gets no Case or Opportunity; null when it does. */
function whyNone(
  object: 'Case' | 'Opportunity',
  wasMade: boolean,
  { candidate, match }: BookingInHand,
  { outcome }: PlannedPerson,
): string | null {
  if (wasMade || match.isRelatedDeleted) return `the ${object} of the booking was deleted in Salesforce`;
  if (candidate.booking.state.status === 'Canceled') return `canceled before the ${object} was created`;
  // The rules want nothing of a booking whose customer they make nobody of.
  return outcome?.state === 'notWanted' ? outcome.cause : null;
}

/** Whose Case or Opportunity it is. An Opportunity has a lookup to the Account only. */
function personOf(
  object: 'Case' | 'Opportunity',
  { object: personObject, who, what, accountId }: PlannedPerson,
  { org }: PlanContext,
): { given: Record<string, string>; references: Record<string, RecordRow>; forbidden: string[] } {
  const given: Record<string, string> = {};
  const references: Record<string, RecordRow> = {};
  const forbidden: string[] = [];
  const relate = (relation: 'Account' | 'Contact', to: EventParent): void => {
    if (to === null) return;
    if (!mayCreate(org, object, `${relation}Id`)) {
      forbidden.push(`${relation}Id`);
      return;
    }
    if ('recordId' in to) given[`${relation}Id`] = to.recordId;
    else references[relation] = to.row;
  };
  relate('Account', accountId === null ? null : { recordId: accountId });
  const isContact = personObject === 'Contact' || personObject === 'PersonAccount';
  if (object === 'Case' && isContact) relate('Contact', who);
  if (personObject === 'PersonAccount') relate('Account', what);
  if (object === 'Opportunity' && personObject === 'Contact' && who !== null && 'row' in who) {
    const { references: ofContact, fields } = who.row;
    if (ofContact['Account'] !== undefined) relate('Account', { row: ofContact['Account'] });
    else if (typeof fields['AccountId'] === 'string') relate('Account', { recordId: fields['AccountId'] });
  }
  return { given, references, forbidden };
}

function customerKey(
  { candidate }: BookingInHand,
  { org }: PlanContext,
  object: 'Case' | 'Opportunity',
): Record<string, string> {
  const name = org.names.name('Booking_Customer_Id__c');
  return mayCreate(org, object, name) ? { [name]: candidate.customerId } : {};
}
