import type { FieldValue, Parts, Step } from '../booking/outcome';
import type { Candidate } from '../match/candidate';
import { planChange } from '../plan/plan-change';
import type { EventParent, EventRow, Plan, RecordRow } from '../plan/plan';
import type { OrgView } from '../salesforce/org-view';
import { look, planOf } from './look-and-write';
import { needsNestedKey } from './nested-keys';
import type { OrgSession } from './org-session';
import type { Org } from './org.store';
import { intoCalls, writeRequests } from './requests';

/** One field that would be written. */
export interface DryField {
  field: string;
  /** What the record holds now; null for a new record, and for an empty field. */
  before: unknown;
  /** A lookup to a record that the same write would create names it in words. */
  after: FieldValue;
  /** What sets it. */
  rule: string;
}

/** One record that would be written. */
export interface DryWrite {
  action: 'create' | 'update' | 'delete';
  sobject: string;
  /** Null for a new record. */
  recordId: string | null;
  fields: DryField[];
}

/** What would become of one booking. */
export interface DryBooking {
  bookingId: string;
  status: string;
  /** What was looked for, found and decided, in order. */
  steps: Step[];
  writes: DryWrite[];
  /** Parts that need no write, wait, or would wait for a human, with cause and remedy. */
  parts: Parts;
}

/** What a turn over these bookings would do. */
export interface DryRun {
  bookings: DryBooking[];
  /** Calls that the turn itself would make; those of the dry run are its reads. */
  apiCalls: number;
}

/**
 * Does what a turn does, up to the write: reads the live org, matches and plans with the very functions of the turn.
 * Nothing is written, here or there.
 *
 * @param generation of the connection; `takesNestedKeys` as known of the org.
 * @param asNew as if the bookings had never been written: what the rules would make of them today.
 */
export async function dryRun(
  candidates: Candidate[],
  { generation, asNew = false, takesNestedKeys }: Pick<Org, 'generation' | 'takesNestedKeys'> & { asNew?: boolean },
  { session, now }: { session: OrgSession; now: () => Date },
): Promise<DryRun> {
  const org = await session.view();
  const { counted, calls } = countingReads(session);
  const tried = asNew ? candidates.map((candidate) => ({ ...candidate, written: null })) : candidates;
  const looked = await look(tried, org, { session: counted, now });
  const { matches: found, directory } = looked;
  const matches = asNew ? new Map([...found].map(([id, match]) => [id, { ...match, event: null }])) : found;
  const plan = planOf(tried, { matches, directory }, { generation }, org, { now });
  const isOneCall = tried.length > 0 && tried.every((each) => planChange(each, org, now()) !== null);
  const writes = writeCalls(plan, org, takesNestedKeys) + (plan.relations.length > 0 ? 1 : 0);
  return {
    bookings: tried.map((candidate) => toDryBooking(candidate, plan)),
    apiCalls: isOneCall ? Math.min(1, writes) : calls() + writes,
  };
}

function writeCalls(plan: Plan, org: OrgView, takesNestedKeys: boolean | null): number {
  const inCalls = (events: EventRow[], others: Pick<Plan, 'records' | 'deletions'>): number =>
    intoCalls(writeRequests({ ...plan, ...others, events }, org)).length;
  if (takesNestedKeys !== false) return inCalls(plan.events, plan);
  const later = plan.events.filter(needsNestedKey);
  const first = plan.events.filter((event) => !needsNestedKey(event));
  return inCalls(first, plan) + inCalls(later, { records: [], deletions: [] });
}

function countingReads(session: OrgSession): { counted: OrgSession; calls: () => number } {
  let count = 0;
  const { connection } = session;
  const composite: typeof connection.composite = (requests, purpose) => {
    count += 1;
    return connection.composite(requests, purpose);
  };
  return { counted: { ...session, connection: { ...connection, composite } }, calls: () => count };
}

/** What a plan would do for one booking, in words and values. Pure. */
export function toDryBooking(
  { booking, externalId }: Pick<Candidate, 'booking' | 'externalId'>,
  plan: Plan,
): DryBooking {
  const decision = plan.decisions.get(booking.id);
  const steps = decision?.steps ?? [];
  const event = plan.events.find(({ bookingId }) => bookingId === booking.id);
  const deletion = plan.deletions.find(({ bookingId }) => bookingId === booking.id);
  const writes: DryWrite[] = plan.records
    .filter(({ bookingIds }) => bookingIds.includes(booking.id))
    .map((row) => ({
      action: row.recordId === null ? 'create' : 'update',
      sobject: row.sobject,
      recordId: row.recordId,
      fields: [
        ...fieldsOf(row.sobject, row.fields, steps),
        ...Object.entries(row.references).map(([relation, to]) => lookup(relation, { row: to })),
      ],
    }));
  if (event !== undefined) {
    const lookups = [lookup('Who', event.who), lookup('What', event.what)].filter(({ after }) => after !== null);
    writes.push({
      action: event.recordId === null ? 'create' : 'update',
      sobject: 'Event',
      recordId: event.recordId,
      fields: [...fieldsOf('Event', event.fields, steps), ...lookups],
    });
  }
  if (deletion !== undefined) {
    writes.push({ action: 'delete', sobject: 'Event', recordId: deletion.recordId, fields: [] });
  }
  const parts = { ...decision?.parts, ...decision?.flaws };
  return { bookingId: externalId, status: booking.state.status, steps, writes, parts };
}

function fieldsOf(sobject: string, fields: Record<string, FieldValue>, steps: Step[]): DryField[] {
  return Object.entries(fields).map(([field, after]) => {
    const step = steps.findLast((one) => one.step === `${sobject}.${field}` && 'after' in one);
    return {
      field,
      before: step?.before ?? null,
      after,
      rule: step?.outcome ?? 'set for another booking of the batch',
    };
  });
}

function lookup(relation: string, parent: EventParent): DryField {
  const after = parent === null ? null : 'recordId' in parent ? parent.recordId : inWords(parent.row);
  return { field: `${relation}Id`, before: null, after, rule: 'set by the match' };
}

function inWords({ object, key }: RecordRow): string {
  return `the new ${object} ${key}`;
}
