import { Router } from 'express';
import { CHOICES, type Choice } from '../booking/hold.store';
import type { PageMaker } from './console-router';
import { overviewView } from './views/overview-view';

const STARTED: Record<Choice, string> = {
  future: 'Bookings are written to Salesforce: those that are still to come, and what arrives from now on.',
  all: 'Bookings are written to Salesforce, those received so far too.',
  none: 'Bookings are written to Salesforce from now on.',
};

/** The first page: how things are, the start gate, and the API calls. */
export function overviewRoutes(page: PageMaker): Router {
  return Router()
    .get(
      '/',
      page(async (visit) => {
        const status = await visit.order('status', {});
        const { problems } = await visit.order('listProblems', {});
        const { sources } = await visit.order('listSources', {});
        const view = overviewView({
          status,
          problems,
          sources,
          now: visit.now,
          csrf: visit.csrf,
          mayAct: visit.may('admin'),
        });
        visit.send('overview', 'Overview', view);
      }),
    )
    .post(
      '/gate/open',
      page((visit) =>
        visit.act('/', async () => {
          const backlog = visit.field('backlog') === 'yes';
          const choice = CHOICES.find((one) => one === visit.field('bookings'));
          await visit.order('openGate', choice === undefined ? { backlog } : { bookings: choice });
          return STARTED[choice ?? (backlog ? 'all' : 'none')];
        }),
      ),
    )
    .post(
      '/gate/close',
      page((visit) =>
        visit.act('/', async () => {
          await visit.order('closeGate', {});
          return 'Nothing is written to Salesforce any more. Bookings are accepted and wait.';
        }),
      ),
    )
    .post(
      '/budget',
      page((visit) =>
        visit.act('/', async () => {
          const cap = visit.field('cap');
          await visit.order('setBudget', {
            org: visit.field('org'),
            reservePercent: Number(visit.field('reserve')),
            dailyCap: cap === '' ? null : Number(cap),
            lanes: visit.field('lanes') === '2' ? 2 : 1,
          });
          return 'Saved: it counts from the next turn on.';
        }),
      ),
    );
}
