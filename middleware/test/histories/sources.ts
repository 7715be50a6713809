import { example, type Loose } from '../fixtures/source/build';
import type { Appointment, Change, Source, Told } from './world';

/** A fresh copy of a fixture; a file is read once. */
const fixtures = new Map<string, string>();
function fresh(kind: Parameters<typeof example>[0], name: string): Loose {
  const path = `${kind}/${name}`;
  const text = fixtures.get(path) ?? JSON.stringify(example(kind, name));
  fixtures.set(path, text);
  return JSON.parse(text);
}

const minutesOf = ({ startsAt, endsAt }: Appointment): number => (Date.parse(endsAt) - Date.parse(startsAt)) / 60_000;
const customerName = ({ customerEmail }: Appointment): string => `${customerEmail.split('@')[0]} Sample`;

// ---- Cal.com -------------------------------------------------------------------------------------------------------

const CALCOM_TRIGGERS: Partial<Record<Change['act'], string>> = {
  book: 'BOOKING_CREATED',
  pay: 'BOOKING_PAID',
  move: 'BOOKING_RESCHEDULED',
  revive: 'BOOKING_RESCHEDULED',
  cancel: 'BOOKING_CANCELLED',
  askForNewTime: 'BOOKING_CANCELLED',
  reassign: 'BOOKING_REASSIGNED',
  edit: 'BOOKING_LOCATION_UPDATED',
};

/** A body that names the former booking and comes after a second move names the first one too. */
const calcomNames = ({ key, formerKey, firstKey, sequence }: Appointment): string[] =>
  formerKey === null ? [key] : [key, formerKey, ...(sequence >= 2 ? [firstKey] : [])];

function calcomBody(trigger: string, { at, now, reason, by }: Change): Loose {
  const body = fresh('calcom', trigger === 'BOOKING_REQUESTED' ? 'BOOKING_REQUESTED.reschedule' : trigger);
  const { payload } = body;
  body.createdAt = at;
  Object.assign(payload, { uid: now.key, startTime: now.startsAt, endTime: now.endsAt, location: now.location });
  Object.assign(payload, { iCalSequence: now.sequence, iCalUID: `${now.firstKey}@Cal.com` });
  Object.assign(payload.organizer, { ...now.host, id: Number(now.host.id) });
  payload.attendees = [{ ...payload.attendees[0], email: now.customerEmail, name: customerName(now) }];
  payload.responses.email.value = now.customerEmail;
  payload.responses.company.value = now.answer;
  const actorEmail = by === 'host' ? now.host.email : now.customerEmail;
  if (trigger === 'BOOKING_CANCELLED') Object.assign(payload, { cancellationReason: reason, cancelledBy: actorEmail });
  for (const name of ['rescheduleUid', 'rescheduleId', 'rescheduledBy']) delete payload[name];
  return body;
}

const calcom: Source = {
  kind: 'calcom',
  can: [
    ...(['book', 'pay', 'move', 'moveAsRequest', 'cancel', 'askForNewTime', 'revive'] as const),
    ...(['end', 'noShow', 'guestNoShow', 'undo', 'reassign', 'edit'] as const),
  ],
  movesTo: 'newKey',
  keyOf: (serial) => `uid${serial}`,
  tellsReasonOfMove: true,
  tellsReasonOfCancel: true,
  tell: (change) => {
    const { act, at, before, now, asBooked, reason } = change;
    if (act === 'end') {
      const body = fresh('calcom', 'MEETING_ENDED');
      const { key, startsAt, endsAt, bookedAt, host, customerEmail } = asBooked;
      Object.assign(body, { uid: key, startTime: startsAt, endTime: endsAt, createdAt: bookedAt });
      Object.assign(body, { userId: Number(host.id), userPrimaryEmail: host.email, location: asBooked.location });
      Object.assign(body.user, { email: host.email, name: host.name });
      body.responses = { ...body.responses, email: customerEmail, name: customerName(asBooked) };
      body.attendees = [{ ...body.attendees[0], email: customerEmail, name: customerName(asBooked) }];
      Object.assign(body, { iCalSequence: asBooked.sequence, iCalUID: `${asBooked.firstKey}@Cal.com` });
      body.fromReschedule = asBooked.formerKey;
      return [{ body, names: calcomNames(asBooked) }];
    }
    if (act === 'noShow' || act === 'undo' || act === 'guestNoShow') {
      const body = fresh('calcom', 'BOOKING_NO_SHOW_UPDATED');
      const email = act === 'guestNoShow' ? 'guest@visitor.example' : now.customerEmail.toLowerCase();
      body.createdAt = at;
      Object.assign(body.payload, { bookingUid: now.key, attendees: [{ email, noShow: act !== 'undo' }] });
      return [{ body, names: [now.key] }];
    }
    if (act === 'moveAsRequest') {
      const asked = calcomBody('BOOKING_REQUESTED', change);
      Object.assign(asked.payload, { status: 'PENDING', rescheduleUid: before.key });
      asked.payload.responses.rescheduleReason.value = reason;
      const confirmed = calcomBody('BOOKING_CREATED', change);
      confirmed.createdAt = new Date(Date.parse(at) + 30_000).toISOString();
      return [
        { body: asked, names: [before.key, now.key], isOldHalf: true },
        { body: confirmed, names: [now.key] },
      ];
    }
    const body = calcomBody(CALCOM_TRIGGERS[act]!, change);
    if (act === 'move' || act === 'revive') {
      body.payload.rescheduleUid = before.key;
      body.payload.responses.rescheduleReason.value = reason;
    }
    if (act === 'askForNewTime') body.payload.requestReschedule = true;
    return [{ body, names: act === 'move' || act === 'revive' ? calcomNames(now) : [now.key] }];
  },
};

