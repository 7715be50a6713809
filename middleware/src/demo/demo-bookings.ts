import { randomBytes } from 'node:crypto';
import type { DemoBookable, DemoBooking, DemoCustomer, DemoHost } from './demo-booking';
import type { Busy } from './slots';

/** What a visitor chose. */
export interface NewBooking {
  bookable: DemoBookable;
  host: DemoHost;
  hostIndex: number;
  customer: DemoCustomer;
  startsAt: Date;
}

/** The bookings of the demo, in memory: they are gone when it stops. */
export class DemoBookings {
  private readonly byUid = new Map<string, DemoBooking>();
  private lastBookingId = 90;

  /** Books a time that the caller has found free. */
  add({ bookable, host, hostIndex, customer, startsAt }: NewBooking, now: Date): DemoBooking {
    const uid = newUid();
    return this.keep({
      uid,
      bookingId: (this.lastBookingId += 1),
      iCalUid: `${uid}@Cal.com`,
      iCalSequence: 0,
      videoId: newUid(),
      bookable,
      host,
      hostIndex,
      customer,
      startsAt,
      endsAt: endOf(startsAt, bookable),
      createdAt: now,
      replaces: null,
      rescheduleReason: null,
      state: 'booked',
      replacedByUid: null,
      cancelReason: null,
      isNoShow: false,
      hasEnded: false,
    });
  }

  /** Moves a booking to another time, as Cal.com does: it goes on under a new uid, one step later in the calendar. */
  reschedule(old: DemoBooking, startsAt: Date, reason: string | null, now: Date): DemoBooking {
    const booking = this.keep({
      ...old,
      uid: newUid(),
      bookingId: (this.lastBookingId += 1),
      iCalSequence: old.iCalSequence + 1,
      startsAt,
      endsAt: endOf(startsAt, old.bookable),
      createdAt: now,
      replaces: { uid: old.uid, bookingId: old.bookingId, startsAt: old.startsAt, endsAt: old.endsAt },
      rescheduleReason: reason,
    });
    Object.assign(old, { state: 'moved', replacedByUid: booking.uid } satisfies Partial<DemoBooking>);
    return booking;
  }

  /** Cancels a booking; the entry in the calendar goes one step on. */
  cancel(booking: DemoBooking, reason: string | null): void {
    const canceled: Partial<DemoBooking> = {
      state: 'canceled',
      cancelReason: reason,
      iCalSequence: booking.iCalSequence + 1,
    };
    Object.assign(booking, canceled);
  }

  find(uid: string): DemoBooking | null {
    return this.byUid.get(uid) ?? null;
  }

  /** When a host is busy; `except` is the booking that is about to move. */
  busyTimes(host: DemoHost, except: DemoBooking | null): Busy[] {
    return [...this.byUid.values()].filter(
      (booking) => booking.state === 'booked' && booking !== except && booking.host.email === host.email,
    );
  }

  /** The bookings as they are now, each once, the newest first. */
  latest(limit: number): DemoBooking[] {
    return [...this.byUid.values()]
      .filter(({ state }) => state !== 'moved')
      .reverse()
      .slice(0, limit);
  }

  private keep(booking: DemoBooking): DemoBooking {
    this.byUid.set(booking.uid, booking);
    return booking;
  }
}

function endOf(startsAt: Date, { lengthMinutes }: DemoBookable): Date {
  return new Date(startsAt.getTime() + lengthMinutes * 60_000);
}

const LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** 22 letters and digits without look-alikes, as Cal.com's uids are. Whoever has one may change the booking. */
function newUid(): string {
  return [...randomBytes(22)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
}
