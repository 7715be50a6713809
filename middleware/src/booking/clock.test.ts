import type { BookingState } from './booking';
import { NO_DETAILS } from './booking-event';
import { endInstant, withClock } from './clock';

const END = '2026-10-07T05:00:00.000Z';
const state = (more: Partial<BookingState>): BookingState => ({
  ...NO_DETAILS,
  status: 'Scheduled',
  reason: null,
  actor: null,
  changedAt: '2026-10-05T00:00:00.000Z',
  startsAt: '2026-10-07T04:30:00.000Z',
  endsAt: END,
  ...more,
});

describe('endInstant', () => {
  it.each([
    ['the end of a timed booking', state({}), END],
    ['its start, when the source gives no end', state({ endsAt: null }), '2026-10-07T04:30:00.000Z'],
    [
      'the end of the last of several days',
      state({ allDay: true, startsAt: '2026-10-07', endsAt: '2026-10-08' }),
      '2026-10-09T00:00:00.000Z',
    ],
    ['unknown without times', state({ startsAt: null, endsAt: null }), null],
  ])('is %s', (_title, booking, expected) => {
    expect(endInstant(booking)).toBe(expected);
  });
});

describe('withClock', () => {
  it.each<[string, BookingState, string | null, string]>([
    ['completes what the clock completed', state({}), END, 'Completed'],
    ['leaves alone what it did not', state({}), null, 'Scheduled'],
    [
      'is void when the booking has moved',
      state({ status: 'Rescheduled', endsAt: '2026-10-09T05:00:00.000Z' }),
      END,
      'Rescheduled',
    ],
    ['never beats a cancel', state({ status: 'Canceled' }), END, 'Canceled'],
    ['never beats a no-show', state({ status: 'No-show' }), END, 'No-show'],
  ])('%s', (_title, booking, completedEndsAt, status) => {
    expect(withClock(booking, completedEndsAt).status).toBe(status);
  });
});
