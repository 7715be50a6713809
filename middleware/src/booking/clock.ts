import type { BookingState } from './booking';

const DAY_MS = 24 * 60 * 60_000;

/**
 * When a booking is over, as an ISO instant; null while its times are not known. An all-day booking is over when its
 * last day is, in UTC: sources give it no zone. Pure.
 */
export function endInstant({
  startsAt,
  endsAt,
  allDay,
}: Pick<BookingState, 'startsAt' | 'endsAt' | 'allDay'>): string | null {
  const end = endsAt ?? startsAt;
  if (end === null) return null;
  return allDay === true ? new Date(Date.parse(end.slice(0, 10)) + DAY_MS).toISOString() : end;
}

/**
 * The state with what the clock did: completed, if it still ends when the clock completed it. A move that was made
 * before and told later makes that void. Pure.
 *
 * @param completedEndsAt the end, as {@link endInstant} gives it, at which the clock completed the booking.
 */
export function withClock(state: BookingState, completedEndsAt: string | null): BookingState {
  const isOpen = state.status === 'Scheduled' || state.status === 'Rescheduled';
  return isOpen && completedEndsAt !== null && completedEndsAt === endInstant(state)
    ? { ...state, status: 'Completed' }
    : state;
}

/**
 * The state as the clock leaves it: completed, if it is still open and its end is long enough ago. Pure.
 *
 * @param afterMinutes how long after the end; null when the clock completes nothing.
 */
export function completedAt(state: BookingState, now: Date, afterMinutes: number | null): BookingState {
  const end = endInstant(state);
  const isOver = afterMinutes !== null && end !== null && Date.parse(end) + afterMinutes * 60_000 <= now.getTime();
  return isOver ? withClock(state, end) : state;
}
