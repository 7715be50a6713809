import { bookingExternalId } from '../booking/booking';
import {
  readDueBookings,
  settleBookings,
  type DueBooking,
  type LaneHold,
  type Settlement,
} from '../booking/booking.store';
import type { Written } from '../booking/outcome';
import { readLinks, recognizeCustomers, saveLinks } from '../customer/customer.store';
import type { Candidate } from '../match/candidate';
import { match, type Found, type FoundRecord } from '../match/match';
import { hostOf, queriesFor, type OrgView, type ReadQuery } from '../match/queries';
import { planBatch } from '../plan/plan-batch';
import { planChange, type Change } from '../plan/plan-change';
import type { Plan } from '../plan/plan';
import {
  MAX_QUERY_OR_COLLECTION,
  queryRequest,
  readRecords,
  readRows,
  updateRows,
  type CompositeAnswer,
  type RowResult,
} from '../salesforce/composite';
import { classifyError } from '../salesforce/error-table';
import type { CallPurpose } from '../salesforce/org-connection';
import { select, soqlIn } from '../salesforce/soql';
import { readSettings } from '../settings/settings.store';
import type { Store } from '../store/store';
import type { OrgSession } from './org-session';
import {
  aloneRequests,
  groupsIntoCalls,
  intoCalls,
  writeRequests,
  type PlannedRow,
  type WriteRequest,
} from './requests';
import { isWorthSendingAlone, outcomeOf, retryDelayMs, settle } from './settle';

/** Calls that a turn may spend on sending failed rows alone; what is left waits for the next turn. */
const MAX_ALONE_CALLS = 4;

export interface ReconcileDeps {
  store: Store;
  session: OrgSession;
  now: () => Date;
  random: () => number;
  /** Throws when the lane is not ours any more: called before each write. */
  assertHeld: () => void;
}

/** What a turn did, in numbers. */
export interface TurnReport {
  bookings: number;
  written: number;
  waiting: number;
  parked: number;
  /** The org could not bear so many rows at once: the lane makes its batches smaller. */
  isTooMuch: boolean;
}

/**
 * Brings up to `limit` due bookings of one org in line with what is desired: one read call and one write call, or one
 * call alone when all of them were written before. Safe to repeat: it acts on the state it reads, not on the webhooks
 * that woke it.
 *
 * @throws OrgUnavailableError and the other errors of `salesforce` when the org could not be asked; then nothing is
 *   settled and every booking stays due.
 */
export async function reconcileOrg(hold: LaneHold, deps: ReconcileDeps, limit: number): Promise<TurnReport> {
  const due = await readDueBookings(deps.store, hold.orgId, limit, deps.now());
  if (due.length === 0) return { bookings: 0, written: 0, waiting: 0, parked: 0, isTooMuch: false };
  const candidates = await toCandidates(due, hold, deps);
  const attempts = new Map(due.map(({ booking, attempts: count }) => [booking.id, count]));
  const org = await deps.session.view();

  const changes = candidates.map((candidate) => planChange(candidate, org));
  const outcome = changes.every((change) => change !== null)
    ? await writeChanges(changes, attempts, org, deps)
    : await lookAndWrite(candidates, attempts, hold, org, deps);

  await deps.store.transaction(async (client) => {
    const counted = await settleBookings(client, hold, outcome.settlements, deps.now());
    if (counted) await saveLinks(client, hold, linksOf(candidates, outcome.settlements), deps.now());
  });
  return report(outcome.settlements, outcome.isTooMuch);
}

interface TurnOutcome {
  settlements: Settlement[];
  isTooMuch: boolean;
}

async function toCandidates(due: DueBooking[], hold: LaneHold, { store, now }: ReconcileDeps): Promise<Candidate[]> {
  const settings = await readSettings(store, [...new Set(due.map(({ booking }) => booking.teamId))]);
  const customers = await recognizeCustomers(
    store,
    due.map(({ booking }) => ({
      bookingId: booking.id,
      teamId: booking.teamId,
      sourceId: booking.sourceId,
      sourceCustomerId: booking.state.customer?.id ?? null,
      email: booking.state.customer?.email ?? null,
    })),
    now(),
  );
  const links = await readLinks(store, hold, [...new Set(customers.values())]);
  return due.flatMap(({ booking, written }) => {
    const customerId = customers.get(booking.id);
    const version = settings.get(booking.teamId);
    if (customerId === undefined || version === undefined) return [];
    return [
      {
        booking,
        externalId: bookingExternalId(booking),
        customerId,
        link: links.get(customerId) ?? null,
        written: written?.generation === hold.generation ? written : null,
        settings: version,
      },
    ];
  });
}

