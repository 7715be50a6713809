import { example } from '../../test/fixtures/source/build';
import type { JsonObject } from './body';
import {
  attendeesOf,
  customerOf,
  guestsOf,
  hostOf,
  isSeated,
  joinUrlOf,
  locationOf,
  responseOf,
} from './calcom-people';

const JOIN = 'https://video.host.example/x';
const payload = (): JsonObject => example('calcom', 'BOOKING_CREATED').payload as JsonObject;

describe('attendeesOf', () => {
  it.each([
    ['nothing', {}, 0],
    ['an object', { attendees: {} }, 0],
    ['entries that are nobody', { attendees: [null, 'ada@visitor.example', {}, { email: '' }, []] }, 0],
    ['a name alone', { attendees: [{ name: 'Ada' }] }, 1],
  ])('reads %s', (_title, body, count) => {
    expect(attendeesOf(body)).toHaveLength(count);
  });
});

describe('customerOf', () => {
  it.each([
    ['attendeePhoneNumber', { responses: { attendeePhoneNumber: { value: '+1' } } }],
    ['smsReminderNumber, asked', { responses: { smsReminderNumber: { value: '+1' } } }],
    ['smsReminderNumber of old setups', { smsReminderNumber: '+1' }],
  ])('finds the phone number in %s', (_title, body) => {
    expect(customerOf(null, body)).toMatchObject({ phone: '+1' });
  });

  it.each(['company', 'Company-Name', 'companyName'])('finds the company in the answer to %s', (slug) => {
    const body = { responses: { name: 'Ada', [slug]: { label: 'x', value: ' Analytics Ltd ' } } };
    expect(customerOf(null, body)).toMatchObject({ name: 'Ada', company: 'Analytics Ltd' });
  });
});

describe('guestsOf', () => {
  it('leaves out the host and the customer, and counts nobody twice', () => {
    const body = {
      ...payload(),
      responses: { guests: { value: ['LENA@visitor.example', { email: 'rosa.lindqvist@host.example' }, 7, ''] } },
    };
    const attendees = attendeesOf({
      attendees: [{ email: 'idris.okafor@visitor.example' }, { email: 'lena@visitor.example' }],
    });
    const customer = customerOf(attendees[0]!, {});
    expect(guestsOf(body, customer, attendees)).toEqual([{ email: 'lena@visitor.example' }]);
  });
});

describe('hostOf', () => {
  it.each([
    [
      'the organizer',
      { organizer: { id: 1, email: 'r@host.example', name: 'R' } },
      { id: '1', email: 'r@host.example', name: 'R' },
    ],
    [
      'the user of a flat body',
      { userId: 1, user: { email: 'r@host.example', name: '' } },
      { id: '1', email: 'r@host.example', name: null },
    ],
    [
      'the e-mail beside the user',
      { userPrimaryEmail: 'r@host.example' },
      { id: null, email: 'r@host.example', name: null },
    ],
    ['nobody', { organizer: { name: 'R' } }, null],
  ])('is %s', (_title, body, expected) => {
    expect(hostOf(body)).toEqual(expected);
  });
});

describe('isSeated', () => {
  it.each([
    [{ seatsPerTimeSlot: 6 }, true],
    [{ attendeeSeatId: 'x' }, true],
    [{ seatsPerTimeSlot: null, attendeeSeatId: null }, false],
    [{ seatsPerTimeSlot: 0 }, false],
    [{}, false],
  ])('of %j is %s', (body, expected) => {
    expect(isSeated(body)).toBe(expected);
  });
});

describe('responseOf', () => {
  it.each([
    ['a wrapped value', { label: 'x', value: 'a', isHidden: false }, 'a'],
    ['a value that is missing', { label: 'x', isHidden: false }, null],
    ['a plain value of a flat body', 'a', 'a'],
    ['a plain object of a flat body', { firstName: 'a' }, { firstName: 'a' }],
    ['a list', ['a'], ['a']],
  ])('reads %s', (_title, sent, expected) => {
    expect(responseOf({ responses: { slug: sent } }, 'slug')).toEqual(expected);
  });

  it('finds no answer under the name of a method', () => {
    expect(responseOf({ responses: {} }, 'toString')).toBeNull();
  });
});

describe('locationOf and joinUrlOf', () => {
  const answered = (location: string, optionValue: string) => ({
    location,
    responses: { location: { label: 'location', value: { value: location, optionValue }, isHidden: false } },
  });

  it.each([
    ["Cal.com's code of a video app", { location: 'integrations:daily' }, null, null],
    ['a link that the host typed', { location: JOIN }, null, JOIN],
    ['an address', { location: '1 Example Avenue' }, '1 Example Avenue', null],
    ['an address beside the code of its kind', answered('inPerson', '1 Example Avenue'), '1 Example Avenue', null],
    ['a link beside the code of its kind', answered('link', JOIN), null, JOIN],
    ['the code of a kind alone', { location: 'attendeeInPerson' }, null, null],
    ['an older answer to a place that became a call', answered('integrations:zoom', 'Room 1'), null, null],
    ['the link of the video call', { location: 'integrations:zoom', videoCallData: { url: JOIN } }, null, JOIN],
    ['the link in the metadata', { metadata: { videoCallUrl: JOIN } }, null, JOIN],
    ['the link of the conference', { conferenceData: { entryPoints: [{ uri: JOIN }] } }, null, JOIN],
    ['the link of a reference', { references: [{ meetingUrl: null }, { meetingUrl: JOIN }] }, null, JOIN],
    [
      'a script',
      { location: 'javascript:alert(1)', videoCallData: { url: 'javascript:alert(1)' } },
      'javascript:alert(1)',
      null,
    ],
  ])('tell %s', (_title, body, location, joinUrl) => {
    expect([locationOf(body), joinUrlOf(body)]).toEqual([location, joinUrl]);
  });
});
