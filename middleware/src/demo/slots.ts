import { type Day, dayOf, instantAt } from './time-zone';

const DAY_MS = 86_400_000;
/** Office hours, in minutes after midnight of the visitor's zone: whoever tries the demo finds times by daylight. */
const OFFICE_HOURS = [
  { from: 9 * 60, to: 12 * 60 },
  { from: 13 * 60, to: 17 * 60 },
];
/** How many working days ahead can be booked. */
const WORKING_DAYS = 10;

/** A stretch of time in which a host is busy. */
export interface Busy {
  startsAt: Date;
  endsAt: Date;
}

/** The next ten working days on which at least one time has not passed, today included. */
export function workingDays(now: Date, timeZone: string, lengthMinutes: number): Day[] {
  const today = Date.parse(`${dayOf(now, timeZone)}T00:00:00Z`);
  const days: Day[] = [];
  for (let ahead = 0; days.length < WORKING_DAYS; ahead += 1) {
    const date = new Date(today + ahead * DAY_MS);
    const isWeekend = date.getUTCDay() === 0 || date.getUTCDay() === 6;
    const day = date.toISOString().slice(0, 10);
    if (!isWeekend && timesOn(day, timeZone, lengthMinutes).some((time) => time > now)) days.push(day);
  }
  return days;
}

/** The times of a day that can be booked: in office hours, not passed, and the host is free. */
export function freeTimes(day: Day, timeZone: string, lengthMinutes: number, now: Date, busy: readonly Busy[]): Date[] {
  return timesOn(day, timeZone, lengthMinutes).filter((startsAt) => {
    const endsAt = new Date(startsAt.getTime() + lengthMinutes * 60_000);
    return startsAt > now && !busy.some((taken) => taken.startsAt < endsAt && startsAt < taken.endsAt);
  });
}

/** Whether a time is one of those that the page offers. */
export function isFreeTime(
  startsAt: Date,
  timeZone: string,
  lengthMinutes: number,
  now: Date,
  busy: readonly Busy[],
): boolean {
  const day = dayOf(startsAt, timeZone);
  return (
    workingDays(now, timeZone, lengthMinutes).includes(day) &&
    freeTimes(day, timeZone, lengthMinutes, now, busy).some((time) => time.getTime() === startsAt.getTime())
  );
}

function timesOn(day: Day, timeZone: string, lengthMinutes: number): Date[] {
  const step = Math.max(30, lengthMinutes);
  return OFFICE_HOURS.flatMap(({ from, to }) => {
    const times: Date[] = [];
    for (let minutes = from; minutes + lengthMinutes <= to; minutes += step) {
      times.push(instantAt(day, minutes, timeZone));
    }
    return times;
  });
}