/** The two-call way: read what the bookings could belong to, match, plan, write. */
async function lookAndWrite(
  candidates: Candidate[],
  attempts: ReadonlyMap<string, number>,
  hold: LaneHold,
  org: OrgView,
  deps: ReconcileDeps,
): Promise<TurnOutcome> {
  const known = deps.session.users(deps.now());
  const queries = queriesFor(candidates, org, new Set(known.keys()));
  const found = await readAll(queries, deps);
  if (queries.some(({ sobject }) => sobject === 'User')) {
    const asked = candidates.flatMap((candidate) => [
      hostOf(candidate),
      candidate.settings.settings.rules.fallbackOwner?.toLowerCase() ?? null,
    ]);
    const unknown = asked.filter((name) => name !== null && !known.has(name)).filter((name) => name !== null);
    deps.session.learnUsers(found, unknown, deps.now());
  }
  const matches = match(candidates, found, deps.session.users(deps.now()), org);
  const plan = planBatch(candidates, matches, org, hold.generation);
  const results = await writePlan(plan, org, deps);
  const settlements = settle(candidates, plan, results, { now: deps.now(), random: deps.random, attempts });
  return { settlements, isTooMuch: hasTooMuch(results) };
}

async function readAll(queries: ReadQuery[], { session }: ReconcileDeps): Promise<Found> {
  const found = new Map<string, FoundRecord[]>();
  for (let start = 0; start < queries.length; start += MAX_QUERY_OR_COLLECTION) {
    const some = queries.slice(start, start + MAX_QUERY_OR_COLLECTION);
    const answers = await session.connection.composite(
      some.map(({ sobject, soql, all }) => queryRequest(sobject, soql, { all })),
      'read',
    );
    for (const { sobject } of some) found.set(sobject, readRecords(answerOf(answers, sobject)));
  }
  return found;
}

async function writePlan(plan: Plan, org: OrgView, deps: ReconcileDeps): Promise<Map<PlannedRow['row'], RowResult>> {
  const results = new Map<PlannedRow['row'], RowResult>();
  const requests = writeRequests(plan, org);
  for (const call of intoCalls(requests)) await send(call, 'write', results, deps);

  const failed = failedRows(requests, results);
  const groups = aloneRequests(failed, org);
  for (const call of groupsIntoCalls(groups).slice(0, MAX_ALONE_CALLS)) await send(call, 'resend', results, deps);
  return results;
}

/**
 * Rows to send again, each alone. One that failed as the only row of its collection has failed alone already, unless it
 * was for a duplicate rule: only a single row's answer names the records found. Events go along with their person.
 */
function failedRows(requests: WriteRequest[], results: ReadonlyMap<PlannedRow['row'], RowResult>): PlannedRow[] {
  const rows = requests.flatMap(({ rows: all }) => all.map((planned) => ({ planned, isAmongOthers: all.length > 1 })));
  const resent = rows.filter(({ planned, isAmongOthers }) => {
    const result = results.get(planned.row);
    if (result === undefined || result.success || planned.kind === 'deletion') return false;
    return isWorthSendingAlone(result) && (isAmongOthers || isDuplicate(result));
  });
  const refused = new Set(
    rows
      .filter(
        ({ planned }) =>
          planned.kind === 'person' && planned.row.recordId === null && results.get(planned.row)?.success === false,
      )
      .flatMap(({ planned }) => (planned.kind === 'person' ? planned.row.bookingIds : [])),
  );
  const people = resent.filter(({ planned }) => planned.kind === 'person').map(({ planned }) => planned);
  const resentPeople = new Set(people.flatMap((planned) => (planned.kind === 'person' ? planned.row.bookingIds : [])));
  const events = rows
    .map(({ planned }) => planned)
    .filter((planned) => planned.kind === 'event')
    .filter((planned) =>
      refused.has(planned.row.bookingId)
        ? resentPeople.has(planned.row.bookingId)
        : resent.some((other) => other.planned === planned),
    );
  return [...people, ...events];
}

