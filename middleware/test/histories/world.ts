import type { BookingStatus } from '../../src/booking/booking';
import type { JsonValue } from '../../src/booking/booking-event';

/** What can happen to an appointment. */
export type Act =
  | 'book'
  | 'pay'
  | 'move'
  | 'moveAsRequest'
  | 'cancel'
  | 'askForNewTime'
  | 'revive'
  | 'end'
  | 'noShow'
  | 'guestNoShow'
  | 'undo'
  | 'reassign'
  | 'edit';

export interface Host {
  id: string;
  email: string;
  name: string;
}

/** An appointment as the scheduling system has it. */
export interface Appointment {
  key: string;
  /** The key that it was booked under first. */
  firstKey: string;
  /** The key that it had before its last move to a new one. */
  formerKey: string | null;
  /** When the appointment was made under this key. */
  bookedAt: string;
  startsAt: string;
  endsAt: string;
  host: Host;
  customerEmail: string;
  location: string;
  answer: string;
  /** Changes of the calendar entry so far. */
  sequence: number;
}

/** One change, as the system tells it to its webhooks. */
export interface Change {
  act: Act;
  /** Different for every change of a world. */
  serial: number;
  at: string;
  before: Appointment;
  now: Appointment;
  /** As it was when it got its present key and time: some bodies are snapshots of that. */
  asBooked: Appointment;
  reason: string | null;
  by: 'customer' | 'host';
  /** A number to choose between bodies that a source may send for one change. */
  pick: number;
}

/** A body as sent, and what the world knows of it. */
export interface Posted {
  /** JSON; a text goes as it is. */
  body: unknown;
  /** What the system's API says when it is asked after this body, where bodies name a booking and no more. */
  answer?: JsonValue;
  /** Place of the booking in the world's truth. */
  booking: number;
  act: Act;
  /** Native keys that the body names. */
  names: string[];
  /** Whether it cannot be told from a cancel. */
  isCancel: boolean;
  /** Whether it is the old half of a move: no cancel, and no new time either. */
  isOldHalf: boolean;
  at: string;
  serial: number;
}

/** One body, and what it says of keys. */
export type Told = Pick<Posted, 'body' | 'names' | 'answer'> & Partial<Pick<Posted, 'isCancel' | 'isOldHalf'>>;

/** How a source behaves and what it sends. */
export interface Source {
  /** As `kinds` knows it. */
  kind: string;
  can: readonly Act[];
  /** Whether a move gives the appointment a new key; `either` where the source has both ways. */
  movesTo: 'sameKey' | 'newKey' | 'either';
  /** The bodies of a change: none, one or several. */
  tell: (change: Change) => Told[];
  /** A native key as this source makes them. */
  keyOf: (serial: number) => string;
  /** Whether a move tells why, under its own key or a new one. */
  tellsReasonOfMove: boolean;
  tellsReasonOfCancel: boolean;
}

/** What became of one booking, by those who made it so. */
export interface Truth {
  keys: string[];
  status: BookingStatus;
  startsAt: string;
  endsAt: string;
  reason: string | null;
  host: Host;
  customerEmail: string;
  /** As last told; a source that tells none says so in its own way. */
  location: string;
  answer: string;
  /** Every answer that was true at some time. */
  answers: string[];
}

/** Who takes part in a history. */
export interface Cast {
  /** E-mail addresses, one for each of three bookings. */
  customers: readonly string[];
  /** Three of them. */
  hosts: readonly Host[];
}

/** One wish of the visitors and hosts; what is against the rules just then is not done. */
export interface Wish {
  who: number;
  act: Act;
  minutes: number;
  pick: number;
}

const FIRST_DAY = Date.parse('2027-02-20T08:00:00.000Z');
const MINUTE_MS = 60_000;
export const iso = (ms: number): string => new Date(ms).toISOString();

