import { bookingState, candidate } from '../../test/support/candidate';
import { customer } from '../../test/support/builders';
import type { JsonValue } from '../booking/booking-event';
import type { BookingState } from '../booking/booking';
import { valuesOf } from './values';

const value = (name: string, state: Partial<BookingState>) =>
  valuesOf({ ...candidate().booking, state: bookingState({}, state) }).get(name);

describe('valuesOf', () => {
  it.each<[string, Partial<BookingState>, string, JsonValue]>([
    ['the source', {}, 'source.id', 'cal'],
    ['the subject', { subject: 'Demo' }, 'booking.subject', 'Demo'],
    ['the page as subject when there is none', { subject: null }, 'booking.subject', 'Product demo'],
    ['no subject', { subject: null, page: null }, 'booking.subject', null],
    ['the status', { status: 'No-show' }, 'booking.status', 'No-show'],
    ['where it is', { location: 'Room 1', joinUrl: 'https://meet.example' }, 'booking.location', 'Room 1'],
    [
      'how to join as location',
      { location: null, joinUrl: 'https://meet.example' },
      'booking.location',
      'https://meet.example',
    ],
    ['the last name', { customer: customer('a@example.test', { name: 'Anna Berg' }) }, 'customer.lastName', 'Berg'],
    ['the first name', { customer: customer('a@example.test', { name: 'Anna Berg' }) }, 'customer.firstName', 'Anna'],
    [
      'the e-mail as last name',
      { customer: customer('a@example.test', { name: null }) },
      'customer.lastName',
      'a@example.test',
    ],
    ['no last name of nobody', { customer: null }, 'customer.lastName', null],
    ['the page', {}, 'page.name', 'Product demo'],
    ['the page by its id', { page: { id: 'demo', name: null } }, 'page.name', 'demo'],
    ['a campaign parameter', { campaign: { utm_campaign: 'autumn' } }, 'campaign.utm_campaign', 'autumn'],
    ['an answer as it was given', { answers: { size: 12 } }, 'answers.size', 12],
    [
      'answers and how to join',
      { answers: { Size: 12, Topics: ['a', 'b'], Empty: '' }, joinUrl: 'https://meet.example' },
      'booking.description',
      'Size: 12\nTopics: a, b\nJoin: https://meet.example',
    ],
    [
      'a reason that is longer than its field, in the description',
      { answers: null, joinUrl: null, reason: 'r'.repeat(256) },
      'booking.description',
      `Reason: ${'r'.repeat(256)}`,
    ],
    [
      'the day where it is made',
      { startsAt: '2026-10-07T23:00:00.000Z', timeZone: 'Asia/Tokyo' },
      'booking.startDate',
      '2026-10-08',
    ],
    [
      'the time where it is made',
      { startsAt: '2026-10-07T23:00:00.000Z', timeZone: 'Asia/Tokyo' },
      'booking.startTime',
      '08:00',
    ],
    [
      'the day in UTC for a zone that nobody knows',
      { startsAt: '2026-10-07T23:00:00.000Z', timeZone: 'Mars/Base' },
      'booking.startDate',
      '2026-10-07',
    ],
    ['the day of an all-day booking', { startsAt: '2026-10-07', allDay: true }, 'booking.startDate', '2026-10-07'],
    ['no time of an all-day booking', { startsAt: '2026-10-07', allDay: true }, 'booking.startTime', null],
    ['how long it takes', {}, 'booking.durationMinutes', 30],
    ['the guests', { guests: [{ email: 'g@example.test' }] }, 'guests.emails', ['g@example.test']],
    ['a payment', { payment: { amount: 30, currency: 'EUR', reference: null } }, 'payment.amount', 30],
    ['no description', { answers: null, joinUrl: null }, 'booking.description', null],
  ])('tells %s', (_title, state, name, expected) => {
    expect(value(name, state)).toEqual(expected);
  });

  it("tells the guest's own links under their own names only: whoever has them can cancel", () => {
    const state = bookingState(
      {},
      { manageUrl: 'https://cal.example/manage/s3cret', cancelUrl: 'https://cal.example/s3cret' },
    );
    const values = valuesOf({ ...candidate().booking, state });
    const telling = values.names().filter((name) => JSON.stringify(values.get(name) ?? null).includes('s3cret'));
    expect(telling).toEqual(['booking.manageUrl', 'booking.cancelUrl']);
  });
});
