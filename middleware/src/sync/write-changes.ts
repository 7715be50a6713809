import { markInDoubt, type Settlement } from '../booking/booking.store';
import type { Written } from '../booking/outcome';
import type { FoundRecord } from '../match/match-types';
import type { ReadQuery } from '../match/queries';
import type { OrgView } from '../salesforce/org-view';
import type { Candidate } from '../match/candidate';
import type { Change } from '../plan/plan-change';
import { answerOf, queryRequest, readRecords, readRows, updateRows, type RowResult } from '../salesforce/composite';
import { select, soqlIn } from '../salesforce/soql';
import { sobjectOf, type CustomerObject } from '../settings/objects';
import { refusalOf } from './org-refusal';
import { hasTooMuch, outcomeOf, settlementOf } from './settle';
import { UNTRIED, type ReconcileDeps, type Tried, type TurnOutcome } from './turn-deps';

/** The one-call way: update the Events by id, and read back whether the org is as believed. */
export async function writeChanges(
  changes: Change[],
  tried: ReadonlyMap<string, Tried>,
  org: OrgView,
  { store, session, now, random, beforeWrite, whileWriting }: ReconcileDeps,
): Promise<TurnOutcome> {
  const toWrite = changes.filter(({ fields }) => Object.keys(fields).length > 0);
  if (toWrite.length === 0) {
    const settlements = changes.map((change) => settleChange(change, null, null));
    return { settlements, isTooMuch: false, refusal: null, takesNestedKeys: null };
  }
  const writtenOf = ({ candidate }: Change): Written => candidate.written as Written;
  const update = updateRows(
    'events',
    toWrite.map((change) => ({ attributes: { type: 'Event' }, Id: writtenOf(change).eventId, ...change.fields })),
  );
  const readBack = readBackQueries(toWrite.map(writtenOf), org);
  // Should the answer be lost, or we die: what differs from our last write is then not all that may be wrong.
  await markInDoubt(
    store,
    toWrite.map(({ candidate }) => candidate.booking.id),
  );
  await beforeWrite();
  const answering = session.connection.composite(
    [update, ...readBack.map(({ sobject, soql, all }) => queryRequest(`back${sobject}`, soql, { all }))],
    'change',
  );
  whileWriting?.();
  const answers = await answering;
  const rows = readRows(answerOf(answers, 'events'), toWrite.length);
  const back = new Map(
    readBack
      .flatMap(({ sobject }) => readRecords(answerOf(answers, `back${sobject}`)))
      .map((record) => [String(record['Id']), record]),
  );
  const refusal = refusalOf(rows);
  const context = { now: now(), random, isOrgRefusing: refusal !== null };
  const settlements = changes.map((change) => {
    const place = toWrite.indexOf(change);
    const row = rows[place];
    if (place === -1 || row === undefined) return settleChange(change, null, null);
    if (!row.success && isAsBelieved(change.candidate, writtenOf(change), back, org)) {
      const before = tried.get(change.candidate.booking.id) ?? UNTRIED;
      const outcome = outcomeOf(row, 'Event', before.looks);
      const isToLookAgain = outcome.state === 'waiting' && outcome.looks !== undefined;
      // A refusal among others is tried again the long way, where it is sent alone; alone it counts.
      if (!isToLookAgain && (outcome.state === 'waiting' || toWrite.length === 1)) {
        const parts = { ...settleChange(change, null, null).parts, event: outcome };
        const settled = { parts, written: writtenOf(change), isDueNow: false };
        return settlementOf(change.candidate, change.steps, settled, before, context);
      }
    }
    const isFine = row.success && isAsBelieved(change.candidate, writtenOf(change), back, org);
    return isFine ? settleChange(change, row, back) : lookAgain(change, now());
  });
  const isTooMuch = hasTooMuch(new Map(rows.map((row, index) => [index, row])));
  return { settlements, isTooMuch, refusal, takesNestedKeys: null };
}

function readBackQueries(written: Written[], { schema, names }: OrgView): ReadQuery[] {
  const people = written.map(({ person }) => person).filter((person) => person !== null);
  // An object that the user may not see any more cannot be asked for, and must not fail the whole call.
  const sobjects = [...new Set(people.map(apiName))].filter((sobject) => schema.objects[sobject] !== undefined);
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
      const ids = people.filter((person) => apiName(person) === sobject).map(({ recordId }) => recordId);
      return { sobject, all: false, soql: select(fields, sobject, soqlIn('Id', ids)) };
    }),
  ];
}

function apiName({ sobject }: { sobject: string }): string {
  return sobjectOf(sobject as CustomerObject);
}

/** Whether nobody moved the Event or its person since our last write. */
function isAsBelieved(
  { customerId }: Candidate,
  written: Written,
  back: ReadonlyMap<string, FoundRecord>,
  { schema, names }: OrgView,
): boolean {
  const event = back.get(written.eventId);
  if (event === undefined || event['IsDeleted'] === true || (event['WhoId'] ?? null) !== written.whoId) return false;
  if (written.person === null || schema.objects[apiName(written.person)] === undefined) return true;
  const person = back.get(written.person.recordId);
  if (person === undefined || person['IsConverted'] === true) return false;
  // An admin who moves the customer's id to another record means that one from now on.
  return written.holdsKey !== true || person[names.name('Booking_Customer_Id__c')] === customerId;
}

function settleChange(
  { candidate, expected, fields, steps }: Change,
  row: RowResult | null,
  back: ReadonlyMap<string, FoundRecord> | null,
): Settlement {
  const { booking, settings } = candidate;
  const written = candidate.written as Written;
  const event = back?.get(written.eventId);
  const { person, related = null } = written;
  return {
    bookingId: booking.id,
    revision: booking.revision,
    settingsVersion: settings.version,
    parts: {
      ...(person === null ? {} : { person: { state: 'written', ...person } }),
      ...(related === null ? {} : { related: { state: 'written', ...related } }),
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

/** The org is not as believed: read first in the next turn, at once. */
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
    written: { ...(change.candidate.written as Written), isStale: true },
    dueAt: now,
    steps: [...change.steps, { step: 'Event', outcome: 'not as it was left: read again' }],
  };
}
