import type { BookingState } from '../booking/booking';
import type { Step } from '../booking/outcome';
import type { Candidate } from '../match/candidate';
import { cutAt } from '../salesforce/convert';
import type { OrgView } from '../salesforce/org-view';
import { mapFields, type FieldProblem, type FieldValues } from './mapping';
import { changedFields } from './planning';
import { valuesOf } from './values';

/** The fields that place an Event in time. */
const EVENT_TIMES = ['StartDateTime', 'EndDateTime', 'IsAllDayEvent'];

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
}

/**
 * The fields of an existing Activity Event that follow the booking: times and mapped values; not the person, record and
 * owner. Pure.
 *
 * @param existing the Event as it is, or as we last wrote it.
 */
export function eventFields(
  { booking, settings }: Pick<Candidate, 'booking' | 'settings'>,
  existing: Readonly<Record<string, unknown>>,
  org: OrgView,
  now: Date,
  steps: Step[],
): EventFields {
  const task = {
    object: 'Event',
    settings: settings.settings,
    values: valuesOf(booking),
    mode: 'update',
    existing,
    now,
  } as const;
  const { fields, rules, unfit } = mapFields(task, org, steps);
  return { fields: { ...withStatus(fields, { booking, settings }, org), ...eventTimes(booking.state) }, rules, unfit };
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
