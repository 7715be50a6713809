import { bookingState } from '../../test/support/candidate';
import { eventTimes } from './event-fields';

describe('eventTimes', () => {
  const [start, end] = ['2026-10-07T04:30:00.000Z', '2026-10-07T05:00:00.000Z'];
  const midnight = '2026-10-07T00:00:00.000Z';

  it.each([
    ['a timed booking', start, end, false, [start, end, false]],
    ['a booking that does not say whether it takes all day', start, end, null, [start, end, false]],
    ['a booking without an end', start, null, false, [start, start, false]],
    ['one whole day', '2026-10-07', '2026-10-07', true, [midnight, midnight, true]],
    ['a whole day without an end', '2026-10-07', null, true, [midnight, midnight, true]],
    [
      'several whole days, the last one included',
      '2026-10-07',
      '2026-10-09',
      true,
      [midnight, '2026-10-09T00:00:00.000Z', true],
    ],
    ['whole days given as instants', start, end, true, [midnight, midnight, true]],
  ] as const)('of %s', (_title, startsAt, endsAt, allDay, [StartDateTime, EndDateTime, IsAllDayEvent]) => {
    const state = bookingState({}, { startsAt, endsAt, allDay });
    expect(eventTimes(state)).toEqual({ StartDateTime, EndDateTime, IsAllDayEvent });
  });

  it('are unknown as long as the booking itself has not arrived', () => {
    expect(eventTimes(bookingState({ kind: 'noShow', startsAt: null, endsAt: null, allDay: null }))).toBeNull();
  });
});
