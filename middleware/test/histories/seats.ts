import { createHash } from 'node:crypto';
import { example, type Loose } from '../fixtures/source/build';
import { iso, type Act, type Cast, type Host, type Posted, type Truth, type Wish } from './world';

const FIRST_DAY = Date.parse('2027-02-20T08:00:00.000Z');
const MINUTE_MS = 60_000;
/** As docs/sources tells it: the customer's address, hashed, behind the id of the appointment. */
const seatKey = (uid: string, email: string): string =>
  `${uid}:${createHash('sha256').update(email.toLowerCase()).digest('hex').slice(0, 16)}`;
const PEOPLE = ['Anna@visitor.example', 'bert@visitor.example', 'Cleo@visitor.example'];
const HOSTS = ['rosa', 'tomas'].map((name, index) => ({
  id: String(501 + index),
  email: `${name}@host.example`,
  name,
}));

/** One time slot that several people share, as Cal.com has it. */
interface Slot {
  uid: string;
  fromReschedule: string | null;
  startsAt: string;
  endsAt: string;
  host: Host;
  seats: Seat[];
  hasEnded: boolean;
}

/** What became of a seat; its place and its answers are those of the fixtures. */
export type SeatTruth = Omit<Truth, 'location' | 'answer' | 'answers'>;

interface Seat extends SeatTruth {
  /** Of those who moved to another slot or canceled, the slot remembers nothing. */
  isTaken: boolean;
  isNoShow: boolean;
}

/**
 * A life of shared bookings of Cal.com: people take seats, give them back, move to another slot; the host moves
 * everybody, hands over, marks who did not come; the slot ends for all.
 * @param lastSerial of the history before, where several are lived in one store.
 */
export function liveShared(
  wishes: Wish[],
  lastSerial = 0,
  { customers, hosts }: Cast = { customers: PEOPLE, hosts: HOSTS },
): { posted: Posted[]; truths: SeatTruth[] } {
  const slots: Slot[] = [];
  const truths: Seat[] = [];
  const posted: Posted[] = [];
  let now = FIRST_DAY;
  let serial = lastSerial;

  const post = (act: Act, body: Loose): void => {
    posted.push({ body, booking: -1, act, names: [], isCancel: false, isOldHalf: false, at: iso(now), serial });
  };
  const timesFrom = (pick: number) => {
    const startsAt = now + (600 + (pick % 5000)) * MINUTE_MS;
    return { startsAt: iso(startsAt), endsAt: iso(startsAt + 45 * MINUTE_MS) };
  };
  const openSlot = (pick: number, fromReschedule: string | null): Slot => {
    const slot = { uid: `slot${serial}`, fromReschedule, ...timesFrom(pick), host: hosts[pick % 2]! };
    slots.push({ ...slot, seats: [], hasEnded: false });
    return slots.at(-1)!;
  };
  const sit = (slot: Slot, email: string): Seat => {
    const { startsAt, endsAt, host } = slot;
    const again = slot.seats.find((seat) => seat.customerEmail === email);
    const seat: Seat = again ?? {
      ...{ keys: [seatKey(slot.uid, email)], customerEmail: email, status: 'Scheduled', reason: null },
      ...{ startsAt, endsAt, host, isTaken: true, isNoShow: false },
    };
    Object.assign(seat, { status: 'Scheduled', reason: null, startsAt, endsAt, host, isTaken: true });
    if (again === undefined) {
      slot.seats.push(seat);
      truths.push(seat);
    }
    return seat;
  };

  for (const { who, act, minutes, pick } of wishes) {
    now += minutes * MINUTE_MS;
    serial += 1;
    const email = customers[who % customers.length]!;
    const place = pick % Math.max(1, slots.length);
    const slot = slots[place];
    if (act === 'book' || slot === undefined) {
      if (slots.length < 3)
        post('book', bodyOf('BOOKING_CREATED', openSlot(pick, null), [sit(slots.at(-1)!, email)], now));
      continue;
    }
    const hasBegun = now >= Date.parse(slot.startsAt);
    const taken = slot.seats.filter(({ isTaken }) => isTaken);
    const own = taken.find(({ customerEmail }) => customerEmail === email);
    const reason = pick % 3 === 0 ? null : `Because ${serial}`;
    const isFree = !hasBegun && !slot.hasEnded;
    if ((act === 'edit' || act === 'pay') && isFree && own === undefined) {
      // Who moved away and comes back would have one key in two places of one chain.
      const isGone = slots.some((other) =>
        other.seats.some((seat) => seat.keys.includes(seatKey(slot.uid, email)) && other !== slot),
      );
      if (!isGone) post('book', bodyOf('BOOKING_CREATED', slot, [sit(slot, email)], now));
    } else if (act === 'move' && isFree && taken.length > 0) {
      Object.assign(slot, timesFrom(pick));
      for (const seat of taken) {
        Object.assign(seat, { status: 'Rescheduled', reason, startsAt: slot.startsAt, endsAt: slot.endsAt });
      }
      const body = bodyOf('BOOKING_RESCHEDULED', slot, taken, now);
      body.payload.responses.rescheduleReason.value = reason;
      body.payload.rescheduleUid = slot.uid;
      post('move', body);
    } else if (act === 'moveAsRequest' && isFree && own !== undefined && slots.length < 4) {
      const next = openSlot(pick, slot.uid);
      own.isTaken = false;
      const moved: Seat = Object.assign(own, { startsAt: next.startsAt, endsAt: next.endsAt, host: next.host });
      Object.assign(moved, { status: 'Rescheduled', reason });
      moved.keys.push(seatKey(next.uid, email));
      slot.seats.splice(slot.seats.indexOf(own), 1);
      next.seats.push(moved);
      moved.isTaken = true;
      const body = bodyOf('BOOKING_RESCHEDULED', next, [moved], now);
      body.payload.responses.rescheduleReason.value = reason;
      body.payload.rescheduleUid = slot.uid;
      post('move', body);
    } else if (act === 'cancel' && isFree && taken.length > 0) {
      const leaving = pick % 3 === 0 ? taken : taken.filter((seat) => seat === own);
      if (leaving.length === 0) continue;
      for (const seat of leaving) Object.assign(seat, { status: 'Canceled', reason, isTaken: false });
      const body = bodyOf('BOOKING_CANCELLED', slot, leaving, now);
      Object.assign(body.payload, { status: 'CANCELLED', cancellationReason: reason });
      post('cancel', body);
    } else if (act === 'reassign' && isFree && taken.length > 0) {
      slot.host = hosts[1 - hosts.indexOf(slot.host)]!;
      for (const seat of taken) seat.host = slot.host;
      post('reassign', bodyOf('BOOKING_REASSIGNED', slot, taken, now));
    } else if (act === 'end' && !slot.hasEnded && taken.length > 0) {
      now = Math.max(now, Date.parse(slot.endsAt));
      slot.hasEnded = true;
      for (const seat of taken) if (!seat.isNoShow) seat.status = 'Completed';
      post('end', endedBody(slot, taken));
    } else if (act === 'noShow' && slot.hasEnded && own !== undefined && !own.isNoShow) {
      Object.assign(own, { isNoShow: true, status: 'No-show' });
      post('noShow', markBody(slot, email, true, now));
    } else if (act === 'undo' && own?.isNoShow === true) {
      Object.assign(own, { isNoShow: false, status: 'Completed' });
      post('undo', markBody(slot, email, false, now));
    }
  }
  return {
    posted,
    truths: truths.map(({ isTaken: _taken, isNoShow: _noShow, ...truth }) => truth),
  };
}

