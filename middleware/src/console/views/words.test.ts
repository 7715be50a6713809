import { ago, appointment, appointmentIn, counted } from './words';

const NOW = new Date('2026-10-07T12:00:00.000Z');

describe('the words of the console', () => {
  it.each([
    ['2026-10-07T11:59:30.000Z', 'just now'],
    ['2026-10-07T12:00:30.000Z', 'just now'],
    ['2026-10-07T11:59:00.000Z', '1 minute ago'],
    ['2026-10-07T11:00:01.000Z', '59 minutes ago'],
    ['2026-10-07T11:00:00.000Z', '1 hour ago'],
    ['2026-10-06T12:00:00.000Z', '1 day ago'],
    ['2026-09-07T12:00:00.000Z', '30 days ago'],
  ])('tells how long ago %s was', (at, expected) => {
    expect(ago(at, NOW).text).toBe(`<time datetime="${at}">${expected}</time>`);
  });

  it('counts', () => {
    expect([counted(0, 'booking'), counted(1, 'booking'), counted(1200, 'booking')]).toEqual([
      '0 bookings',
      '1 booking',
      '1,200 bookings',
    ]);
  });

  it.each([
    ['2026-10-07T04:30:00.000Z', 'Asia/Tokyo', '7 Oct 2026, 13:30 in Asia/Tokyo'],
    ['2026-10-07T20:30:00.000Z', 'Asia/Tokyo', '8 Oct 2026, 05:30 in Asia/Tokyo'],
    ['2026-10-07T04:30:00.000Z', 'Africa/Accra', null],
    ['2026-10-07T04:30:00.000Z', 'Nowhere/<b>', null],
    ['2026-10-07T04:30:00.000Z', null, null],
    ['2026-10-07', 'Asia/Tokyo', null],
    [null, 'Asia/Tokyo', null],
  ])('says what the clock shows at %s in %s', (startsAt, timeZone, expected) => {
    expect(appointmentIn(startsAt, timeZone)).toBe(expected);
  });

  it('says when an appointment is, of a whole day without a time', () => {
    expect(appointment('2026-10-07T04:30:00.000Z').text).toContain('7 Oct 2026, 04:30 UTC');
    expect(appointment('2026-10-07').text).toContain('2026-10-07, all day');
    expect(appointment(null).text).toContain('no time');
  });
});
