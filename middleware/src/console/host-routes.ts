import { Router } from 'express';
import { isLinkState } from '../admin/browser-sign-in';
import { keptInWords } from '../admin/host-sign-in';
import { refusalOf } from '../admin/refused';
import type { PageMaker } from './console-router';
import { hostsView } from './views/hosts-view';
import { leaveAsSelfView, ownHostView, refusedLinkView } from './views/own-host-view';
import { counted } from './views/words';
import type { Visit } from './visit';

/** Hosts, and the Salesforce users who own their Events; and, for everybody, whom he is himself. */
export function hostRoutes(page: PageMaker, anybody: PageMaker): Router {
  const finish = anybody(finishLink);
  return Router()
    .get(
      '/hosts',
      page(async (visit) => {
        const found = await visit.order('listHosts', {});
        visit.send('hosts', 'Hosts', hostsView({ ...found, csrf: visit.csrf, mayChange: visit.may('admin') }));
      }),
    )
    .post(
      '/hosts/link',
      page((visit) =>
        visit.act('/hosts', async () => {
          const args = { host: visit.field('host'), user: visit.field('user') };
          const { host, link, replanned } = await visit.order('linkHost', args);
          return `${host} is ${link?.username ?? 'nobody'} from now on.${anew(replanned)}`;
        }),
      ),
    )
    .post(
      '/hosts/unlink',
      page((visit) =>
        visit.act('/hosts', async () => {
          const { host, replanned } = await visit.order('unlinkHost', { host: visit.field('host') });
          return `${host} is linked to nobody.${anew(replanned)}`;
        }),
      ),
    )
    .get('/me', anybody(showSelf))
    .post('/me/link', anybody(leave))
    .post(
      '/me/unlink',
      anybody((visit) =>
        visit.act('/me', async () => {
          const { host, replanned } = await visit.order('endHostLink', {});
          return `${host} is linked to nobody.${anew(replanned)}`;
        }),
      ),
    )
    .get('/salesforce/callback', (req, res, next) =>
      isLinkState(req.query['state']) ? finish(req, res, next) : next(),
    );
}

function anew(replanned: number): string {
  return replanned === 0 ? '' : ` The owner of ${counted(replanned, 'booking')} to come is chosen anew.`;
}

async function showSelf(visit: Visit): Promise<void> {
  const own = await visit.order('getOwnHost', {});
  visit.send('hosts', 'Your Salesforce user', ownHostView({ own, csrf: visit.csrf }));
}

async function leave(visit: Visit): Promise<void> {
  try {
    const begun = await visit.order('beginHostLink', { session: visit.csrf });
    const { email } = await visit.order('getOwnHost', {});
    visit.send('hosts', 'Link yourself', leaveAsSelfView({ begun, email }));
  } catch (error) {
    showRefusal(visit, error);
  }
}

/** Where Salesforce comes back to: a link, but of use to the session alone that began it, once. */
async function finishLink(visit: Visit): Promise<void> {
  const asked = (name: string): string | undefined => {
    const value = visit.req.query[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  try {
    const { username, hosts, kept, replanned } = await visit.order('finishHostLink', {
      state: asked('state') ?? 'none',
      session: visit.csrf,
      code: asked('code'),
      error: asked('error'),
      errorDescription: asked('error_description'),
    });
    const text = `Bookings of ${hosts.join(' and ')} belong to ${username} from now on.${anew(replanned)}${kept.length === 0 ? '' : ` ${keptInWords(kept)}`}`;
    await visit.act('/me', () => Promise.resolve(text));
  } catch (error) {
    showRefusal(visit, error);
  }
}

/** @throws what is no refusal. */
function showRefusal(visit: Visit, error: unknown): void {
  const refusal = refusalOf(error);
  if (refusal === null || refusal.kind === 'forbidden') throw error;
  visit.send('hosts', 'Not linked', refusedLinkView(refusal.message), 409);
}
