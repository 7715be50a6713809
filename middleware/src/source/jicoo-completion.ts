import type { BookingEvent, JsonValue } from '../booking/booking-event';
import { listAt, textAt } from './body';
import { answerTo, type Completion, keyInHeader, noUse, type SourceApi } from '../booking/completion';
import { toEmail } from './values';

/**
 * Bodies of Jicoo name the host by id: the organization's users have the e-mails.
 * @see https://developer.jicoo.com (GET /v1/organization/users)
 */
export const jicooCompletion: Completion = {
  access: {
    baseUrl: 'https://api.jicoo.com',
    credentialName: 'the API key',
    headersOf: keyInHeader('x-jicoo-api-key'),
  },
  isEssential: false,
  isNeeded: ({ kind, host }) =>
    (kind === 'scheduled' || kind === 'rescheduled') && host !== null && host.id !== null && host.email === null,
  ask,
};

async function ask(event: BookingEvent, api: SourceApi): Promise<BookingEvent[]> {
  const id = event.host?.id ?? null;
  const user = usersIn(await api.get('/v1/organization/users')).find(
    (sent) => id !== null && (textAt(sent, 'id') ?? textAt(sent, 'userId')) === id,
  );
  if (user === undefined) throw noUse('user of the id that the host has');
  return [
    answerTo(event, { host: { id, email: toEmail(textAt(user, 'email') ?? undefined), name: textAt(user, 'name') } }),
  ];
}

/** No body of this answer is published: a list, or a list under one of the usual names. */
function usersIn(answer: JsonValue): JsonValue[] {
  if (Array.isArray(answer)) return answer;
  return ['users', 'data', 'items', 'results'].map((key) => listAt(answer, key)).find((list) => list !== null) ?? [];
}
