import { Router } from 'express';
import type { OrderResult } from '../admin/orders/orders';
import { AdminRefusedError, refusalOf, type FieldFault } from '../admin/refused';
import type { PageMaker } from './console-router';
import { compareView } from './views/compare-view';
import { connectionView } from './views/connection-view';
import { connectionsView } from './views/connections-view';
import { connectionForm, EMPTY_CONNECTION, type ConnectionForm } from './views/connection-form';
import { leaveView, refusedSignInView } from './views/org-sign-in-view';
import type { Visit } from './visit';

const FLOWS = ['clientCredentials', 'jwtBearer', 'authorizationCode'] as const;

/** Salesforce: which orgs are connected, how, and whether they let the connector in. */
export function connectionRoutes(page: PageMaker): Router {
  return Router()
    .get(
      '/salesforce',
      page(async (visit) => {
        const { connections } = await visit.order('listConnections', {});
        const view = connectionsView({ connections, now: visit.now, csrf: visit.csrf, mayChange: visit.may('admin') });
        visit.send('salesforce', 'Salesforce', view);
      }),
    )
    .get(
      '/salesforce/new',
      page((visit) => showNewForm(visit, EMPTY_CONNECTION, [])),
    )
    .post('/salesforce', page(connect))
    .get('/salesforce/callback', page(finishSignIn))
    .get(
      '/salesforce/:id',
      page(async (visit) => showConnection(visit, [])),
    )
    .get('/salesforce/:id/certificate', page(sendCertificate))
    .post(
      '/salesforce/:id/test',
      page((visit) =>
        visit.act(pathOf(visit), async () => {
          return toldOf(await visit.order('testConnection', { id: idOf(visit) }));
        }),
      ),
    )
    .get(
      '/salesforce/:id/compare',
      page(async (visit) => {
        const comparison = await visit.order('compareOrg', { id: idOf(visit) });
        const view = compareView({ comparison, csrf: visit.csrf, mayChange: visit.may('admin') });
        visit.send('salesforce', `Compare ${comparison.org.id}`, view);
      }),
    )
    .post(
      '/salesforce/:id/switch',
      page((visit) =>
        visit.act('/', async () => {
          const salesforceOrgId = visit.field('salesforceOrgId') || null;
          const args = { id: idOf(visit), anyway: visit.field('anyway') === 'yes', salesforceOrgId };
          const { comparison } = await visit.order('switchOrg', args);
          return `Bookings go to ${comparison.org.name} from now on. Choose below which of them are written there.`;
        }),
      ),
    )
    .post('/salesforce/:id/reconnect', page(reconnect))
    .post('/salesforce/:id/sign-in', page(leave))
    .post(
      '/salesforce/:id/disconnect',
      page((visit) =>
        visit.act(pathOf(visit), async () => (await visit.order('disconnectOrg', { id: idOf(visit) })).said),
      ),
    );
}

function idOf({ req }: Visit): string {
  return String(req.params['id']);
}

function pathOf(visit: Visit): string {
  return `/salesforce/${encodeURIComponent(idOf(visit))}`;
}

/**
 * What came of a try, for the next page.
 * @throws AdminRefusedError when Salesforce said no, with what the page does not show anyway.
 */
function toldOf({ connection, tried }: OrderResult<'reconnectOrg'>): string {
  if (tried === null) return 'Saved. What to do next is below.';
  const words = [tried.said, tried.remedy ?? ''].join(' ').trim();
  if (tried.isIn) return words;
  const isShown = connection.access.cause === tried.said;
  throw new AdminRefusedError(`Salesforce did not let the connector in${isShown ? '.' : `: ${words}`}`);
}

async function showConnection(visit: Visit, faults: FieldFault[]): Promise<void> {
  const connection = await visit.order('getConnection', { id: idOf(visit) });
  const view = connectionView({
    connection,
    faults,
    now: visit.now,
    csrf: visit.csrf,
    mayChange: visit.may('admin'),
    teamId: visit.visitor.actor.teamId,
  });
  visit.send('salesforce', connection.id, view, faults.length > 0 ? 422 : 200);
}

