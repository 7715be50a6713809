import { type Request, type Response, Router } from 'express';
import { createdBody } from './calcom-body';
import type { DemoBookable } from './demo-booking';
import { type Desk, instantOf, TAKEN } from './desk';
import { readCustomer, typedValues } from './forms';
import { detailsView } from './views/details-view';
import { timesView } from './views/times-view';

/** Choosing a time, saying who comes, and booking. */
export function bookRoutes(desk: Desk): Router {
  /** Runs a route with what is booked at its address. */
  const withBookable =
    (run: (bookable: DemoBookable, req: Request, res: Response) => unknown) => (req: Request, res: Response) => {
      const bookable = desk.findBookable(String(req.params['slug']));
      return bookable === null ? desk.sendNotFound(res) : run(bookable, req, res);
    };

  return Router()
    .get(
      '/:slug',
      withBookable((bookable, req, res) => {
        desk.send(res, bookable.title, timesView(desk.choiceOf(bookable, null, req.query), null));
      }),
    )
    .get(
      '/:slug/details',
      withBookable((bookable, req, res) => {
        const timeZone = desk.timeZoneOf(req.query['timeZone']);
        const startsAt = instantOf(req.query['start']);
        if (startsAt === null || !desk.isFree(bookable, null, startsAt, timeZone)) {
          return res.redirect(303, `/book/${bookable.slug}?timeZone=${encodeURIComponent(timeZone)}`);
        }
        const { host } = desk.hostOf(bookable);
        const content = detailsView({ bookable, host, startsAt, timeZone, values: {}, errors: {} });
        desk.send(res, bookable.title, content);
      }),
    )
    .post(
      '/:slug',
      withBookable((bookable, req, res) => book(desk, bookable, req, res)),
    );
}

async function book(desk: Desk, bookable: DemoBookable, req: Request, res: Response): Promise<void> {
  const values = typedValues(req.body);
  const timeZone = desk.timeZoneOf(values['timeZone']);
  const startsAt = instantOf(values['start']);
  if (startsAt === null || !desk.isFree(bookable, null, startsAt, timeZone)) {
    const content = timesView(desk.choiceOf(bookable, null, { timeZone }), null, TAKEN);
    return desk.send(res, bookable.title, content, 409);
  }
  const { host, hostIndex } = desk.hostOf(bookable);
  const read = readCustomer({ ...values, timeZone });
  if ('errors' in read) {
    const content = detailsView({ bookable, host, startsAt, timeZone, values, errors: read.errors });
    return desk.send(res, bookable.title, content, 422);
  }
  const booking = desk.bookings.add({ bookable, host, hostIndex, customer: read.value, startsAt }, desk.now());
  await desk.tell(booking, createdBody);
  res.redirect(303, `/booking/${booking.uid}`);
}
