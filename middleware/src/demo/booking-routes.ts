import { type Request, type Response, Router } from 'express';
import { canceledBody, endedBody, noShowBody, rescheduledBody } from './calcom-body';
import { type DemoBooking, isChangeable } from './demo-booking';
import { type Desk, instantOf, TAKEN } from './desk';
import { readReason, typedValues } from './forms';
import { bookingView } from './views/booking-view';
import { rescheduleView } from './views/reschedule-view';
import { timesView } from './views/times-view';

type BookingStep = (desk: Desk, booking: DemoBooking, req: Request, res: Response) => void | Promise<void>;

/** A booking's page, and what can become of the booking. What it does not allow any more leads back to its page. */
export function bookingRoutes(desk: Desk): Router {
  const step = (run: BookingStep) => (req: Request, res: Response) => {
    const booking = desk.bookings.find(String(req.params['uid']));
    return booking === null ? desk.sendNotFound(res) : run(desk, booking, req, res);
  };
  return Router()
    .get('/:uid', step(showBooking))
    .get('/:uid/reschedule', step(chooseNewTime))
    .post('/:uid/reschedule', step(reschedule))
    .post('/:uid/cancel', step(cancel))
    .post('/:uid/no-show', step(markNoShow))
    .post('/:uid/end', step(end))
    .post('/:uid/deliveries/:id', step(sendAgain));
}

const showBooking: BookingStep = (desk, booking, _req, res) => {
  const content = bookingView(desk.site, booking, desk.deliveries.of(booking.iCalUid), null);
  desk.send(res, booking.bookable.title, content);
};

const chooseNewTime: BookingStep = (desk, booking, req, res) => {
  if (!isChangeable(booking)) return backTo(booking, res);
  const timeZone = desk.timeZoneOf(req.query['timeZone'], booking.customer.timeZone);
  const startsAt = instantOf(req.query['start']);
  if (startsAt !== null && desk.isFree(booking.bookable, booking, startsAt, timeZone)) {
    return desk.send(res, 'Reschedule', rescheduleView({ booking, startsAt, timeZone, values: {}, errors: {} }));
  }
  desk.send(res, 'Reschedule', timesView(desk.choiceOf(booking.bookable, booking, req.query), booking));
};

const reschedule: BookingStep = async (desk, old, req, res) => {
  if (!isChangeable(old)) return backTo(old, res);
  const values = typedValues(req.body);
  const timeZone = desk.timeZoneOf(values['timeZone'], old.customer.timeZone);
  const startsAt = instantOf(values['start']);
  const isSame = startsAt?.getTime() === old.startsAt.getTime();
  if (startsAt === null || isSame || !desk.isFree(old.bookable, old, startsAt, timeZone)) {
    const told = isSame ? 'That is the time it has now. Choose another one.' : TAKEN;
    return desk.send(res, 'Reschedule', timesView(desk.choiceOf(old.bookable, old, { timeZone }), old, told), 409);
  }
  const read = readReason(values);
  if ('errors' in read) {
    const content = rescheduleView({ booking: old, startsAt, timeZone, values, errors: read.errors });
    return desk.send(res, 'Reschedule', content, 422);
  }
  const booking = desk.bookings.reschedule(old, startsAt, read.value.reason, desk.now());
  await desk.tell(booking, rescheduledBody);
  backTo(booking, res);
};

const cancel: BookingStep = async (desk, booking, req, res) => {
  if (!isChangeable(booking)) return backTo(booking, res);
  const values = typedValues(req.body);
  const read = readReason(values);
  if ('errors' in read) {
    const refused = { values, errors: read.errors };
    const content = bookingView(desk.site, booking, desk.deliveries.of(booking.iCalUid), refused);
    return desk.send(res, booking.bookable.title, content, 422);
  }
  desk.bookings.cancel(booking, read.value.reason);
  await desk.tell(booking, canceledBody);
  backTo(booking, res);
};

const markNoShow: BookingStep = async (desk, booking, req, res) => {
  const isNoShow = typedValues(req.body)['noShow'] === 'true';
  if (booking.state === 'booked' && booking.isNoShow !== isNoShow) {
    booking.isNoShow = isNoShow;
    await desk.tell(booking, noShowBody);
  }
  backTo(booking, res);
};

const end: BookingStep = async (desk, booking, _req, res) => {
  if (booking.state === 'booked' && !booking.hasEnded) {
    booking.hasEnded = true;
    await desk.tell(booking, endedBody);
  }
  backTo(booking, res);
};

const sendAgain: BookingStep = async (desk, booking, req, res) => {
  const delivery = desk.deliveries.find(booking.iCalUid, Number(req.params['id']));
  if (delivery === null) return desk.sendNotFound(res);
  await desk.deliveries.sendAgain(delivery);
  backTo(booking, res);
};

function backTo({ uid }: DemoBooking, res: Response): void {
  res.redirect(303, `/booking/${uid}`);
}
