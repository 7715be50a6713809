import type { OrgView } from '../match/queries';
import type { EventDeletion, EventRow, PersonRow, Plan } from '../plan/plan';
import {
  deleteRows,
  MAX_QUERY_OR_COLLECTION,
  MAX_ROWS,
  MAX_SUBREQUESTS,
  updateRow,
  updateRows,
  upsertRow,
  upsertRows,
  type CompositeRequest,
  type Row,
} from '../salesforce/composite';

/** A row of the plan, whatever it is about. */
export type PlannedRow =
  { kind: 'person'; row: PersonRow } | { kind: 'event'; row: EventRow } | { kind: 'deletion'; row: EventDeletion };

/** A subrequest with the rows of the plan that its answer is about, in order. */
export interface WriteRequest {
  request: CompositeRequest;
  rows: PlannedRow[];
}

/**
 * The write of a plan as collections, people before the Events that point at them by nested key. Rows are sorted, so
 * that two writers lock shared parents in the same order. Pure.
 */
export function writeRequests(plan: Plan, org: OrgView): WriteRequest[] {
  const people = plan.people.map((row) => ({ kind: 'person', row }) as const);
  const events = plan.events.map((row) => ({ kind: 'event', row }) as const);
  const customerField = org.names.name('Booking_Customer_Id__c');
  const bookingField = org.names.name('Booking_Id__c');
  const created = people.filter(({ row }) => row.recordId === null);
  const sobjects = [...new Set(created.map(({ row }) => row.sobject))].sort();
  const personBody = ({ row }: { row: PersonRow }): Row => ({ [customerField]: row.customerId, ...row.fields });
  const eventBody = ({ row }: { row: EventRow }): Row => ({
    [bookingField]: row.externalId,
    ...row.fields,
    ...whoOf(row, customerField),
  });
  return [
    ...sobjects.flatMap((sobject) =>
      chunks(
        created.filter(({ row }) => row.sobject === sobject).sort((a, b) => byText(a.row.customerId, b.row.customerId)),
        (rows, ref) => upsertRows(ref, sobject, customerField, rows.map(personBody)),
        `new${sobject}`,
      ),
    ),
    ...chunks(
      people
        .filter(({ row }) => row.recordId !== null)
        .sort((a, b) => byText(a.row.sobject, b.row.sobject) || byText(a.row.recordId ?? '', b.row.recordId ?? '')),
      (rows, ref) =>
        updateRows(
          ref,
          rows.map(({ row }) => withId(row.sobject, row.recordId ?? '', row.fields)),
        ),
      'people',
    ),
    ...chunks(
      events.filter(({ row }) => row.recordId === null).sort((a, b) => byText(whoKey(a.row), whoKey(b.row))),
      (rows, ref) => upsertRows(ref, 'Event', bookingField, rows.map(eventBody)),
      'newEvents',
    ),
    ...chunks(
      events
        .filter(({ row }) => row.recordId !== null)
        .sort((a, b) => byText(a.row.recordId ?? '', b.row.recordId ?? '')),
      (rows, ref) =>
        updateRows(
          ref,
          rows.map(({ row }) => withId('Event', row.recordId ?? '', row.fields)),
        ),
      'events',
    ),
    ...chunks(
      plan.deletions.map((row) => ({ kind: 'deletion', row }) as const),
      (rows, ref) =>
        deleteRows(
          ref,
          rows.map(({ row }) => row.recordId),
        ),
      'twins',
    ),
  ];
}

/**
 * Rows that failed among others, each as a subrequest of its own, so that it fails or succeeds alone; a new person is
 * followed by the Events that wait for it. The answer of a single row also carries the ids that a duplicate rule found.
 * Pure.
 */
