import { Router } from 'express';
import { z } from 'zod';
import { BOOKING_STATUSES } from '../booking/booking';
import { PROGRESS } from '../booking/list.store';
import type { PageMaker } from './console-router';
import { bookingView } from './views/booking-view';
import { bookingsView } from './views/bookings-view';

const text = z
  .string()
  .trim()
  .max(300)
  .transform((value) => value || undefined)
  .optional()
  .catch(undefined);

/** The search form; what is not filled in, or is nonsense, is not asked for. */
const search = z.object({
  key: text,
  source: text,
  progress: z.enum(PROGRESS).optional().catch(undefined),
  status: z.enum(BOOKING_STATUSES).optional().catch(undefined),
  after: text,
});
/** What is searched for. */
export type BookingSearch = z.output<typeof search>;

/** Bookings, and the story of each. */
export function bookingRoutes(page: PageMaker): Router {
  return Router()
    .get(
      '/bookings',
      page(async (visit) => {
        const asked = search.parse(visit.req.query);
        const { bookings, next } = await visit.order('listBookings', { ...asked, limit: 50 });
        const { sources } = await visit.order('listSources', {});
        visit.send(
          'bookings',
          'Bookings',
          bookingsView({ bookings, next, asked, sources: sources.map(({ id }) => id) }),
        );
      }),
    )
    .get(
      '/bookings/:id',
      page(async (visit) => {
        const story = await visit.order('readBooking', { id: String(visit.req.params['id']) });
        const title = story.state.subject ?? story.rootKey;
        visit.send('bookings', title, bookingView({ story, csrf: visit.csrf, now: visit.now }));
      }),
    )
    .post(
      '/bookings/:id/retry',
      page((visit) => {
        const id = String(visit.req.params['id']);
        return visit.act(`/bookings/${encodeURIComponent(id)}`, async () => {
          const { retried } = await visit.order('retryBooking', { id });
          return retried === 0
            ? 'Nothing of this booking waits for you.'
            : 'It is tried again. Reload in a moment to see what came of it.';
        });
      }),
    );
}
