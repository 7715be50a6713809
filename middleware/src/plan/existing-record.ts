import type { PartOutcome } from '../booking/outcome';
import { hostOf } from '../match/sought';
import type { FoundRecord } from '../match/match-types';
import { sobjectOf, type ExistingObject } from '../settings/objects';
import { lackedOfPage, lackedToChange, lackOfField, lacksOfFields, parkedForRights } from './lacked';
import { mapFields, type FieldValues } from './mapping';
import { sharedStep } from './new-record';
import { ownerOf, STAYS } from './owner';
import { withoutNulls, type RecordRow } from './plan';
import { changedFields, changeSteps, mayCreate, type BookingInHand, type PlanContext } from './planning';
import type { Rows } from './rows';

/** A record that was there before the booking. */
export interface ExistingRecord {
  object: ExistingObject;
  recordId: string;
  record: FoundRecord;
  /** Our external id, when it may be written into an empty field; null when it may not. */
  key: string | null;
}

/** What becomes of a record that was there. */
export interface PlannedExisting {
  /** It will carry the customer's id because of this. */
  carriesKey: boolean;
  /** Something of it cannot be written for want of a right. */
  flaw: PartOutcome | null;
}

/**
 * What a booking changes on a record that was there before it: mapped fields as the rules say, the owner, and our key
 * where there is none. An empty value of ours never clears what the record holds. Values that do not fit are left out
 * here: a record that is there needs nothing from us. What the API user may not write is told, and the rest is written.
 * Pure but for `rows`.
 */
export function planExisting(
  { object, recordId, record, key }: ExistingRecord,
  part: RecordRow['part'],
  inHand: BookingInHand,
  context: PlanContext,
  rows: Rows,
): PlannedExisting {
  const { candidate, steps } = inHand;
  const { org } = context;
  const sobject = sobjectOf(object);
  const customerField = org.names.name('Booking_Customer_Id__c');
  const { fields, rules, forbidden } = changesOf(object, record, inHand, context);
  const { ownerId, autoAssign } = isOwnerDue(part, inHand)
    ? ownerOf(object, 'onExisting', inHand, context, steps)
    : STAYS;
  const desired: FieldValues = {
    ...fields,
    ...(ownerId === null ? {} : { OwnerId: ownerId }),
    ...keyField(sobject, record, key, context),
  };
  const changed = changedFields(sobject, desired, record, org);
  // Assignment rules run at a write, also where no field changes.
  const isChanged = Object.keys(changed).length > 0 || autoAssign;
  const lacked = lackedOfPage(candidate.settings.settings, org);
  const unkeyed =
    key === null || (record[customerField] ?? null) !== null ? null : lackOfField(lacked, sobject, customerField);
  const toChange = isChanged ? lackedToChange(lacked, sobject) : [];
  const flaw = parkedForRights([
    ...toChange,
    ...(unkeyed === null ? [] : [unkeyed]),
    ...lacksOfFields(lacked, sobject, forbidden),
  ]);
  if (!isChanged || toChange.length > 0) return { carriesKey: false, flaw };
  const named = { ...rules, OwnerId: 'the rule owner', [customerField]: 'the match' };
  steps.push(...changeSteps(sobject, changed, record, named));
  const row = rows.update({
    part,
    object,
    sobject,
    recordId,
    keyField: 'Booking_Customer_Id__c',
    key: candidate.customerId,
    fields: changed,
    references: {},
    autoAssign,
    bookingIds: [candidate.booking.id],
  });
  return { carriesKey: key !== null && row.fields[customerField] === key, flaw };
}

/** What one more booking of the batch adds to a record that an earlier one makes: as if it were there. */
export function addToNewRecord(row: RecordRow, inHand: BookingInHand, context: PlanContext): void {
  const { fields, rules } = changesOf(row.object, row.fields, inHand, context);
  const changed = changedFields(row.sobject, fields, row.fields, context.org);
  const added = Object.fromEntries(
    Object.entries(changed).filter(([name]) => mayCreate(context.org, row.sobject, name)),
  );
  inHand.steps.push(sharedStep(row.object), ...changeSteps(row.sobject, added, null, rules));
  Object.assign(row.fields, added);
}

/** What mapping rows write into a record that is there. */
function changesOf(
  object: ExistingObject,
  existing: FoundRecord,
  { candidate, values, steps }: BookingInHand,
  { org, now }: PlanContext,
): { fields: FieldValues; rules: Record<string, string>; forbidden: string[] } {
  const settings = candidate.settings.settings;
  const task = { object, settings, values, mode: 'update', existing, now } as const;
  const { fields, rules, unfit, forbidden } = mapFields(task, org, steps);
  for (const { field, problem } of unfit)
    steps.push({ step: `${sobjectOf(object)}.${field}`, outcome: `left out: ${problem}` });
  return { fields: withoutNulls(fields), rules, forbidden };
}

/**
 * The owner is set when the booking is first written, and when it gets another host; in between whoever the record was
 * given to in Salesforce keeps it.
 */
function isOwnerDue(part: RecordRow['part'], { candidate }: BookingInHand): boolean {
  const { written } = candidate;
  return written === null || (written[part] ?? null) === null || written.host !== hostOf(candidate);
}

/** Only into an empty field: somebody else's id there is never overwritten. */
function keyField(sobject: string, record: FoundRecord, key: string | null, { org }: PlanContext): FieldValues {
  const name = org.names.name('Booking_Customer_Id__c');
  const isOpen = org.schema.objects[sobject]?.fields[name]?.updateable === true && (record[name] ?? null) === null;
  return key !== null && isOpen ? { [name]: key } : {};
}
