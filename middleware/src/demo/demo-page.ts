import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import helmet from 'helmet';
import { join } from 'node:path';
import { type BodyContext, canceledBody, createdBody, endedBody, noShowBody, rescheduledBody } from './calcom-body';
import { type DemoBookable, type DemoBooking, type DemoHost, isChangeable } from './demo-booking';
import { DemoBookings } from './demo-bookings';
import { DemoDeliveries } from './demo-deliveries';
import { readCustomer, readReason, typedValues } from './forms';
import type { Html } from './html';
import { freeTimes, isFreeTime, workingDays } from './slots';
import { type Day, isTimeZone, ownTimeZone } from './time-zone';
import { bookingView } from './views/booking-view';
import { detailsView } from './views/details-view';
import { homeView } from './views/home-view';
import { layout, type Site } from './views/layout';
import { messageView } from './views/message-view';
import { rescheduleView } from './views/reschedule-view';
import { type Choice, timesView } from './views/times-view';

/** What the demo scheduling page is made with. */
export interface DemoPageOptions {
  /** Where the connector takes deliveries of the demo's source: `http://127.0.0.1:3000/webhooks/demo`. */
  webhookUrl: string;
  /** The secret of that source. */
  secret: string;
  /** Where this page is served, without a slash at the end: goes into the bodies as Cal.com's `bookerUrl`. */
  bookerUrl: string;
  /** What can be booked; at least one. */
  pages: readonly DemoBookable[];
  /** Who holds it; at least one. */
  hosts: readonly DemoHost[];
  /** Where to see in Salesforce what became of a booking of this e-mail. Without it there is no such link. */
  recordPageUrl?: (email: string) => string;
  /** IANA name of the zone of the hosts, and of visitors until they choose; default: this machine's. */
  timeZone?: string;
  now: () => Date;
}

const PUBLIC_DIR = join(__dirname, '../../demo/public');

/**
 * A small scheduling page that stands in for Cal.com: what is booked, moved, canceled and held here is told to the
 * connector with Cal.com's own bodies and signature. Keeps everything in memory.
 */