// ---- OnceHub -------------------------------------------------------------------------------------------------------

const ONCEHUB_TYPES: Partial<Record<Change['act'], [type: string, status: string]>> = {
  book: ['booking.scheduled', 'scheduled'],
  move: ['booking.rescheduled', 'rescheduled'],
  revive: ['booking.rescheduled', 'rescheduled'],
  cancel: ['booking.canceled', 'canceled'],
  askForNewTime: ['booking.canceled_reschedule_requested', 'canceled'],
  end: ['booking.completed', 'completed'],
  noShow: ['booking.no_show', 'no_show'],
  reassign: ['booking.reassigned', 'scheduled'],
};

function oncehubBody(
  type: string,
  status: string,
  appointment: Appointment,
  { at, serial, reason, by }: Change,
): Loose {
  const body = fresh('oncehub', 'booking.scheduled');
  Object.assign(body, { id: `EVNT-${serial}-${type}`, creation_time: at, type });
  const { data } = body;
  const { key, host, startsAt, customerEmail, location, answer } = appointment;
  Object.assign(data, { id: key, tracking_id: key, status, starting_time: startsAt, location_description: location });
  Object.assign(data, { duration_minutes: minutesOf(appointment), owner: `USR-${host.id}` });
  Object.assign(data.external_calendar, { name: host.email, id: host.email });
  data.attendees = [host.email, customerEmail];
  Object.assign(data.form_submission, { email: customerEmail, name: customerName(appointment), note: answer });
  data.cancel_reschedule_information = { reason, actioned_by: by === 'host' ? 'user' : 'customer', user_id: null };
  return body;
}

const oncehub: Source = {
  kind: 'oncehub',
  can: ['book', 'move', 'cancel', 'askForNewTime', 'revive', 'end', 'noShow', 'reassign'],
  movesTo: 'either',
  keyOf: (serial) => `BKNG-${serial}`,
  tellsReasonOfMove: true,
  tellsReasonOfCancel: true,
  tell: (change) => {
    const { act, before, now, pick } = change;
    const isNewKey = before.key !== now.key;
    const [type, status] = isNewKey ? ['booking.canceled_then_rescheduled', 'scheduled'] : ONCEHUB_TYPES[act]!;
    const body = oncehubBody(type, status, now, change);
    // The vendor's own sample points a booking at itself.
    if (isNewKey) body.data.rescheduled_booking_id = before.key;
    else if (pick % 2 === 0) body.data.rescheduled_booking_id = pick % 4 === 0 ? now.key : '';
    const bodies: Told[] = [{ body, names: isNewKey ? [before.key, now.key] : [now.key] }];
    // Whether the old booking's cancel is told too is not documented: both have to do.
    if (isNewKey && pick % 3 === 0) {
      const old = oncehubBody('booking.canceled', 'canceled', before, change);
      bodies.unshift({ body: old, names: [before.key], isCancel: true });
    }
    return bodies;
  },
};

// ---- Calendly ------------------------------------------------------------------------------------------------------

const CALENDLY = 'https://api.calendly.com/scheduled_events';
const inviteeUri = (key: string): string => `${CALENDLY}/event-${key}/invitees/${key}`;

