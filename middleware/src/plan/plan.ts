import type { FieldValue, Parts, Step, Written } from '../booking/outcome';
import type { FieldValues } from './mapping';

/** A person record to create or change: one row, however many bookings of the batch need it. */
export interface PersonRow {
  sobject: string;
  /** Null: created, or found, by its key. */
  recordId: string | null;
  /** The customer whose id is the key of a new record. */
  customerId: string;
  fields: FieldValues;
  bookingIds: string[];
}

/** Who an Event is about: a known record, or one that the same call creates. */
export type EventWho = { recordId: string } | { sobject: string; customerId: string } | null;

/** An Activity Event to create or change. */
export interface EventRow {
  bookingId: string;
  /** Null: created by its key. */
  recordId: string | null;
  externalId: string;
  who: EventWho;
  fields: FieldValues;
}

/** The Activity Event of a booking that turned out to be another one. */
export interface EventDeletion {
  bookingId: string;
  recordId: string;
}

/** What was decided for one booking, before anything is written. */
export interface Decision {
  /** Parts that need no write, or cannot be written: what they already come to. */
  parts: Parts;
  /** What Salesforce will hold when the rows are written; null while there is no Event. */
  expected: Omit<Written, 'eventId'> | null;
  /** The existing Event. */
  eventId: string | null;
  steps: Step[];
}

/** What to write for a whole batch. */
export interface Plan {
  people: PersonRow[];
  events: EventRow[];
  deletions: EventDeletion[];
  decisions: Map<string, Decision>;
}

/** Field values without the empty ones: a create has nothing to clear. */
export function withoutNulls(fields: FieldValues): Record<string, Exclude<FieldValue, null>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as Record<
    string,
    Exclude<FieldValue, null>
  >;
}
