import type { EventDeletion, EventParent, EventRow, Plan, RecordRow } from '../plan/plan';
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
import type { OrgView } from '../salesforce/org-view';

/** A row of the plan, whatever it is about. */
export type PlannedRow =
  { kind: 'record'; row: RecordRow } | { kind: 'event'; row: EventRow } | { kind: 'deletion'; row: EventDeletion };

/** A subrequest with the rows of the plan that its answer is about, in order. */
export interface WriteRequest {
  request: CompositeRequest;
  rows: PlannedRow[];
}

/** What is pointed at comes before what points at it. */
const OBJECT_ORDER = ['Account', 'Lead', 'Contact', 'Opportunity', 'Case'];

/**
 * The write of a plan as collections, records before the Events that point at them by nested key. Rows are sorted, so
 * that two writers lock shared parents in the same order. Pure.
 */
export function writeRequests(plan: Plan, org: OrgView): WriteRequest[] {
  const records = plan.records.map((row) => ({ kind: 'record', row }) as const);
  const known = plan.events.filter(({ recordId }) => recordId !== null).map((row) => ({ kind: 'event', row }) as const);
  return [
    ...groupsOf(
      records.filter(({ row }) => row.recordId === null).sort((a, b) => byObject(a, b) || byRules(a, b)),
      ({ row }) => row.sobject + rulesName(row),
    ).flatMap(({ rows: group, name }) => {
      const { sobject, keyField, autoAssign } = group[0].row;
      const field = org.names.name(keyField);
      return chunks(
        [...group].sort((a, b) => byText(a.row.key, b.row.key)),
        (rows, ref) =>
          upsertRows(
            ref,
            sobject,
            field,
            rows.map(({ row }) => ({ [field]: row.key, ...bodyOf(row, org) })),
            { autoAssign },
          ),
        `new${name}`,
      );
    }),
    ...groupsOf(records.filter(({ row }) => row.recordId !== null).sort(byRules), ({ row }) => rulesName(row)).flatMap(
      ({ rows: group, name }) =>
        chunks(
          [...group].sort(
            (a, b) => byText(a.row.sobject, b.row.sobject) || byText(a.row.recordId ?? '', b.row.recordId ?? ''),
          ),
          (rows, ref) =>
            updateRows(
              ref,
              rows.map(({ row }) => withId(row.sobject, row.recordId ?? '', bodyOf(row, org))),
              { autoAssign: group[0].row.autoAssign },
            ),
          `records${name}`,
        ),
    ),
    ...newEventRequests(
      plan.events.filter(({ recordId }) => recordId === null),
      org,
    ),
    ...chunks(
      known.sort((a, b) => byText(a.row.recordId ?? '', b.row.recordId ?? '')),
      (rows, ref) =>
        updateRows(
          ref,
          rows.map(({ row }) => withId('Event', row.recordId ?? '', eventBody(row, org))),
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
      'deletions',
    ),
  ];
}

/** New Events, in the order of the records that they point at. Pure. */
export function newEventRequests(events: EventRow[], org: OrgView): WriteRequest[] {
  const bookingField = org.names.name('Booking_Id__c');
  return chunks(
    events.map((row) => ({ kind: 'event', row }) as const).sort((a, b) => byText(parentKey(a.row), parentKey(b.row))),
    (rows, ref) =>
      upsertRows(
        ref,
        'Event',
        bookingField,
        rows.map(({ row }) => ({ [bookingField]: row.externalId, ...eventBody(row, org) })),
      ),
    'newEvents',
  );
}

/**
 * Rows that failed among others, each as a subrequest of its own, so that it fails or succeeds alone; a new record is
 * followed by what waits for it. The answer of a single row also carries the ids that a duplicate rule found. Pure.
 */
export function aloneRequests(failed: PlannedRow[], org: OrgView): WriteRequest[][] {
  const groups: { requests: WriteRequest[]; refs: Map<RecordRow, string> }[] = [];
  failed.forEach((planned, index) => {
    if (planned.kind === 'deletion') return;
    const ref = `alone${index}`;
    const parents = parentsOf(planned);
    const [known, ...others] = groups.filter(({ refs }) => parents.some((row) => refs.has(row)));
    const group = known ?? { requests: [], refs: new Map<RecordRow, string>() };
    if (known === undefined) groups.push(group);
    // What points at two new records brings their groups together.
    for (const other of others) {
      group.requests.push(...other.requests.splice(0));
      for (const [row, name] of other.refs) group.refs.set(row, name);
      other.refs.clear();
    }
    group.requests.push({ request: aloneRequest(ref, planned, group.refs, org), rows: [planned] });
    if (planned.kind === 'record' && planned.row.recordId === null) group.refs.set(planned.row, ref);
  });
  return groups.map(({ requests }) => requests).filter((requests) => requests.length > 0);
}

function aloneRequest(
  ref: string,
  planned: Exclude<PlannedRow, { kind: 'deletion' }>,
  refs: ReadonlyMap<RecordRow, string>,
  org: OrgView,
): CompositeRequest {
  if (planned.kind === 'record') {
    const { row } = planned;
    const body = bodyOf(row, org, refs);
    const { autoAssign } = row;
    return row.recordId === null
      ? upsertRow(ref, row.sobject, org.names.name(row.keyField), row.key, body, { autoAssign })
      : updateRow(ref, row.sobject, row.recordId, body, { autoAssign });
  }
  const { row } = planned;
  const body = eventBody(row, org, refs);
  return row.recordId === null
    ? upsertRow(ref, 'Event', org.names.name('Booking_Id__c'), row.externalId, body)
    : updateRow(ref, 'Event', row.recordId, body);
}

/** New records of the plan that a row points at. */
export function parentsOf(planned: PlannedRow): RecordRow[] {
  if (planned.kind === 'record') return Object.values(planned.row.references);
  if (planned.kind === 'deletion') return [];
  return [planned.row.who, planned.row.what].flatMap((parent) =>
    parent !== null && 'row' in parent ? [parent.row] : [],
  );
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

function bodyOf({ fields, references }: RecordRow, org: OrgView, refs?: ReadonlyMap<RecordRow, string>): Row {
  const lookups = Object.entries(references).map(([relation, row]) => lookup(relation, { row }, org, refs));
  return Object.assign({}, fields, ...lookups) as Row;
}

function eventBody({ fields, who, what }: EventRow, org: OrgView, refs?: ReadonlyMap<RecordRow, string>): Row {
  return { ...fields, ...lookup('Who', who, org, refs), ...lookup('What', what, org, refs) };
}

/**
 * A lookup by relationship name. To a new record by nested key and not by a reference to the row before: one refused
 * record then costs its own dependents only. Where its row is a subrequest of its own, the reference is the surer way.
 */
function lookup(relation: string, parent: EventParent, org: OrgView, refs?: ReadonlyMap<RecordRow, string>): Row {
  if (parent === null) return {};
  if ('recordId' in parent) return { [`${relation}Id`]: parent.recordId };
  const ref = refs?.get(parent.row);
  if (ref !== undefined) return { [`${relation}Id`]: `@{${ref}.id}` };
  const { sobject, keyField, key } = parent.row;
  return { [relation]: { attributes: { type: sobject }, [org.names.name(keyField)]: key } };
}

function parentKey({ who, what, externalId }: EventRow): string {
  const parent = who ?? what;
  if (parent === null) return externalId;
  return `${'recordId' in parent ? parent.recordId : parent.row.key} ${externalId}`;
}

function withId(sobject: string, recordId: string, fields: Row): Row & { Id: string; attributes: { type: string } } {
  return { attributes: { type: sobject }, Id: recordId, ...fields };
}

/** Rows of one name, in the order in which the names come. */
function groupsOf<T>(rows: T[], nameOf: (row: T) => string): { name: string; rows: [T, ...T[]] }[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const row of rows) {
    const group = groups.get(nameOf(row));
    if (group === undefined) groups.set(nameOf(row), [row]);
    else group.push(row);
  }
  return [...groups].map(([name, group]) => ({ name, rows: group }));
}

function byObject(a: { row: RecordRow }, b: { row: RecordRow }): number {
  return OBJECT_ORDER.indexOf(a.row.sobject) - OBJECT_ORDER.indexOf(b.row.sobject);
}

function byRules(a: { row: RecordRow }, b: { row: RecordRow }): number {
  return byText(rulesName(a.row), rulesName(b.row));
}

/** Whether assignment rules run is said for a whole subrequest. */
function rulesName({ autoAssign }: RecordRow): string {
  return autoAssign ? 'ByRules' : '';
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
    case 'record':
      return planned.row.recordId ?? planned.row.key;
    case 'event':
      return planned.row.recordId ?? planned.row.externalId;
    case 'deletion':
      return planned.row.recordId;
  }
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
