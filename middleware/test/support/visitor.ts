import { createLink, createToken } from '../../src/admin/access';
import { DEFAULT_TEAM } from '../../src/admin/admin';
import type { App } from '../../src/app';
import type { Role } from '../../src/security/role';

const TEAM = { teamId: DEFAULT_TEAM };

/** A link to sign in by, and the secret in it. */
export async function signInLink(
  app: App,
  role: Role = 'owner',
  { email, team = TEAM }: { email?: string; team?: { teamId: string } } = {},
): Promise<{ url: string; token: string }> {
  const { url } = await createLink(app.admin, { name: `test ${role}`, role, email }, team);
  return { url, token: new URL(url).searchParams.get('token') ?? '' };
}

/** Uses a link up. @returns what was answered. */
export function enter(app: App, token: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${app.url}/console/enter`, {
    method: 'POST',
    redirect: 'manual',
    headers,
    body: new URLSearchParams({ token }),
  });
}

/** Somebody who is signed in to the console by cookie. */
export interface SignedIn {
  cookie: string;
  csrf: string;
  /** Opens a page. */
  get: (path: string) => Promise<Response>;
  /** Sends a form with the token of the session; `more` replaces headers. */
  post: (path: string, fields?: Record<string, string>, more?: Record<string, string>) => Promise<Response>;
}

/** Signs somebody in through a link of his own. */
export async function signIn(
  app: App,
  role: Role = 'owner',
  more: { email?: string; team?: { teamId: string } } = {},
): Promise<SignedIn> {
  const entered = await enter(app, (await signInLink(app, role, more)).token);
  const [setCookie] = entered.headers.getSetCookie();
  if (entered.status !== 303 || setCookie === undefined) throw new Error(`Signing in was answered ${entered.status}.`);
  const cookie = setCookie.replace(/;.*/, '');
  const get = (path: string): Promise<Response> => fetch(`${app.url}/console${path}`, { headers: { cookie } });
  const csrf = /name="csrf" value="([^"]+)"/.exec(await (await get('/sources')).text())?.[1] ?? '';
  return {
    cookie,
    csrf,
    get,
    post: (path, fields = {}, more = {}) =>
      fetch(`${app.url}/console${path}`, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie, origin: app.url, ...more },
        body: new URLSearchParams({ csrf, ...fields }),
      }),
  };
}

/** Asks the API with a token. */
export type AskApi = (method: string, path: string, body?: unknown) => Promise<{ status: number; body: unknown }>;

/** Makes a token, and what asks with it. */
export async function apiOf(app: App, role: Role = 'owner'): Promise<{ id: string; token: string; ask: AskApi }> {
  const { id, token } = await createToken(app.admin, { name: `program ${role}`, role }, TEAM);
  return {
    id,
    token,
    ask: async (method, path, body) => {
      const response = await fetch(`${app.url}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json() };
    },
  };
}
