import type { BookingState } from '../booking/booking';
import type { FieldValues } from './mapping';

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
