import { bookingState, candidate } from '../../test/support/candidate';
import { customer } from '../../test/support/builders';
import type { JsonValue } from '../booking/booking-event';
import type { BookingState } from '../booking/booking';
import { textOf, valuesOf } from './values';

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
    ['no description', { answers: null, joinUrl: null }, 'booking.description', null],
  ])('tells %s', (_title, state, name, expected) => {
    expect(value(name, state)).toEqual(expected);
  });

  it("does not tell the guest's own links: whoever has them can cancel", () => {
    const state = bookingState(
      {},
      { manageUrl: 'https://cal.example/manage/s3cret', cancelUrl: 'https://cal.example/s3cret' },
    );
    const values = valuesOf({ ...candidate().booking, state });
    expect(JSON.stringify([...values])).not.toContain('s3cret');
  });
});

describe('textOf', () => {
  it.each<[JsonValue | undefined, string | null]>([
    ['Anna', 'Anna'],
    ['', null],
    [null, null],
    [undefined, null],
    [0, '0'],
    [false, 'false'],
    [['a', '', null, 2], 'a, 2'],
    [[], null],
    [{ a: 1 }, '{"a":1}'],
  ])('reads %j as %j', (json, expected) => {
    expect(textOf(json)).toBe(expected);
  });
});
