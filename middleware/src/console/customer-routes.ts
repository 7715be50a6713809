import { Router } from 'express';
import { NotFoundError } from '../admin/refused';
import type { OrderResult } from '../admin/orders/orders';
import type { PageMaker } from './page-maker';
import { customerView, noCustomerView } from './views/customer-view';
import type { Visit } from './visit';

/** The connector's own page of a customer, for everybody who is signed in. */
export function customerRoutes(anybody: PageMaker): Router {
  return Router().get(
    '/customers/:id',
    anybody(async (visit) => {
      const customer = await findCustomer(visit);
      if (customer === null) return showNone(visit);
      const view = customerView({ customer, isMember: visit.may('member') });
      visit.send('bookings', customer.name ?? customer.email ?? 'Customer', view);
    }),
  );
}

/** "View customer" in Salesforce: on to the scheduling system's page of the customer, else to our own. */
export function customerLinkRoutes(anybody: PageMaker): Router {
  return Router().get(
    '/customers/:id',
    anybody(async (visit) => {
      const customer = await findCustomer(visit);
      if (customer === null) return showNone(visit);
      const own = `/console/customers/${encodeURIComponent(customer.id)}`;
      visit.res.redirect(302, customer.pages[0]?.url ?? own);
    }),
  );
}

/** @returns null when the team of whoever asks has none of that id. */
async function findCustomer(visit: Visit): Promise<OrderResult<'readCustomer'> | null> {
  try {
    return await visit.order('readCustomer', { id: String(visit.req.params['id']).slice(0, 200) });
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}

function showNone(visit: Visit): void {
  visit.send('bookings', 'No such customer', noCustomerView(), 404);
}