/** The body as bytes. */
export function rawBodyOf({ body }: Pick<Posted, 'body'>): Buffer {
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

const HOSTS: Host[] = ['rosa', 'tomas', 'noor'].map((name, index) => ({
  id: String(501 + index),
  email: `${name}@host.example`,
  name: `${name} of the house`,
}));
const CAST: Cast = { customers: [0, 1, 2].map((place) => `Visitor${place}@visitor.example`), hosts: HOSTS };

interface Life {
  appointment: Appointment;
  asBooked: Appointment;
  keys: string[];
  base: 'Scheduled' | 'Rescheduled';
  phase: 'open' | 'ended' | 'canceled' | 'canceledForNewTime';
  isNoShow: boolean;
  reason: string | null;
  answers: string[];
}

/**
 * Lives the wishes through, in the order given, by the rules of a source.
 * @param lastSerial of the history before, where several are lived in one store.
 */
export function live(
  source: Source,
  wishes: Wish[],
  lastSerial = 0,
  { customers, hosts }: Cast = CAST,
): { posted: Posted[]; truths: Truth[] } {
  const lives: Life[] = [];
  const posted: Posted[] = [];
  let now = FIRST_DAY;
  let serial = lastSerial;

  const timesFrom = (pick: number) => {
    const startsAt = now + (60 + (pick % 5000)) * MINUTE_MS;
    return { startsAt: iso(startsAt), endsAt: iso(startsAt + (15 + (pick % 4) * 15) * MINUTE_MS) };
  };
  const tell = (booking: number, act: Act, before: Appointment, wish: Wish, reason: string | null): void => {
    const life = lives[booking]!;
    const by = wish.pick % 2 === 0 ? ('customer' as const) : ('host' as const);
    const told = { act, serial, at: iso(now), before, now: life.appointment, asBooked: life.asBooked };
    for (const one of source.tell({ ...told, reason, by, pick: wish.pick })) {
      const isCancel = act === 'cancel' || act === 'askForNewTime';
      posted.push({ isCancel, isOldHalf: false, ...one, booking, act, at: iso(now), serial });
    }
  };

  for (const wish of wishes) {
    now += wish.minutes * MINUTE_MS;
    serial += 1;
    if (wish.act === 'book') {
      if (lives.length >= 3) continue;
      const key = source.keyOf(serial);
      const appointment: Appointment = {
        key,
        firstKey: key,
        formerKey: null,
        bookedAt: iso(now),
        ...timesFrom(wish.pick),
        host: hosts[wish.pick % hosts.length]!,
        customerEmail: customers[lives.length]!,
        location: `Room ${serial}`,
        answer: `Answer ${serial}`,
        sequence: 0,
      };
      lives.push({
        appointment,
        asBooked: appointment,
        keys: [key],
        base: 'Scheduled',
        phase: 'open',
        isNoShow: false,
        reason: null,
        answers: [appointment.answer],
      });
      tell(lives.length - 1, 'book', appointment, wish, null);
      continue;
    }
    const booking = lives.length === 0 ? -1 : wish.who % lives.length;
    const life = lives[booking];
    if (life === undefined || !source.can.includes(wish.act) || !isLawful(life, wish.act, now)) continue;
    const before = life.appointment;
    const text = wish.pick % 3 === 0 ? null : `Because ${serial}`;
    switch (wish.act) {
      case 'move':
      case 'moveAsRequest':
      case 'revive': {
        const isNewKey = source.movesTo === 'newKey' || (source.movesTo === 'either' && wish.pick % 2 === 1);
        const key = isNewKey ? source.keyOf(serial) : before.key;
        const host = wish.pick % 7 === 0 ? hosts[(wish.pick + 1) % hosts.length]! : before.host;
        const bookedAt = isNewKey ? iso(now) : before.bookedAt;
        life.appointment = { ...before, key, bookedAt, host, ...timesFrom(wish.pick), sequence: before.sequence + 1 };
        life.asBooked = life.appointment;
        if (isNewKey) {
          life.keys.push(key);
          life.appointment.formerKey = before.key;
        }
        Object.assign(life, { base: 'Rescheduled', phase: 'open', isNoShow: false });
        life.reason = source.tellsReasonOfMove ? text : null;
        tell(booking, wish.act, before, wish, life.reason);
        break;
      }
      case 'cancel':
      case 'askForNewTime':
        life.phase = wish.act === 'cancel' ? 'canceled' : 'canceledForNewTime';
        life.reason = source.tellsReasonOfCancel ? text : null;
        life.appointment = { ...before, sequence: before.sequence + 1 };
        tell(booking, wish.act, before, wish, life.reason);
        break;
      case 'end':
        now = Math.max(now, Date.parse(before.endsAt));
        life.phase = 'ended';
        tell(booking, 'end', before, wish, null);
        break;
      case 'noShow':
      case 'undo':
        now = Math.max(now, Date.parse(before.startsAt) + MINUTE_MS);
        life.isNoShow = wish.act === 'noShow';
        tell(booking, wish.act, before, wish, null);
        break;
      case 'reassign':
        life.appointment = { ...before, host: hosts[(hosts.indexOf(before.host) + 1) % hosts.length]! };
        tell(booking, 'reassign', before, wish, text);
        break;
      case 'edit':
        life.appointment = { ...before, location: `Room ${serial}`, answer: `Answer ${serial}` };
        life.answers.push(life.appointment.answer);
        tell(booking, 'edit', before, wish, null);
        break;
      case 'pay':
      case 'guestNoShow':
        tell(booking, wish.act, before, wish, null);
    }
  }
  return { posted, truths: lives.map(truthOf) };
}

function isLawful({ phase, appointment, isNoShow }: Life, act: Act, now: number): boolean {
  const hasBegun = now >= Date.parse(appointment.startsAt);
  const hasEnded = now >= Date.parse(appointment.endsAt);
  switch (act) {
    case 'book':
      return true;
    case 'revive':
      return phase === 'canceledForNewTime';
    case 'end':
      return phase === 'open';
    case 'noShow':
      return (phase === 'open' || phase === 'ended') && !isNoShow;
    case 'guestNoShow':
      return phase === 'ended';
    case 'undo':
      return isNoShow && (phase === 'open' || phase === 'ended');
    case 'askForNewTime':
      return phase === 'open' || (phase === 'ended' && isNoShow);
    default:
      return phase === 'open' && !hasBegun && !hasEnded && !isNoShow;
  }
}

function truthOf({ appointment, keys, phase, isNoShow, base, reason, answers }: Life): Truth {
  const { startsAt, endsAt, host, customerEmail, location, answer } = appointment;
  const isCanceled = phase === 'canceled' || phase === 'canceledForNewTime';
  const ending = isNoShow ? 'No-show' : phase === 'ended' ? 'Completed' : base;
  const status = isCanceled ? 'Canceled' : ending;
  return { keys, status, startsAt, endsAt, reason, host, customerEmail, location, answer, answers };
}