function isDuplicate(result: RowResult): boolean {
  return !result.success && result.errors.some(({ code }) => code === 'DUPLICATES_DETECTED');
}

async function send(
  call: WriteRequest[],
  purpose: CallPurpose,
  results: Map<PlannedRow['row'], RowResult>,
  { session, assertHeld }: ReconcileDeps,
): Promise<void> {
  assertHeld();
  const answers = await session.connection.composite(
    call.map(({ request }) => request),
    purpose,
  );
  for (const { request, rows } of call) {
    const read = readRows(answerOf(answers, request.referenceId), rows.length);
    rows.forEach((planned, index) => {
      const result = read[index];
      if (result !== undefined) results.set(planned.row, result);
    });
  }
}

/** The one-call way: update the Events by id, and read back whether the org is as believed. */
async function writeChanges(
  changes: Change[],
  attempts: ReadonlyMap<string, number>,
  org: OrgView,
  { session, now, random, assertHeld }: ReconcileDeps,
): Promise<TurnOutcome> {
  const toWrite = changes.filter(({ fields }) => Object.keys(fields).length > 0);
  if (toWrite.length === 0) {
    return { settlements: changes.map((change) => settleChange(change, null, null)), isTooMuch: false };
  }
  const writtenOf = ({ candidate }: Change): Written => candidate.written as Written;
  const update = updateRows(
    'events',
    toWrite.map((change) => ({ attributes: { type: 'Event' }, Id: writtenOf(change).eventId, ...change.fields })),
  );
  const readBack = readBackQueries(toWrite.map(writtenOf), org);
  assertHeld();
  const answers = await session.connection.composite(
    [update, ...readBack.map(({ sobject, soql, all }) => queryRequest(`back${sobject}`, soql, { all }))],
    'change',
  );
  const rows = readRows(answerOf(answers, 'events'), toWrite.length);
  const back = new Map(
    readBack
      .flatMap(({ sobject }) => readRecords(answerOf(answers, `back${sobject}`)))
      .map((record) => [String(record['Id']), record]),
  );
  const settlements = changes.map((change) => {
    const place = toWrite.indexOf(change);
    const row = rows[place];
    if (place === -1 || row === undefined) return settleChange(change, null, null);
    if (!row.success && isAsBelieved(writtenOf(change), back, org)) {
      const tried = attempts.get(change.candidate.booking.id) ?? 0;
      const outcome = outcomeOf(row, 'Event', tried);
      // A refusal among others is tried again the long way, where it is sent alone; alone it counts.
      if (outcome.state === 'waiting' || toWrite.length === 1) {
        const isLast = outcome.state === 'parked';
        return {
          ...settleChange(change, null, null),
          parts: { event: outcome },
          written: writtenOf(change),
          dueAt: isLast ? null : new Date(now().getTime() + retryDelayMs(tried, random)),
          attempts: isLast ? 0 : tried + 1,
        };
      }
    }
    const isFine = row.success && isAsBelieved(writtenOf(change), back, org);
    return isFine ? settleChange(change, row, back) : lookAgain(change, now());
  });
  return { settlements, isTooMuch: hasTooMuch(new Map(rows.map((row, index) => [index, row]))) };
}

function readBackQueries(written: Written[], { schema, names }: OrgView): ReadQuery[] {
  const people = written.map(({ person }) => person).filter((person) => person !== null);
  // An object that the user may not see any more cannot be asked for, and must not fail the whole call.
  const sobjects = [...new Set(people.map(({ sobject }) => sobject))].filter(
    (sobject) => schema.objects[sobject] !== undefined,
  );
  return [
    {
      sobject: 'Event',
      all: true,
      soql: select(
        ['Id', 'WhoId', 'WhatId', 'OwnerId', 'IsDeleted'],
        'Event',
        soqlIn(
          'Id',
          written.map(({ eventId }) => eventId),
        ),
      ),
    },
    ...sobjects.map((sobject) => {
      const fields = ['Id', 'IsConverted', names.name('Booking_Customer_Id__c')].filter(
        (field) => schema.objects[sobject]?.fields[field] !== undefined,
      );
      const ids = people.filter((person) => person.sobject === sobject).map(({ recordId }) => recordId);
      return { sobject, all: false, soql: select(fields, sobject, soqlIn('Id', ids)) };
    }),
  ];
}

