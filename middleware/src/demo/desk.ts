import type { Response } from 'express';
import type { BodyContext, CalcomBody } from './calcom-body';
import type { DemoBookable, DemoBooking, DemoHost } from './demo-booking';
import { DemoBookings } from './demo-bookings';
import { DemoDeliveries } from './demo-deliveries';
import type { DemoPageOptions } from './demo-options';
import type { Html } from '../page/html';
import { freeTimes, isFreeTime, workingDays } from './slots';
import { isTimeZone, ownTimeZone } from './time-zone';
import { layout, type Site } from './views/layout';
import { messageView } from './views/message-view';
import type { Choice } from './views/times-view';

/** What the routes of the demo share: its bookings, what it sent, who holds what and which times are free. */
export class Desk {
  readonly bookings = new DemoBookings();
  readonly deliveries: DemoDeliveries;
  readonly site: Site;
  readonly now: () => Date;
  private readonly hostTimeZone: string;

  constructor(private readonly options: DemoPageOptions) {
    const { webhookUrl, secret, recordPageUrl, timeZone, now } = options;
    this.now = now;
    this.hostTimeZone = timeZone ?? ownTimeZone();
    this.deliveries = new DemoDeliveries(webhookUrl, secret, now);
    this.site = { webhookUrl, ...(recordPageUrl ? { recordPageUrl } : {}) };
  }

  /** What can be booked and with whom. */
  get offers(): { bookable: DemoBookable; host: DemoHost }[] {
    return this.options.pages.map((bookable) => ({ bookable, host: this.hostOf(bookable).host }));
  }

  /** What is booked at an address, or null. */
  findBookable(slug: string): DemoBookable | null {
    return this.options.pages.find((bookable) => bookable.slug === slug) ?? null;
  }

  /** Who holds something: the host it names, else the hosts in turn. */
  hostOf(bookable: DemoBookable): { host: DemoHost; hostIndex: number } {
    const { pages, hosts } = this.options;
    const named = hosts.findIndex(({ email }) => email === bookable.hostEmail);
    const hostIndex = named >= 0 ? named : pages.indexOf(bookable) % hosts.length;
    const host = hosts[hostIndex];
    if (host === undefined) throw new Error('The demo page needs at least one host');
    return { host, hostIndex };
  }

  /** The zone that a visitor asks for, where it is one; else `fallback`, or the hosts' own. */
  timeZoneOf(sent: unknown, fallback = this.hostTimeZone): string {
    return typeof sent === 'string' && isTimeZone(sent) ? sent : fallback;
  }

  /**
   * The days and times that a visitor can choose from.
   *
   * @param moving the booking that is to be moved; its own time counts as free.
   * @param asked the day and zone asked for; without them the first day that has a free time.
   */
  choiceOf(bookable: DemoBookable, moving: DemoBooking | null, asked: { day?: unknown; timeZone?: unknown }): Choice {
    const { lengthMinutes } = bookable;
    const host = moving?.host ?? this.hostOf(bookable).host;
    const timeZone = this.timeZoneOf(asked.timeZone, moving?.customer.timeZone);
    const busy = this.bookings.busyTimes(host, moving);
    const days = workingDays(this.now(), timeZone, lengthMinutes).map((day) => ({
      day,
      times: freeTimes(day, timeZone, lengthMinutes, this.now(), busy),
    }));
    const chosen = days.find(({ day }) => day === asked.day) ?? days.find(({ times }) => times.length > 0) ?? days[0];
    return {
      bookable,
      host,
      timeZone,
      day: chosen?.day ?? '',
      days: days.map(({ day, times }) => ({ day, free: times.length })),
      times: chosen?.times ?? [],
    };
  }

  /** Whether a time can be booked, or a booking moved to it. */
  isFree(bookable: DemoBookable, moving: DemoBooking | null, startsAt: Date, timeZone: string): boolean {
    const host = moving?.host ?? this.hostOf(bookable).host;
    const busy = this.bookings.busyTimes(host, moving);
    return isFreeTime(startsAt, timeZone, bookable.lengthMinutes, this.now(), busy);
  }

  /** Tells the connector what happened to a booking; resolves when it has answered, or has not. */
  async tell(booking: DemoBooking, bodyOf: (booking: DemoBooking, context: BodyContext) => CalcomBody): Promise<void> {
    const context = { bookerUrl: this.options.bookerUrl, hostTimeZone: this.hostTimeZone, now: this.now() };
    await this.deliveries.send(booking.iCalUid, bodyOf(booking, context));
  }

  /** Answers with a page. */
  send(res: Response, title: string, content: Html, status = 200): void {
    res
      .status(status)
      .type('html')
      .send(layout(this.site, title, content).text);
  }

  /** Answers that there is no such page or booking. */
  sendNotFound(res: Response): void {
    const content = messageView('There is nothing here', 'The demo forgets its bookings when it stops.');
    this.send(res, 'Not found', content, 404);
  }
}

/** What is said when the time that was chosen cannot be had. */
export const TAKEN = 'That time is not free any more. Choose another one.';

/** An instant as the page's own links and forms carry it; null for anything else. */
export function instantOf(sent: unknown): Date | null {
  if (typeof sent !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(sent)) return null;
  const instant = new Date(sent);
  return Number.isNaN(instant.getTime()) ? null : instant;
}
