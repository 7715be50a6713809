import { mapFields, type FieldValues } from './mapping';
import { sobjectOf, type ExistingObject } from '../settings/objects';
import type { FoundRecord } from '../match/match-types';
import { ownerOf } from './owner';
import { withoutNulls, type RecordRow } from './plan';
import { changedFields, changeSteps, type BookingInHand, type PlanContext } from './planning';
import type { Rows } from './rows';

/**
 * What a booking changes on a record that was there before it: mapped fields as the rules say, the owner, and our key
 * where there is none. An empty value of ours never clears what the record holds. Values that do not fit are left out
 * here: a record that is there needs nothing from us. Pure but for `rows`.
 *
 * @param key our external id, when it may be written into an empty field; null when it may not.
 * @returns whether the record will carry the key because of this.
 */
export function planExisting(
  {
    object,
    recordId,
    record,
    key,
  }: { object: ExistingObject; recordId: string; record: FoundRecord; key: string | null },
  part: RecordRow['part'],
  inHand: BookingInHand,
  context: PlanContext,
  rows: Rows,
): boolean {
  const { candidate, values, steps } = inHand;
  const { org, now } = context;
  const sobject = sobjectOf(object);
  const settings = candidate.settings.settings;
  const { fields, rules, unfit } = mapFields(
    { object, settings, values, mode: 'update', existing: record, now },
    org,
    steps,
  );
  for (const { field, problem } of unfit) steps.push({ step: `${sobject}.${field}`, outcome: `left out: ${problem}` });
  const { ownerId, autoAssign } = ownerOf(object, 'onExisting', inHand, context, steps);
  const desired: FieldValues = {
    ...withoutNulls(fields),
    ...(ownerId === null ? {} : { OwnerId: ownerId }),
    ...keyField(sobject, record, key, context),
  };
  const changed = changedFields(sobject, desired, record, org);
  if (Object.keys(changed).length === 0) return false;
  const named = { ...rules, OwnerId: 'the rule owner', [org.names.name('Booking_Customer_Id__c')]: 'the match' };
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
  return key !== null && row.fields[org.names.name('Booking_Customer_Id__c')] === key;
}

/** Only into an empty field: somebody else's id there is never overwritten. */
function keyField(sobject: string, record: FoundRecord, key: string | null, { org }: PlanContext): FieldValues {
  const name = org.names.name('Booking_Customer_Id__c');
  const isOpen = org.schema.objects[sobject]?.fields[name]?.updateable === true && (record[name] ?? null) === null;
  return key !== null && isOpen ? { [name]: key } : {};
}