export function aloneRequests(failed: PlannedRow[], org: OrgView): WriteRequest[][] {
  const customerField = org.names.name('Booking_Customer_Id__c');
  const bookingField = org.names.name('Booking_Id__c');
  const events = failed.filter((planned) => planned.kind === 'event');
  const people = failed.filter((planned) => planned.kind === 'person');
  let count = 0;
  const nextRef = (): string => `alone${count++}`;
  const eventRequest = (planned: PlannedRow & { kind: 'event' }, personRef: string | null): WriteRequest => {
    const { row } = planned;
    const who = personRef === null ? whoOf(row, customerField) : { WhoId: `@{${personRef}.id}` };
    const request =
      row.recordId === null
        ? upsertRow(nextRef(), 'Event', bookingField, row.externalId, { ...row.fields, ...who })
        : updateRow(nextRef(), 'Event', row.recordId, row.fields);
    return { request, rows: [planned] };
  };
  const groups = people.map((planned) => {
    const { row } = planned;
    const ref = nextRef();
    const request =
      row.recordId === null
        ? upsertRow(ref, row.sobject, customerField, row.customerId, row.fields)
        : updateRow(ref, row.sobject, row.recordId, row.fields);
    const itsEvents = events.filter((event) => row.recordId === null && isAbout(event.row, row));
    return [{ request, rows: [planned] }, ...itsEvents.map((event) => eventRequest(event, ref))];
  });
  const placed = new Set(groups.flat().flatMap(({ rows }) => rows));
  const others = events.filter((event) => !placed.has(event)).map((event) => [eventRequest(event, null)]);
  return [...groups, ...others];
}

/** Packs subrequests into calls, in order, under the limits of a composite. Pure. */
export function intoCalls(requests: WriteRequest[]): WriteRequest[][] {
  const calls: WriteRequest[][] = [];
  requests.forEach((request, index) => {
    if (index % MAX_QUERY_OR_COLLECTION === 0) calls.push([]);
    calls.at(-1)?.push(request);
  });
  return calls;
}

/** Packs groups of single rows into calls; a group stays in one call, because its parts refer to one another. Pure. */
export function groupsIntoCalls(groups: WriteRequest[][]): WriteRequest[][] {
  const calls: WriteRequest[][] = [];
  for (const group of groups) {
    const last = calls.at(-1);
    if (last !== undefined && last.length + group.length <= MAX_SUBREQUESTS) last.push(...group);
    else calls.push(group.slice(0, MAX_SUBREQUESTS));
  }
  return calls;
}

function whoOf({ who }: EventRow, customerField: string): Row {
  if (who === null) return {};
  if ('recordId' in who) return { WhoId: who.recordId };
  // A nested key and not a reference to the row before: one refused person then costs its own Event only.
  return { Who: { attributes: { type: who.sobject }, [customerField]: who.customerId } };
}

function isAbout({ who }: EventRow, person: PersonRow): boolean {
  return who !== null && 'customerId' in who && who.customerId === person.customerId && who.sobject === person.sobject;
}

function whoKey({ who, externalId }: EventRow): string {
  if (who === null) return externalId;
  return `${'recordId' in who ? who.recordId : who.customerId} ${externalId}`;
}

function withId(sobject: string, recordId: string, fields: Row): Row & { Id: string; attributes: { type: string } } {
  return { attributes: { type: sobject }, Id: recordId, ...fields };
}

/**
 * Rows in as few collections as hold them, in order. A key that comes twice goes into collections of its own: Salesforce
 * refuses all rows that share one, and may ignore case in comparing them.
 */
function chunks<P extends PlannedRow>(
  rows: P[],
  build: (rows: P[], referenceId: string) => CompositeRequest,
  name: string,
): WriteRequest[] {
  const collections: { rows: P[]; keys: Set<string> }[] = [];
  for (const row of rows) {
    const key = keyOf(row).toLowerCase();
    const fitting = collections.find((one) => one.rows.length < MAX_ROWS && !one.keys.has(key));
    const collection = fitting ?? { rows: [], keys: new Set<string>() };
    if (fitting === undefined) collections.push(collection);
    collection.rows.push(row);
    collection.keys.add(key);
  }
  return collections.map((one, index) => ({ request: build(one.rows, `${name}${index}`), rows: one.rows }));
}

/** What Salesforce tells a row by. */
function keyOf(planned: PlannedRow): string {
  switch (planned.kind) {
    case 'person':
      return planned.row.recordId ?? planned.row.customerId;
    case 'event':
      return planned.row.recordId ?? planned.row.externalId;
    case 'deletion':
      return planned.row.recordId;
  }
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
