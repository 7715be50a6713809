import type { BookingEvent, BookingHost, JsonValue } from '../booking/booking-event';
import { isObject, objectAt, textAt } from './body';
import { answerTo, type Completion, keyInHeader, noUse, type SourceApi } from '../booking/completion';
import { partAnswers } from './pass-through';
import { toEmail } from './values';

/**
 * Bodies of OnceHub name the owner by id, and never the campaign: a booking of the API has both.
 * @see https://developers.oncehub.com/reference (Bookings: expand=owner; Users)
 */
export const oncehubCompletion: Completion = {
  access: {
    baseUrl: 'https://api.oncehub.com',
    credentialName: 'the API key',
    headersOf: keyInHeader('api-key'),
  },
  isEssential: false,
  isNeeded: ({ kind, host, campaign }) =>
    (kind === 'scheduled' && campaign === null) ||
    ((kind === 'scheduled' || kind === 'rescheduled' || kind === 'reassigned') &&
      host !== null &&
      host.id !== null &&
      host.email === null),
  ask,
};

async function ask(event: BookingEvent, api: SourceApi): Promise<BookingEvent[]> {
  const answer = await api.get(`/v2/bookings/${encodeURIComponent(event.bookingKey)}?expand=owner`);
  if (!isObject(answer) || textAt(answer, 'id') !== event.bookingKey) throw noUse('such booking');
  const parameters = Object.entries(objectAt(answer, 'utm_params') ?? {});
  const { campaign } = partAnswers(parameters.map(([name, value]) => [`utm_${name.replace(/^utm_/, '')}`, value]));
  const host = await hostOf(event, objectAt(answer, 'owner'), api);
  // What the page's own hidden fields carried counts more.
  return [answerTo(event, { host, campaign: campaign === null ? null : { ...campaign, ...event.campaign } })];
}

/** The owner of the event: by the time of the answer the booking may have another one. */
async function hostOf(event: BookingEvent, owner: JsonValue, api: SourceApi): Promise<BookingHost | null> {
  const id = event.host?.id ?? textAt(owner, 'id');
  if (id === null || (event.host !== null && event.host.email !== null)) return null;
  const user = textAt(owner, 'id') === id ? owner : await api.get(`/v2/users/${encodeURIComponent(id)}`);
  const name = ['first_name', 'last_name'].flatMap((key) => textAt(user, key) ?? []).join(' ');
  return { id, email: toEmail(textAt(user, 'email') ?? undefined), name: name || textAt(user, 'name') };
}