function calendlyBody(name: string, { bookedAt, key, ...appointment }: Appointment, { at }: Change): Loose {
  const body = fresh('calendly', name);
  const { payload } = body;
  body.created_at = at;
  Object.assign(payload, { uri: inviteeUri(key), event: `${CALENDLY}/event-${key}`, created_at: bookedAt });
  Object.assign(payload, {
    email: appointment.customerEmail,
    name: `${appointment.customerEmail.split('@')[0]} Sample`,
  });
  const event = payload.scheduled_event;
  Object.assign(event, { uri: payload.event, start_time: appointment.startsAt, end_time: appointment.endsAt });
  event.location = { type: 'physical', location: appointment.location };
  const { id, email, name: hostName } = appointment.host;
  event.event_memberships = [{ user: `https://api.calendly.com/users/${id}`, user_email: email, user_name: hostName }];
  return body;
}

const calendly: Source = {
  kind: 'calendly',
  can: ['book', 'move', 'cancel', 'noShow', 'undo'],
  movesTo: 'newKey',
  keyOf: (serial) => `invitee-${serial}`,
  tellsReasonOfMove: true,
  tellsReasonOfCancel: true,
  tell: (change) => {
    const { act, at, before, now, reason, by } = change;
    const cancellation = {
      canceled_by: 'x',
      canceler_type: by === 'host' ? 'host' : 'invitee',
      reason,
      created_at: at,
    };
    const names = [now.key];
    switch (act) {
      case 'move': {
        const old = calendlyBody('invitee.canceled.rescheduled', before, change);
        Object.assign(old.payload, { new_invitee: inviteeUri(now.key), cancellation });
        const made = calendlyBody('invitee.created.rescheduled', now, change);
        made.payload.old_invitee = inviteeUri(before.key);
        const both = [before.key, now.key];
        return [
          { body: old, names: both, isOldHalf: true },
          { body: made, names: both },
        ];
      }
      case 'cancel': {
        const body = calendlyBody('invitee.canceled', now, change);
        body.payload.cancellation = cancellation;
        return [{ body, names }];
      }
      case 'noShow': {
        const body = calendlyBody('invitee_no_show.created', now, change);
        body.payload.no_show = { uri: 'https://api.calendly.com/invitee_no_shows/1', created_at: at };
        return [{ body, names }];
      }
      case 'undo':
        return [{ body: calendlyBody('invitee_no_show.deleted', now, change), names }];
      default:
        return [{ body: calendlyBody('invitee.created', now, change), names }];
    }
  },
};

// ---- TimeRex -------------------------------------------------------------------------------------------------------

function timerexBody(type: string, appointment: Appointment): Loose {
  const body = fresh('timerex', type);
  const { event } = body;
  const { key, startsAt, endsAt, bookedAt, host, customerEmail } = appointment;
  const local = (instant: string): string => instant.replace('.000Z', '+00:00');
  Object.assign(event, { id: key, start_datetime: local(startsAt), end_datetime: local(endsAt) });
  event.created_at = local(bookedAt);
  event.hosts = [{ name: host.name, email: host.email }];
  for (const field of event.form) if (field.field_type === 'guest_email') field.value = customerEmail;
  return body;
}

const timerex: Source = {
  kind: 'timerex',
  can: ['book', 'move', 'cancel'],
  movesTo: 'newKey',
  keyOf: (serial) => `4f1c8a27b3d96e05${serial}`,
  tellsReasonOfMove: false,
  tellsReasonOfCancel: true,
  tell: ({ act, at, before, now, reason, pick }) => {
    if (act === 'cancel') {
      const body = timerexBody('event_cancelled', now);
      Object.assign(body.event, { canceled_at: at, cancellation_reason: reason });
      return [{ body, names: [now.key] }];
    }
    const made = timerexBody('event_confirmed', now);
    if (act === 'book') return [{ body: made, names: [now.key] }];
    const both = [before.key, now.key];
    Object.assign(made.event, { is_changed: true, old_event_id: before.key });
    const bodies: Told[] = [{ body: made, names: both }];
    // Whether the old event is told to be canceled, and what that names, is not known.
    if (pick % 3 > 0) {
      const old = timerexBody('event_cancelled', before);
      Object.assign(old.event, { canceled_at: at, cancellation_reason: null, is_changed: true });
      if (pick % 3 === 1) old.event.new_event_id = now.key;
      bodies.push(
        pick % 3 === 1
          ? { body: old, names: both, isOldHalf: true }
          : { body: old, names: [before.key], isCancel: true },
      );
    }
    return bodies;
  },
};

// ---- Jicoo ---------------------------------------------------------------------------------------------------------