function showNewForm(visit: Visit, form: ConnectionForm, faults: FieldFault[]): Promise<void> {
  visit.send(
    'salesforce',
    'Connect an org',
    connectionForm({ form, faults, csrf: visit.csrf }),
    faults.length > 0 ? 422 : 200,
  );
  return Promise.resolve();
}

function readForm(visit: Visit): ConnectionForm {
  const flow = FLOWS.find((one) => one === visit.field('flow')) ?? 'authorizationCode';
  return {
    id: visit.field('id'),
    flow,
    host: visit.field('host'),
    clientId: visit.field('clientId'),
    username: visit.field('username'),
  };
}

async function connect(visit: Visit): Promise<void> {
  const form = readForm(visit);
  const [clientSecret, privateKey] = [visit.field('clientSecret'), visit.field('privateKey')];
  try {
    await visit.order('connectOrg', {
      ...form,
      username: form.username || null,
      clientSecret: clientSecret || null,
      privateKey: privateKey || null,
    });
    visit.res.redirect(303, `/console/salesforce/${encodeURIComponent(form.id)}`);
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null || refusal.kind === 'forbidden') throw error;
    await showNewForm(
      visit,
      form,
      refusal.faults.length > 0 ? refusal.faults : [{ field: 'id', error: refusal.message }],
    );
  }
}

/** With the form of changes, or by the button alone. */
async function reconnect(visit: Visit): Promise<void> {
  const id = idOf(visit);
  const [clientSecret, privateKey] = [visit.field('clientSecret'), visit.field('privateKey')];
  const isChange = visit.field('change') === 'yes';
  const { flow, host, clientId, username } = readForm(visit);
  const changes = {
    flow,
    host,
    clientId,
    username: username || null,
    // What is left empty stays.
    ...(clientSecret === '' ? {} : { clientSecret }),
    ...(privateKey === '' ? {} : { privateKey }),
    ...(visit.field('newKey') === 'yes' ? { newKey: true } : {}),
  };
  try {
    const reconnected = await visit.order('reconnectOrg', { id, ...(isChange ? changes : {}) });
    await visit.act(pathOf(visit), () => Promise.resolve().then(() => toldOf(reconnected)));
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal?.kind === 'invalid') return showConnection(visit, refusal.faults);
    if (refusal === null) throw error;
    await visit.act(pathOf(visit), () => Promise.reject(new AdminRefusedError(refusal.message)));
  }
}

async function leave(visit: Visit): Promise<void> {
  const id = idOf(visit);
  const connection = await visit.order('getConnection', { id });
  const begun = await visit.order('beginOrgSignIn', { id, session: visit.csrf });
  visit.send('salesforce', `Sign in to ${id}`, leaveView({ connection, begun }));
}

/** Where Salesforce comes back to. It is a link, but does nothing for anybody but the session that began it, once. */
async function finishSignIn(visit: Visit): Promise<void> {
  const asked = (name: string): string | undefined => {
    const value = visit.req.query[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  try {
    const signedIn = await visit.order('finishOrgSignIn', {
      state: asked('state') ?? 'none',
      session: visit.csrf,
      code: asked('code'),
      error: asked('error'),
      errorDescription: asked('error_description'),
    });
    const { id } = signedIn.connection;
    await visit.act(`/salesforce/${encodeURIComponent(id)}`, () => Promise.resolve().then(() => toldOf(signedIn)));
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null || refusal.kind === 'forbidden') throw error;
    visit.send('salesforce', 'Not signed in', refusedSignInView(refusal.message), 409);
  }
}

async function sendCertificate(visit: Visit): Promise<void> {
  const { id, certificate } = await visit.order('getConnection', { id: idOf(visit) });
  if (certificate === null) return visit.res.redirect(303, `/console${pathOf(visit)}`);
  visit.res.type('application/x-x509-ca-cert').attachment(`booking-connector-${id}.crt`).send(certificate);
}
