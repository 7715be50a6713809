import { example, type Loose } from '../fixtures/source/build';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** An appointment as somebody made it on the scheduling page. */
export interface Appointment {
  /** Its key at Cal.com. */
  uid: string;
  title: string;
  /** Of the customer. */
  name: string;
  email: string;
  /** Whole days from today; negative for one that has been. */
  inDays: number;
  /** Of the day, in UTC: `17:30`. */
  at: string;
}

/** What Cal.com says of it. A reschedule gives it another key and another time. */
export type Told =
  | { kind: 'booked' }
  | { kind: 'moved'; uid: string; inDays: number; at: string; reason: string }
  | { kind: 'canceled'; reason: string }
  | { kind: 'missed' };

/** The body of a webhook of Cal.com's: one of its documentation, about this appointment. */
export function calcomBody(told: Told, appointment: Appointment, host: { name: string; email: string }): object {
  const { uid, name, email } = appointment;
  if (told.kind === 'missed') {
    const body = example('calcom', 'BOOKING_NO_SHOW_UPDATED');
    Object.assign(body.payload, { bookingUid: uid, attendees: [{ email, noShow: true }] });
    return { ...(body as object), createdAt: new Date().toISOString() };
  }
  const names = { booked: 'BOOKING_CREATED', moved: 'BOOKING_RESCHEDULED', canceled: 'BOOKING_CANCELLED' };
  const body = example('calcom', names[told.kind]);
  const { payload } = body;
  payload.organizer = { ...payload.organizer, ...host };
  payload.attendees = [{ ...payload.attendees[0], name, email, firstName: undefined, lastName: undefined }];
  payload.responses = { ...payload.responses, ...answers(payload.responses, { name, email }) };
  Object.assign(payload, { uid, title: appointment.title, eventTitle: appointment.title, ...times(appointment) });
  if (told.kind === 'moved') {
    Object.assign(payload, { uid: told.uid, rescheduleUid: uid, ...times({ ...appointment, ...told }) });
    Object.assign(payload.responses, answers(payload.responses, { rescheduleReason: told.reason }));
  }
  if (told.kind === 'canceled') payload.cancellationReason = told.reason;
  return { ...(body as object), createdAt: new Date().toISOString() };
}

function answers(responses: Loose, values: Record<string, string>): object {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { ...responses[key], value }]));
}

function times({ inDays, at }: Pick<Appointment, 'inDays' | 'at'>): { startTime: string; endTime: string } {
  const day = new Date(Date.now() + inDays * DAY_MS).toISOString().slice(0, 10);
  const start = new Date(`${day}T${at}:00Z`);
  return { startTime: start.toISOString(), endTime: new Date(start.getTime() + 45 * MINUTE_MS).toISOString() };
}