const jicoo: Source = {
  kind: 'jicoo',
  can: ['book', 'move', 'cancel'],
  movesTo: 'sameKey',
  keyOf: (serial) => `jicoo${serial}`,
  tellsReasonOfMove: false,
  tellsReasonOfCancel: false,
  tell: ({ act, at, now, by }) => {
    const who = by === 'host' ? 'host' : 'guest';
    const event = act === 'book' ? 'guest_booked' : `${who}_${act === 'move' ? 'rescheduled' : 'cancelled'}`;
    const body = fresh('jicoo', 'guest_booked.hosts');
    Object.assign(body, { event, createdAt: new Date(Date.parse(at) + 1000).toISOString() });
    const { object } = body;
    Object.assign(object, { uid: now.key, startedAt: now.startsAt, endedAt: now.endsAt, updatedAt: at });
    object.createdAt = now.bookedAt;
    object.hosts = [{ userId: Number(now.host.id), role: 'organizer' }];
    object.contact.email = now.customerEmail;
    return [{ body, names: [now.key] }];
  },
};

// ---- SavvyCal ------------------------------------------------------------------------------------------------------

const SAVVYCAL_TYPES: Partial<Record<Change['act'], string>> = {
  book: 'event.created',
  pay: 'event.checkout.completed',
  move: 'event.rescheduled',
  cancel: 'event.canceled',
  edit: 'event.changed',
  reassign: 'event.changed',
};

const savvycal: Source = {
  kind: 'savvycal',
  can: ['book', 'move', 'cancel', 'edit', 'reassign'],
  movesTo: 'sameKey',
  keyOf: (serial) => `evt_${serial}`,
  tellsReasonOfMove: true,
  tellsReasonOfCancel: true,
  tell: ({ act, at, serial, before, now, reason }) => {
    const body = fresh('savvycal', 'event.created');
    Object.assign(body, { type: SAVVYCAL_TYPES[act], id: `payload_${serial}`, occurred_at: at });
    const { payload } = body;
    Object.assign(payload, { id: now.key, start_at: now.startsAt, end_at: now.endsAt, location: now.location });
    payload.duration = minutesOf(now);
    Object.assign(payload.organizer, { email: now.host.email, display_name: now.host.name });
    Object.assign(payload.attendees[0], { email: now.host.email, display_name: now.host.name });
    Object.assign(payload.scheduler, { email: now.customerEmail, display_name: customerName(now) });
    Object.assign(payload.attendees[1], { email: now.customerEmail, display_name: customerName(now) });
    payload.scheduler.fields[1].value = now.answer;
    if (act === 'move') Object.assign(payload, { reschedule_reason: reason, original_start_at: before.startsAt });
    if (act === 'cancel') Object.assign(payload, { state: 'canceled', canceled_at: at, cancel_reason: reason });
    return [{ body, names: [now.key] }];
  },
};

// ---- Acuity --------------------------------------------------------------------------------------------------------

const ACUITY_ACTIONS: Partial<Record<Change['act'], string>> = {
  book: 'scheduled',
  move: 'rescheduled',
  cancel: 'canceled',
};

/** Its bodies are forms that name an appointment; the rest is what the API says of it. */
const acuity: Source = {
  kind: 'acuity',
  can: ['book', 'move', 'cancel', 'noShow', 'undo', 'reassign', 'edit'],
  movesTo: 'sameKey',
  keyOf: (serial) => String(90_000 + serial),
  tellsReasonOfMove: false,
  tellsReasonOfCancel: false,
  tell: ({ act, now }) => {
    const { key, startsAt, host, customerEmail, location, answer } = now;
    const appointment = {
      ...{
        id: Number(key),
        firstName: customerEmail.split('@')[0]!,
        lastName: 'Sample',
        phone: '',
        email: customerEmail,
      },
      ...{ datetime: startsAt.replace('.000Z', '+0000'), duration: String(minutesOf(now)), type: 'Site visit' },
      ...{ appointmentTypeID: 312, calendar: host.name, calendarID: Number(host.id), location, notes: answer },
      ...{ timezone: 'Europe/Berlin', forms: [], labels: null, canceled: act === 'cancel', noShow: act === 'noShow' },
    };
    const bodyOf = (action: string): Told => ({
      body: `action=${action}&id=${key}&calendarID=${host.id}&appointmentTypeID=312`,
      names: [key],
      answer: appointment,
    });
    const action = ACUITY_ACTIONS[act];
    // "changed" comes along with the others, and alone.
    return action === undefined ? [bodyOf('changed')] : [bodyOf(action), bodyOf('changed')];
  },
};

