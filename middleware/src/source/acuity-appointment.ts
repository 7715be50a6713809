import type { BookingCustomer, BookingDetails, BookingEvent, JsonValue } from '../booking/booking-event';
import { at, isObject, type JsonObject, listAt, numberAt, textAt } from './body';
import { type Completion, noUse, SourceApiError } from '../booking/completion';
import { companyAmong, partAnswers, phoneAmong } from './pass-through';
import { addMinutes, NO_DETAILS, toEmail, toInstant, toTimeZone, toUrl } from './values';

/** An appointment is asked for after every webhook: none says more than that there was a change. */
export const acuityCompletion: Completion = {
  access: {
    baseUrl: 'https://acuityscheduling.com',
    credentialName: 'the user id and the API key, with a colon between them',
    headersOf: (credential) =>
      /^\d+:\S+$/.test(credential) ? { authorization: `Basic ${Buffer.from(credential).toString('base64')}` } : null,
  },
  isEssential: true,
  isNeeded: ({ startsAt }) => startsAt === null,
  ask: async (event, api, askedAt) => {
    const answer = await api.get(`/api/v1/appointments/${encodeURIComponent(event.bookingKey)}`);
    return toEvents(event, answer, askedAt);
  },
};

/**
 * What an appointment says, as it was when it was asked for: whatever was received before is older, whatever comes
 * while the answer is under way is newer.
 *
 * @throws SourceApiError when it is another appointment, or has no times.
 */
export function toEvents(event: BookingEvent, answer: JsonValue, askedAt: Date): BookingEvent[] {
  if (!isObject(answer) || textAt(answer, 'id') !== event.bookingKey) throw noUse('such appointment');
  const details = detailsOf(answer);
  const now = askedAt.toISOString();
  const told = { ...event, ...details, occurredAt: event.occurredAt > now ? event.occurredAt : now };
  const isCanceled = at(answer, 'canceled') === true;
  const noShow = at(answer, 'noShow');
  // A cancel whose appointment is not canceled, and the other way round, is one that the next webhook tells of.
  const isBooked = !isCanceled && (event.kind === 'scheduled' || event.kind === 'rescheduled');
  return [
    { ...told, kind: isBooked ? event.kind : 'updated' },
    ...(noShow === true ? [{ ...told, kind: 'noShow' as const }] : []),
    ...(noShow === false && event.kind === 'updated' ? [{ ...told, kind: 'noShowCleared' as const }] : []),
    ...(isCanceled ? [{ ...told, kind: 'canceled' as const }] : []),
  ];
}

function detailsOf(appointment: JsonObject): BookingDetails {
  // `2026-10-07T10:15:00-0700`: ISO 8601 in its basic form at the end.
  const sent = textAt(appointment, 'datetime')?.replace(/([+-]\d\d)(\d\d)$/, '$1:$2');
  const startsAt = toInstant(sent);
  const endsAt = startsAt === null ? null : addMinutes(startsAt, numberAt(appointment, 'duration') ?? 0);
  if (startsAt === null || endsAt === null)
    throw new SourceApiError('The appointment of the answer has no times.', true);
  const entries = entriesOf(appointment);
  const timeZone = toTimeZone(appointment['timezone']);
  const pageId = textAt(appointment, 'appointmentTypeID');
  const type = textAt(appointment, 'type');
  const [hostId, hostName] = [textAt(appointment, 'calendarID'), textAt(appointment, 'calendar')];
  return {
    ...NO_DETAILS,
    ...partAnswers(entries),
    startsAt,
    endsAt,
    allDay: false,
    timeZone,
    subject: type,
    page: pageId === null ? null : { id: pageId, name: type },
    host: hostId === null && hostName === null ? null : { id: hostId, email: null, name: hostName },
    customer: customerOf(appointment, entries, timeZone),
    location: textAt(appointment, 'location'),
    manageUrl: toUrl(appointment['confirmationPage']),
  };
}

type Entry = [name: string, value: JsonValue | undefined];

/** Notes, labels and the answers of every form. */
function entriesOf(appointment: JsonObject): Entry[] {
  const labels = (listAt(appointment, 'labels') ?? []).flatMap((label) => textAt(label, 'name') ?? []);
  const answers = (listAt(appointment, 'forms') ?? []).flatMap((form) =>
    (listAt(form, 'values') ?? []).flatMap((sent): Entry[] => {
      const name = textAt(sent, 'name');
      return name === null ? [] : [[name, at(sent, 'value')]];
    }),
  );
  return [['notes', at(appointment, 'notes')], ...answers, ['labels', labels]];
}

function customerOf(appointment: JsonObject, entries: Entry[], timeZone: string | null): BookingCustomer | null {
  const [firstName, lastName] = [textAt(appointment, 'firstName'), textAt(appointment, 'lastName')];
  const customer: BookingCustomer = {
    id: null,
    email: toEmail(appointment['email']),
    name: [firstName, lastName].filter((part) => part !== null).join(' ') || null,
    firstName,
    lastName,
    phone: textAt(appointment, 'phone') ?? phoneAmong(entries),
    company: companyAmong(entries),
    timeZone,
  };
  const { email, name, phone, company } = customer;
  return email === null && name === null && phone === null && company === null ? null : customer;
}
