import { epochOf } from '../records/timestamps';
import type { StoredRecord } from '../records/table';
import type { PageContext } from './page-context';
import { findLive, rowsWith } from './reader';

/** The events of a record, parted by the org's clock. */
export interface Timeline {
  /** Not ended yet, the next one first. */
  upcoming: StoredRecord[];
  /** Ended, the latest first. */
  past: StoredRecord[];
}

const DAY_MS = 86_400_000;
/** Lookup fields of an Event that put it on a record's timeline. */
const RELATIONS = ['WhoId', 'WhatId', 'AccountId'];

/** Everything that takes place with a record: as the person, as the related record or its account, or as an invitee. */
export function timelineOf(context: PageContext, id: string): Timeline {
  const direct = RELATIONS.flatMap((field) => rowsWith(context, 'Event', field, id));
  const invited = rowsWith(context, 'EventRelation', 'RelationId', id).flatMap(
    ({ EventId }) => findLive(context, String(EventId))?.row ?? [],
  );
  const events = [...new Map([...direct, ...invited].map((row) => [row.Id, row])).values()];
  const now = context.now.getTime();
  const byStart = (a: StoredRecord, b: StoredRecord): number => startOf(a) - startOf(b) || a.Id.localeCompare(b.Id);
  return {
    upcoming: events.filter((row) => endOf(row) >= now).sort(byStart),
    past: events.filter((row) => endOf(row) < now).sort((a, b) => byStart(b, a)),
  };
}

function startOf({ StartDateTime }: StoredRecord): number {
  return typeof StartDateTime === 'string' ? epochOf(StartDateTime) : 0;
}

/** An all-day event is over when its last day is. */
function endOf(row: StoredRecord): number {
  const end = typeof row.EndDateTime === 'string' ? epochOf(row.EndDateTime) : startOf(row);
  return row.IsAllDayEvent === true ? end + DAY_MS : end;
}