// ---- Our own format ------------------------------------------------------------------------------------------------

const STANDARD_KINDS: Partial<Record<Change['act'], string>> = {
  book: 'scheduled',
  pay: 'scheduled',
  move: 'rescheduled',
  revive: 'rescheduled',
  cancel: 'canceled',
  askForNewTime: 'canceled',
  end: 'completed',
  noShow: 'noShow',
  undo: 'noShowCleared',
  reassign: 'reassigned',
  edit: 'updated',
};

function standardBody(kind: string, appointment: Appointment, { at, reason, by }: Change): Loose {
  const { key, startsAt, endsAt, host, customerEmail, location, answer, sequence } = appointment;
  return {
    ...{ kind, bookingKey: key, occurredAt: at, sequence, startsAt, endsAt, host, location },
    customer: { email: customerEmail, name: customerName(appointment) },
    answers: { company: answer },
    ...{ reason, actor: by },
  };
}

const standard: Source = {
  kind: 'standard',
  can: [
    ...(['book', 'pay', 'move', 'cancel', 'askForNewTime', 'revive'] as const),
    ...(['end', 'noShow', 'undo', 'reassign', 'edit'] as const),
  ],
  movesTo: 'either',
  keyOf: (serial) => `B-${serial}`,
  tellsReasonOfMove: true,
  tellsReasonOfCancel: true,
  tell: (change) => {
    const { act, before, now, pick } = change;
    const body = standardBody(STANDARD_KINDS[act]!, now, change);
    if (before.key === now.key) return [{ body, names: [now.key] }];
    // Either half may tell of the other, or both.
    const both = [before.key, now.key];
    const old = standardBody('canceled', before, change);
    old.replacedByKey = now.key;
    if (pick % 3 !== 1) body.replacesKey = before.key;
    if (pick % 3 === 0) return [{ body, names: both }];
    return [
      { body, names: pick % 3 === 1 ? [now.key] : both },
      { body: old, names: both, isOldHalf: true },
    ];
  },
};

// ---- Mappings that come ready made ---------------------------------------------------------------------------------

const MAPPED_EVENTS: Partial<Record<Change['act'], string>> = {
  book: 'booking.created',
  move: 'booking.rescheduled',
  cancel: 'booking.cancelled',
  end: 'booking.completed',
  noShow: 'booking.no_show',
  edit: 'booking.updated',
};

const tenToEight: Source = {
  kind: 'mapped:10to8',
  can: ['book', 'move', 'cancel', 'end', 'noShow', 'edit'],
  movesTo: 'sameKey',
  keyOf: (serial) => String(serial),
  tellsReasonOfMove: true,
  tellsReasonOfCancel: true,
  tell: ({ act, at, now, reason }) => {
    const { key, startsAt, endsAt, host, customerEmail, location } = now;
    const body = {
      ...{
        event: MAPPED_EVENTS[act],
        booking_id: key,
        start: startsAt,
        end: endsAt,
        occurred_at: at,
        location,
        reason,
      },
      ...{ service_name: 'Kitchen planning', staff_id: host.id, staff_name: host.name, staff_email: host.email },
      ...{ customer_name: customerName(now), customer_email: customerEmail },
    };
    return [{ body, names: [key] }];
  },
};

/** Its bodies have no time: when they are received is when it happened. */
const youCanBookMe: Source = {
  kind: 'mapped:youcanbookme',
  can: ['book', 'move', 'cancel', 'end', 'noShow'],
  movesTo: 'sameKey',
  keyOf: (serial) => `ABCD-${serial}`,
  tellsReasonOfMove: true,
  tellsReasonOfCancel: true,
  tell: ({ act, now, reason }) => {
    const { key, startsAt, endsAt, host, customerEmail } = now;
    const zoned = (instant: string): string => instant.replace('.000Z', '+0000');
    const body = {
      ...{ event: MAPPED_EVENTS[act], ref: key, start: zoned(startsAt), end: zoned(endsAt), page: 'kitchen' },
      ...{ page_name: 'Kitchen planning', host_email: host.email, first_name: 'Pilar', email: customerEmail },
      ...{ last_name: 'Reyes', reason: reason ?? '' },
    };
    return [{ body, names: [key] }];
  },
};

/** Every source that is simulated. */
export const SOURCES: Source[] = [
  ...[calcom, oncehub, calendly, timerex, jicoo, savvycal, acuity, standard],
  ...[tenToEight, youCanBookMe],
];
