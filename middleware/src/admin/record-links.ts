import type { PartOutcome, Written } from '../booking/outcome';
import { sobjectOf, type MappedObject } from '../settings/objects';
import type { Org } from '../sync/org.store';

/** A record in the org that is connected now, with the way to it. */
export interface LinkedRecord {
  sobject: string;
  recordId: string;
  /** Opens it in Salesforce; null before the first sign-in, when nobody knows where the org is. */
  url: string | null;
}

type RecordId = Pick<LinkedRecord, 'sobject' | 'recordId'>;

/** Of a connected org, what the way to its records needs. */
export type RecordsOrg = Pick<Org, 'instanceUrl' | 'generation'>;

/** A record by its id. Pure. */
export function linkedRecord({ instanceUrl }: RecordsOrg, { sobject, recordId }: RecordId): LinkedRecord {
  // A Person Account is one of our words: Salesforce has it as an Account.
  const name = sobjectOf(sobject as MappedObject);
  const url = instanceUrl === null ? null : `${instanceUrl}/lightning/r/${name}/${recordId}/view`;
  return { sobject, recordId, url };
}

/** The Event of a booking, if it was written to the org that is connected now. Pure. */
export function linkedEvent(org: RecordsOrg | null, written: Written | null): LinkedRecord | null {
  if (org === null || written?.generation !== org.generation) return null;
  return linkedRecord(org, { sobject: 'Event', recordId: written.eventId });
}

/** A record of a booking, by the part that it is. */
export interface LinkedPart extends LinkedRecord {
  part: 'person' | 'related' | 'event';
}

/**
 * The records of a booking in the org that is connected now; of an org that was connected before there are none. Pure.
 * @param person the record that the customer is linked to there: its Event may not be written yet.
 */
export function linkedParts(
  org: RecordsOrg | null,
  { written, person }: { written: Written | null; person: RecordId | null },
): LinkedPart[] {
  if (org === null) return [];
  const isOfOrg = written?.generation === org.generation;
  const records: [LinkedPart['part'], RecordId | null][] = [
    ['person', (isOfOrg ? written.person : null) ?? person],
    ['related', isOfOrg ? (written.related ?? null) : null],
    ['event', isOfOrg ? { sobject: 'Event', recordId: written.eventId } : null],
  ];
  return records.flatMap(([part, record]) => (record === null ? [] : [{ part, ...linkedRecord(org, record) }]));
}

/** The way to the record of an outcome; null when it is of an org that was connected before. Pure. */
export function urlOfOutcome(
  records: readonly LinkedRecord[],
  { recordId }: Extract<PartOutcome, { state: 'written' }>,
): string | null {
  return records.find((record) => record.recordId === recordId)?.url ?? null;
}
