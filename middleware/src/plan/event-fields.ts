import type { BookingState } from '../booking/booking';
import type { PartOutcome, Step } from '../booking/outcome';
import type { Candidate } from '../match/candidate';
import { EVENT_TIMES } from '../match/queries';
import { convert, cutAt } from '../salesforce/convert';
import type { OrgView } from '../salesforce/org-view';
import { mapFields, type FieldProblem, type FieldValues } from './mapping';
import { changedFields, parked, type BookingInHand } from './planning';

/**
 * The times of an Activity Event. Pure.
 *
 * @returns null when the booking's times are not known (yet): a no-show that came before its booking.
 * @see https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_event.htm
 */
export function eventTimes({ startsAt, endsAt, allDay }: BookingState): FieldValues | null {
  if (startsAt === null) return null;
  if (allDay !== true) {
    return { StartDateTime: startsAt, EndDateTime: endsAt ?? startsAt, IsAllDayEvent: false };
  }
  // All-day Events are dates at midnight UTC, whatever the zone.
  const midnight = (date: string): string => `${date.slice(0, 10)}T00:00:00.000Z`;
  return { StartDateTime: midnight(startsAt), EndDateTime: midnight(endsAt ?? startsAt), IsAllDayEvent: true };
}

/** Fields of an Event that follow the booking, with what set them and what stands in the way. */
export interface EventFields {
  fields: FieldValues;
  rules: Record<string, string>;
  unfit: FieldProblem[];
  /** Fields that there is a value for and that the user may not see or write. */
  forbidden: string[];
}

/**
 * The fields of an existing Activity Event that follow the booking: times and mapped values; not the person, record and
 * owner. Pure.
 *
 * @param existing the Event as it is, or as we last wrote it.
 */
export function eventFields(
  { candidate, values }: Pick<BookingInHand, 'candidate' | 'values'>,
  existing: Readonly<Record<string, unknown>>,
  org: OrgView,
  now: Date,
  steps: Step[],
): EventFields {
  const { settings } = candidate.settings;
  const task = { object: 'Event', settings, values, mode: 'update', existing, now } as const;
  const { fields, rules, unfit, forbidden } = mapFields(task, org, steps);
  const times = eventTimes(candidate.booking.state);
  return { fields: { ...withStatus(fields, candidate, org), ...times }, rules, unfit, forbidden };
}

/** The subject tells a canceled booking: the timeline shows no custom field. Pure. */
export function withStatus(
  fields: FieldValues,
  { booking, settings }: Pick<Candidate, 'booking' | 'settings'>,
  { schema }: OrgView,
): FieldValues {
  const prefix = settings.settings.rules.canceledPrefix;
  const subject = fields['Subject'];
  if (booking.state.status !== 'Canceled' || prefix === null || typeof subject !== 'string') return fields;
  const length = schema.objects['Event']?.fields['Subject']?.length ?? 0;
  const prefixed = `${prefix}${subject}`;
  return { ...fields, Subject: length > 0 ? cutAt(prefixed, length) : prefixed };
}

/** Those of an Event's desired values that it does not hold. Pure. */
export function changedEventFields(
  desired: FieldValues,
  held: Readonly<Record<string, unknown>>,
  org: OrgView,
): FieldValues {
  const changed = changedFields('Event', desired, held, org);
  if (!EVENT_TIMES.some((name) => name in changed)) return changed;
  // Together: a start that moves alone keeps the length, and so moves the end.
  return { ...changed, ...Object.fromEntries(EVENT_TIMES.map((name) => [name, desired[name] ?? null])) };
}

/**
 * A status that the picklist lacks: the Event is written without it, since its times matter more, and goes on to tell
 * the last one, so that a human has to see it. Null when it fits, and where a row says itself what becomes of it. Pure.
 */
export function statusFlaw(
  { booking, settings }: Pick<Candidate, 'booking' | 'settings'>,
  { schema, names }: OrgView,
): PartOutcome | null {
  const row = settings.settings.mappings.Event.find(
    ({ field, from }) => names.local(field) === 'Event_Status__c' && from === 'booking.status',
  );
  const field = schema.objects['Event']?.fields[names.name('Event_Status__c')];
  if (row === undefined || row.ifBad !== undefined || field === undefined) return null;
  if (!('problem' in convert(booking.state.status, field, row.cut))) return null;
  return parked(
    'STATUS_NOT_IN_PICKLIST',
    `The Event is written, but its status is not: ${field.label} (${field.name}) has no active value "${booking.state.status}".`,
    `Add the value "${booking.state.status}" to the picklist ${field.name} of Activity in Setup, or let it take any value; then try again.`,
    'Event',
    [field.name],
  );
}
