import { Router } from 'express';
import type { OrderResult } from '../admin/orders/orders';
import type { PageMaker } from './console-router';
import { deliveriesView } from './views/deliveries-view';

const REPLAYED: Record<OrderResult<'replayDelivery'>['outcome'], string> = {
  stored: 'It is understood now, and its booking is on the way.',
  ignored: 'It is understood now, and is about no booking.',
  refused: 'It is still not understood.',
  failed: 'It could not be stored, and stays refused.',
  duplicate: 'Somebody else was faster.',
};

/** Webhooks that were accepted and not understood. */
export function deliveryRoutes(page: PageMaker): Router {
  return Router()
    .get(
      '/deliveries',
      page(async (visit) => {
        const { after } = visit.req.query;
        const refused = await visit.order('listRefused', typeof after === 'string' ? { after } : {});
        visit.send('deliveries', 'Refused webhooks', deliveriesView({ ...refused, csrf: visit.csrf, now: visit.now }));
      }),
    )
    .post(
      '/deliveries/:id/replay',
      page((visit) =>
        visit.act('/deliveries', async () => {
          const { outcome } = await visit.order('replayDelivery', { id: String(visit.req.params['id']) });
          return REPLAYED[outcome];
        }),
      ),
    )
    .post(
      '/retry',
      page((visit) =>
        visit.act('/deliveries', async () => {
          const { retried, replayed, next } = await visit.order('retry', { bookingId: null });
          const { stored, ignored, refused, failed } = replayed;
          const more = next === null ? '' : ' There are more: press again to go on.';
          return `Parked bookings tried again: ${retried}. Of the webhooks ${stored + ignored} are understood now, ${refused + failed} are not.${more}`;
        }),
      ),
    );
}