/** Whether nobody moved the Event or its person since our last write. */
function isAsBelieved(written: Written, back: ReadonlyMap<string, FoundRecord>, { schema }: OrgView): boolean {
  const event = back.get(written.eventId);
  if (event === undefined || event['IsDeleted'] === true || (event['WhoId'] ?? null) !== written.whoId) return false;
  if (written.person === null || schema.objects[written.person.sobject] === undefined) return true;
  const person = back.get(written.person.recordId);
  return person !== undefined && person['IsConverted'] !== true;
}

function settleChange(
  { candidate, expected, fields, steps }: Change,
  row: RowResult | null,
  back: ReadonlyMap<string, FoundRecord> | null,
): Settlement {
  const { booking, settings } = candidate;
  const written = candidate.written as Written;
  const event = back?.get(written.eventId);
  const person = written.person;
  return {
    bookingId: booking.id,
    revision: booking.revision,
    settingsVersion: settings.version,
    parts: {
      ...(person === null ? {} : { person: { state: 'written', ...person } }),
      event: { state: 'written', sobject: 'Event', recordId: written.eventId },
    },
    written: {
      ...written,
      // Who owns it and what it is related to is the org's to change.
      whatId: (event?.['WhatId'] as string | null | undefined) ?? written.whatId,
      ownerId: (event?.['OwnerId'] as string | undefined) ?? written.ownerId,
      status: booking.state.status,
      fields: expected,
    },
    dueAt: null,
    attempts: 0,
    steps: [
      ...steps,
      { step: 'Event', outcome: row === null ? 'nothing to change' : `changed: ${Object.keys(fields).join(', ')}` },
    ],
  };
}

/** The org is not as believed: forget what was, and read first in the next turn, at once. */
function lookAgain(change: Change, now: Date): Settlement {
  return {
    ...settleChange(change, null, null),
    parts: {
      event: {
        state: 'waiting',
        cause: 'the Event or its person was changed in Salesforce: it is read again',
        isRetried: true,
      },
    },
    written: null,
    dueAt: now,
    steps: [...change.steps, { step: 'Event', outcome: 'not as it was left: read again' }],
  };
}

function hasTooMuch(results: ReadonlyMap<unknown, RowResult>): boolean {
  return [...results.values()].some(
    (result) => !result.success && result.errors.some((error) => classifyError(error).class === 'tooMuch'),
  );
}

function linksOf(
  candidates: Candidate[],
  settlements: Settlement[],
): { customerId: string; sobject: string; recordId: string }[] {
  const customers = new Map(candidates.map(({ booking, customerId }) => [booking.id, customerId]));
  return settlements.flatMap(({ bookingId, parts }) => {
    const customerId = customers.get(bookingId);
    return parts.person?.state === 'written' && customerId !== undefined
      ? [{ customerId, sobject: parts.person.sobject, recordId: parts.person.recordId }]
      : [];
  });
}

function answerOf(answers: ReadonlyMap<string, CompositeAnswer>, referenceId: string): CompositeAnswer {
  const answer = answers.get(referenceId);
  if (answer === undefined) throw new Error(`Expected an answer for ${referenceId}, got none.`);
  return answer;
}

function report(settlements: Settlement[], isTooMuch: boolean): TurnReport {
  const count = (state: string): number =>
    settlements.filter(({ parts }) => Object.values(parts).some((part) => part.state === state)).length;
  return {
    bookings: settlements.length,
    written: settlements.filter(({ parts }) => parts.event?.state === 'written').length,
    waiting: count('waiting'),
    parked: count('parked'),
    isTooMuch,
  };
}
