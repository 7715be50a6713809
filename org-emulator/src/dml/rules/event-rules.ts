import { daysBetween, epochOf, toApiDateTime } from '../../records/timestamps';
import type { Org } from '../../org/org';
import { valueOf, type Draft, type ObjectRules } from '../draft';
import { RowError } from '../row-error';
import { takeWhoIds } from '../id-list';
import { relatePeople, updateCopies } from './event-relation-rules';
import { checkRelations, deriveAccount } from './activity-relations';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const MAX_DAYS = 14;

/**
 * What the platform demands of an Event and derives from it: a start, a length, one kind of related record beside a
 * Lead, and the read-only dates, account and flags.
 *
 * @see Object Reference, Event
 */
export const eventRules: ObjectRules = {
  sobject: 'Event',
  beforeSave(draft) {
    takeWhoIds(draft);
    checkRelations(draft);
    deriveTimes(draft);
    deriveAccount(draft);
    if (!draft.before) {
      draft.row.GroupEventType ??= '0';
      draft.row.EventSubtype ??= 'Event';
    }
  },
  afterSave(draft) {
    relatePeople(draft);
    if (draft.before) updateCopies(draft);
  },
};

function deriveTimes(draft: Draft): void {
  const { row } = draft;
  if (row.IsAllDayEvent === true) deriveAllDay(draft);
  else deriveTimed(draft);
  row.EndDate = typeof row.EndDateTime === 'string' ? row.EndDateTime.slice(0, 10) : null;
}

/** The start is given as StartDateTime or ActivityDateTime (or ActivityDate for a whole day); if twice, the same. */
function startOf(draft: Draft): string | null {
  const { given, before } = draft;
  const start = valueOf(draft, 'StartDateTime');
  const activity = valueOf(draft, 'ActivityDateTime');
  const givenStart = given.has('StartDateTime') ? start : null;
  const givenActivity = given.has('ActivityDateTime') ? activity : null;
  if (givenStart !== null && givenActivity !== null && givenStart !== givenActivity) {
    throw new RowError(
      'FIELD_INTEGRITY_EXCEPTION',
      'Due Date Time: The start date/time and the activity date/time must be the same.',
      ['ActivityDateTime'],
    );
  }
  const chosen = givenStart ?? givenActivity;
  if (chosen !== null) return String(chosen);
  if (!before) return null;
  const wasCleared =
    (given.has('StartDateTime') && start === null) || (given.has('ActivityDateTime') && activity === null);
  return wasCleared ? null : ((before.StartDateTime as string | null | undefined) ?? null);
}

function deriveTimed(draft: Draft): void {
  const { row } = draft;
  const start = startOf(draft);
  if (start === null) throw requiredMissing(['StartDateTime']);
  const startMs = epochOf(start);
  const minutes = durationOf(draft, startMs);
  if (minutes === null) throw requiredMissing(['DurationInMinutes']);
  checkDuration(draft.context.org, minutes);
  Object.assign(row, {
    StartDateTime: start,
    ActivityDateTime: start,
    ActivityDate: start.slice(0, 10),
    DurationInMinutes: minutes,
    EndDateTime: toApiDateTime(new Date(startMs + minutes * MINUTE_MS)),
  });
}

/** Minutes from DurationInMinutes or EndDateTime; where both are given they must agree. Null when neither says. */
function durationOf(draft: Draft, startMs: number): number | null {
  const { given, before } = draft;
  const duration = given.has('DurationInMinutes') ? valueOf(draft, 'DurationInMinutes') : null;
  const end = given.has('EndDateTime') ? valueOf(draft, 'EndDateTime') : null;
  const fromEnd = end === null ? null : (epochOf(String(end)) - startMs) / MINUTE_MS;
  if (duration !== null && fromEnd !== null && duration !== fromEnd) {
    throw new RowError(
      'FIELD_INTEGRITY_EXCEPTION',
      'Duration: The event duration and the start and end date/times do not agree.',
      ['DurationInMinutes'],
    );
  }
  const minutes = duration ?? fromEnd;
  if (minutes !== null) return Number(minutes);
  if (!before || given.has('DurationInMinutes') || given.has('EndDateTime')) return null;
  // A start that moves keeps the length, as in the calendar.
  return (before.DurationInMinutes as number | null | undefined) ?? null;
}

function deriveAllDay(draft: Draft): void {
  const { row, given, before } = draft;
  const date =
    (given.has('ActivityDate') ? valueOf(draft, 'ActivityDate') : null) ??
    startOf(draft)?.slice(0, 10) ??
    before?.ActivityDate ??
    null;
  if (date === null) throw requiredMissing(['ActivityDate']);
  const day = String(date);
  const end = given.has('EndDateTime') ? valueOf(draft, 'EndDateTime') : null;
  const duration = given.has('DurationInMinutes') ? valueOf(draft, 'DurationInMinutes') : null;
  const lastDay = end === null ? null : String(end).slice(0, 10);
  const days =
    lastDay === null
      ? Math.max(1, Math.ceil(Number(duration ?? DAY_MINUTES) / DAY_MINUTES))
      : daysBetween(day, lastDay) + 1;
  if (days < 1) throw endBeforeStart();
  const minutes = days * DAY_MINUTES;
  checkDuration(draft.context.org, minutes);
  // Whole days are midnight UTC and are never shifted by a time zone.
  const midnight = `${day}T00:00:00.000+0000`;
  Object.assign(row, {
    ActivityDate: day,
    ActivityDateTime: midnight,
    StartDateTime: midnight,
    EndDateTime: toApiDateTime(new Date(epochOf(midnight) + (minutes - DAY_MINUTES) * MINUTE_MS)),
    DurationInMinutes: minutes,
  });
}

function checkDuration(org: Org, minutes: number): void {
  if (minutes < 0) throw endBeforeStart();
  const maxDays = org.settings.multiDayEvents ? MAX_DAYS : 1;
  if (minutes <= maxDays * DAY_MINUTES) return;
  throw new RowError(
    'FIELD_INTEGRITY_EXCEPTION',
    maxDays === 1
      ? 'Duration: An event can last no longer than 24 hours.'
      : `Duration: An event can last no longer than ${MAX_DAYS} days.`,
    ['DurationInMinutes'],
  );
}

function endBeforeStart(): RowError {
  return new RowError('FIELD_INTEGRITY_EXCEPTION', 'End Date Time: An event cannot end before it starts.', [
    'EndDateTime',
  ]);
}

function requiredMissing(fields: string[]): RowError {
  return new RowError('REQUIRED_FIELD_MISSING', `Required fields are missing: [${fields.join(', ')}]`, fields);
}
