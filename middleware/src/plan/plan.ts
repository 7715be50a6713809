import type { FieldValue, PartOutcome, Parts, Step, Written } from '../booking/outcome';
import type { ExistingObject } from '../settings/objects';
import type { FieldValues } from './mapping';

/** A record other than an Event to create or change: one row, however many bookings of the batch need it. */
export interface RecordRow {
  /** Which part of its bookings it is. An Account that a new Contact gets is part of the person. */
  part: 'person' | 'related';
  object: ExistingObject;
  /** API name. */
  sobject: string;
  /** Null: created, or found, by its key. */
  recordId: string | null;
  /** The external id field of a new record, without namespace. */
  keyField: 'Booking_Customer_Id__c' | 'Booking_Id__c';
  key: string;
  fields: FieldValues;
  /** Lookups to records that the same call creates, by the lookup's relationship name (`Account`, `Contact`). */
  references: Record<string, RecordRow>;
  /** Whether the org's assignment rules choose the owner. */
  autoAssign: boolean;
  bookingIds: string[];
}

/** A record that an Event points at: a known one, or one that the same call creates. */
export type EventParent = { recordId: string } | { row: RecordRow } | null;

/** An Activity Event to create or change. */
export interface EventRow {
  bookingId: string;
  /** Null: created by its key. */
  recordId: string | null;
  externalId: string;
  who: EventParent;
  what: EventParent;
  /** Instead of `what`, should that be a Case or Opportunity which Salesforce then refuses; absent: nothing. */
  whatElse?: EventParent;
  fields: FieldValues;
}

/** An Activity Event to delete: of a twin, or of a canceled booking. */
export interface EventDeletion {
  bookingId: string;
  recordId: string;
}

/** Something between the booking's records, written once their ids are known. */
export type RelationRow =
  | { kind: 'invitee'; bookingId: string; relationId: string }
  | { kind: 'campaignMember'; bookingId: string; campaignId: string; status: string | null };

/** What was decided for one booking, before anything is written. */
export interface Decision {
  /** Parts that need no write, or cannot be written: what they already come to. */
  parts: Parts;
  /** What Salesforce will hold when the rows are written; null while there is no Event. */
  expected: Omit<Written, 'eventId'> | null;
  /** The existing Event. */
  eventId: string | null;
  /** What a human has to put right although the part is written. */
  flaws?: Partial<Record<'person' | 'related' | 'event', PartOutcome>>;
  steps: Step[];
}

/** What to write for a whole batch. */
export interface Plan {
  records: RecordRow[];
  events: EventRow[];
  deletions: EventDeletion[];
  relations: RelationRow[];
  decisions: Map<string, Decision>;
}

/** Field values without the empty ones: a create has nothing to clear. */
export function withoutNulls(fields: FieldValues): Record<string, Exclude<FieldValue, null>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as Record<
    string,
    Exclude<FieldValue, null>
  >;
}