function bodyOf(trigger: string, slot: Slot, seats: Seat[], now: number): Loose {
  const body = example('calcom', trigger === 'BOOKING_CREATED' ? 'BOOKING_CREATED.seat' : trigger);
  const { payload } = body;
  const [attendee] = payload.attendees as object[];
  body.createdAt = iso(now);
  Object.assign(payload, { uid: slot.uid, startTime: slot.startsAt, endTime: slot.endsAt, seatsPerTimeSlot: 6 });
  Object.assign(payload.organizer, { ...slot.host, id: Number(slot.host.id) });
  payload.attendees = seats.map(({ customerEmail }) => ({
    ...attendee,
    email: customerEmail,
    name: 'A B',
  }));
  payload.responses.email.value = seats[0]!.customerEmail;
  delete payload.rescheduleUid;
  payload.iCalSequence = 0;
  return body;
}

/** Flat, and without a word of seats, but for the answers that are missing. */
function endedBody({ uid, startsAt, endsAt, host, fromReschedule }: Slot, seats: Seat[]): Loose {
  const body = example('calcom', 'MEETING_ENDED');
  Object.assign(body, { uid, startTime: startsAt, endTime: endsAt, fromReschedule, userId: Number(host.id) });
  body.responses = null;
  Object.assign(body.user, { email: host.email, name: host.name });
  body.userPrimaryEmail = host.email;
  body.attendees = seats.map(({ customerEmail }): unknown => ({ ...body.attendees[0], email: customerEmail }));
  return body;
}

function markBody({ uid }: Slot, email: string, noShow: boolean, now: number): Loose {
  const body = example('calcom', 'BOOKING_NO_SHOW_UPDATED');
  body.createdAt = iso(now);
  Object.assign(body.payload, { bookingUid: uid, attendees: [{ email: email.toLowerCase(), noShow }] });
  return body;
}