export function createDemoPage(options: DemoPageOptions): Express {
  const { pages, hosts, recordPageUrl, now } = options;
  const hostTimeZone = options.timeZone ?? ownTimeZone();
  const site: Site = { webhookUrl: options.webhookUrl, ...(recordPageUrl ? { recordPageUrl } : {}) };
  const bookings = new DemoBookings();
  const deliveries = new DemoDeliveries(options.webhookUrl, options.secret, now);

  const context = (): BodyContext => ({ bookerUrl: options.bookerUrl, hostTimeZone, now: now() });
  const send = (res: Response, title: string, content: Html, status = 200): void => {
    res
      .status(status)
      .type('html')
      .send(layout(site, title, content).text);
  };
  const sendNotFound = (res: Response): void =>
    send(res, 'Not found', messageView('There is nothing here', 'The demo forgets its bookings when it stops.'), 404);

  const hostOf = (bookable: DemoBookable): { host: DemoHost; hostIndex: number } => {
    const named = hosts.findIndex(({ email }) => email === bookable.hostEmail);
    const hostIndex = named >= 0 ? named : pages.indexOf(bookable) % hosts.length;
    const host = hosts[hostIndex];
    if (host === undefined) throw new Error('The demo page needs at least one host');
    return { host, hostIndex };
  };
  const bookableOf = (req: Request): DemoBookable | null =>
    pages.find(({ slug }) => slug === req.params['slug']) ?? null;
  const bookingOf = (req: Request): DemoBooking | null => bookings.find(String(req.params['uid']));
  const timeZoneOf = (sent: unknown, fallback = hostTimeZone): string =>
    typeof sent === 'string' && isTimeZone(sent) ? sent : fallback;

  const choiceOf = (bookable: DemoBookable, moving: DemoBooking | null, query: Request['query']): Choice => {
    const host = moving?.host ?? hostOf(bookable).host;
    const timeZone = timeZoneOf(query['timeZone'], moving?.customer.timeZone);
    const days = workingDays(now(), timeZone, bookable.lengthMinutes);
    const busy = bookings.busyTimes(host, moving);
    const times = (day: Day): Date[] => freeTimes(day, timeZone, bookable.lengthMinutes, now(), busy);
    const chosen = days.find((day) => day === query['day']);
    const day = chosen ?? days.find((candidate) => times(candidate).length > 0) ?? String(days[0]);
    return {
      bookable,
      host,
      timeZone,
      day,
      days: days.map((each) => ({ day: each, free: times(each).length })),
      times: times(day),
    };
  };
  const isFree = (bookable: DemoBookable, moving: DemoBooking | null, startsAt: Date, timeZone: string): boolean => {
    const host = moving?.host ?? hostOf(bookable).host;
    return isFreeTime(startsAt, timeZone, bookable.lengthMinutes, now(), bookings.busyTimes(host, moving));
  };

  const app = express();
  app.disable('x-powered-by');
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          styleSrc: ["'self'"],
          scriptSrc: ["'self'"],
          imgSrc: ["'self'"],
          formAction: ["'self'"],
          baseUri: ["'none'"],
          frameAncestors: ["'none'"],
        },
      },
      strictTransportSecurity: false, // served over plain http, on this machine only
    }),
  );
  app.use('/assets', express.static(PUBLIC_DIR, { index: false }));
  app.use((req, res, next) => {
    res.set('cache-control', 'no-store');
    // Other sites may link here, but not fill in our forms.
    const isForeign = req.method === 'POST' && !['same-origin', 'none', undefined].includes(req.get('sec-fetch-site'));
    if (isForeign) {
      send(res, 'Refused', messageView('This form was sent from another site', 'Go back and use the form here.'), 403);
      return;
    }
    next();
  });
  app.use(express.urlencoded({ extended: false, limit: '20kb' }));

  app.get('/', (_req, res) => {
    const offers = pages.map((bookable) => ({ bookable, host: hostOf(bookable).host }));
    send(res, 'Book a time', homeView(offers, bookings.latest(5)));
  });

  app.get('/book/:slug', (req, res) => {
    const bookable = bookableOf(req);
    if (bookable === null) return sendNotFound(res);
    send(res, bookable.title, timesView(choiceOf(bookable, null, req.query), null));
  });

  app.get('/book/:slug/details', (req, res) => {
    const bookable = bookableOf(req);
    if (bookable === null) return sendNotFound(res);
    const timeZone = timeZoneOf(req.query['timeZone']);
    const startsAt = instantOf(req.query['start']);
    if (startsAt === null || !isFree(bookable, null, startsAt, timeZone)) {
      return res.redirect(303, `/book/${bookable.slug}?timeZone=${encodeURIComponent(timeZone)}`);
    }
    const { host } = hostOf(bookable);
    send(res, bookable.title, detailsView({ bookable, host, startsAt, timeZone, values: {}, errors: {} }));
  });

  app.post('/book/:slug', async (req, res) => {
    const bookable = bookableOf(req);
    if (bookable === null) return sendNotFound(res);
    const values = typedValues(req.body);
    const timeZone = timeZoneOf(values['timeZone']);
    const startsAt = instantOf(values['start']);
    const { host, hostIndex } = hostOf(bookable);
    if (startsAt === null || !isFree(bookable, null, startsAt, timeZone)) {
      return send(res, bookable.title, timesView(choiceOf(bookable, null, { timeZone }), null, TAKEN), 409);
    }
    const read = readCustomer({ ...values, timeZone });
    if ('errors' in read) {
      const { errors } = read;
      return send(res, bookable.title, detailsView({ bookable, host, startsAt, timeZone, values, errors }), 422);
    }
    const booking = bookings.add({ bookable, host, hostIndex, customer: read.value, startsAt }, now());
    await deliveries.send(booking.iCalUid, createdBody(booking, context()));
    res.redirect(303, `/booking/${booking.uid}`);
  });

  app.get('/booking/:uid', (req, res) => {
    const booking = bookingOf(req);
    if (booking === null) return sendNotFound(res);
    send(res, booking.bookable.title, bookingView(site, booking, deliveries.of(booking.iCalUid), null));
  });

  app.get('/booking/:uid/reschedule', (req, res) => {
    const booking = bookingOf(req);
    if (booking === null) return sendNotFound(res);
    if (!isChangeable(booking)) return res.redirect(303, `/booking/${booking.uid}`);
    const timeZone = timeZoneOf(req.query['timeZone'], booking.customer.timeZone);
    const startsAt = instantOf(req.query['start']);
    if (startsAt !== null && isFree(booking.bookable, booking, startsAt, timeZone)) {
      return send(res, 'Reschedule', rescheduleView({ booking, startsAt, timeZone, values: {}, errors: {} }));
    }
    send(res, 'Reschedule', timesView(choiceOf(booking.bookable, booking, req.query), booking));
  });

  app.post('/booking/:uid/reschedule', async (req, res) => {
    const old = bookingOf(req);
    if (old === null) return sendNotFound(res);
    if (!isChangeable(old)) return res.redirect(303, `/booking/${old.uid}`);
    const values = typedValues(req.body);
    const timeZone = timeZoneOf(values['timeZone'], old.customer.timeZone);
    const startsAt = instantOf(values['start']);
    const isSame = startsAt?.getTime() === old.startsAt.getTime();
    if (startsAt === null || isSame || !isFree(old.bookable, old, startsAt, timeZone)) {
      const told = isSame ? 'That is the time it has now. Choose another one.' : TAKEN;
      return send(res, 'Reschedule', timesView(choiceOf(old.bookable, old, { timeZone }), old, told), 409);
    }
    const read = readReason(values);
    if ('errors' in read) {
      const { errors } = read;
      return send(res, 'Reschedule', rescheduleView({ booking: old, startsAt, timeZone, values, errors }), 422);
    }
    const booking = bookings.reschedule(old, startsAt, read.value.reason, now());
    await deliveries.send(booking.iCalUid, rescheduledBody(booking, context()));
    res.redirect(303, `/booking/${booking.uid}`);
  });

  app.post('/booking/:uid/cancel', async (req, res) => {
    const booking = bookingOf(req);
    if (booking === null) return sendNotFound(res);
    const values = typedValues(req.body);
    const read = readReason(values);
    if ('errors' in read) {
      const refused = { values, errors: read.errors };
      const content = bookingView(site, booking, deliveries.of(booking.iCalUid), refused);
      return send(res, booking.bookable.title, content, 422);
    }
    if (isChangeable(booking)) {
      bookings.cancel(booking, read.value.reason);
      await deliveries.send(booking.iCalUid, canceledBody(booking, context()));
    }
    res.redirect(303, `/booking/${booking.uid}`);
  });

  app.post('/booking/:uid/no-show', async (req, res) => {
    const booking = bookingOf(req);
    if (booking === null) return sendNotFound(res);
    const isNoShow = typedValues(req.body)['noShow'] === 'true';
    if (booking.state === 'booked' && booking.isNoShow !== isNoShow) {
      booking.isNoShow = isNoShow;
      await deliveries.send(booking.iCalUid, noShowBody(booking, context()));
    }
    res.redirect(303, `/booking/${booking.uid}`);
  });

  app.post('/booking/:uid/end', async (req, res) => {
    const booking = bookingOf(req);
    if (booking === null) return sendNotFound(res);
    if (booking.state === 'booked' && !booking.hasEnded) {
      booking.hasEnded = true;
      await deliveries.send(booking.iCalUid, endedBody(booking, context()));
    }
    res.redirect(303, `/booking/${booking.uid}`);
  });

  app.post('/booking/:uid/deliveries/:id', async (req, res) => {
    const booking = bookingOf(req);
    const delivery = booking && deliveries.find(booking.iCalUid, Number(req.params.id));
    if (booking === null || delivery === null) return sendNotFound(res);
    await deliveries.sendAgain(delivery);
    res.redirect(303, `/booking/${booking.uid}`);
  });

  app.get('/video/:id', (_req, res) => {
    const told = 'A scheduling system would open the video call here. This one is a demo, so there is no call.';
    send(res, 'Video call', messageView('No call today', told));
  });

  app.use((_req, res) => sendNotFound(res));
  const failed: ErrorRequestHandler = (error: unknown, _req, res, next) => {
    if (res.headersSent) return next(error);
    const { status } = (error ?? {}) as { status?: unknown };
    const isTheirs = typeof status === 'number' && status >= 400 && status < 500;
    const told = isTheirs ? 'The form could not be read. Go back and send it again.' : 'Something went wrong here.';
    send(res, 'Error', messageView('That did not work', told), isTheirs ? status : 500);
  };
  app.use(failed);
  return app;
}

const TAKEN = 'That time is not free any more. Choose another one.';

function instantOf(sent: unknown): Date | null {
  if (typeof sent !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(sent)) return null;
  const instant = new Date(sent);
  return Number.isNaN(instant.getTime()) ? null : instant;
}
