import { normalizeEmail } from '../customer/email';
import { deleteHostLink, readHostLinks, type HostLink } from '../host/host-link.store';
import { comparableUserName } from '../match/directory';
import { readIdentity, type Identity } from '../salesforce/identity';
import { revokeToken } from '../salesforce/sign-in';
import type { Actor } from '../security/audit.store';
import { replanHosts } from '../booking/release.store';
import { beginBrowserSignIn, endBrowserSignIn, type BegunOrgSignIn, type ReturnedSignIn } from './browser-sign-in';
import type { AdminDeps } from './deps';
import { changeLinks, linkScopeOf } from './hosts';
import { AdminRefusedError, NotFoundError } from './refused';

/** Who somebody is as a host. */
export interface OwnHost {
  /** The address that his sign-in was made for; null: none. */
  email: string | null;
  /** Whom the host of that address is linked to. */
  link: HostLink | null;
  /** Why he cannot link himself now, in a sentence; null when he can. */
  cannot: string | null;
}

/** What somebody may see and do of his own link. */
export async function getOwnHost(deps: AdminDeps, _args: object, { email = null }: Actor): Promise<OwnHost> {
  try {
    const scope = await linkScopeOf(deps);
    const link = email === null ? null : ((await readHostLinks(deps.store, scope)).get(email) ?? null);
    return { email, link, cannot: null };
  } catch (error) {
    if (error instanceof AdminRefusedError) return { email, link: null, cannot: error.message };
    throw error;
  }
}

/**
 * Begins to tell, by signing in to Salesforce, which user somebody is. Salesforce is asked for the identity alone.
 * @throws AdminRefusedError when the team has no org that let the connector in.
 */
export async function beginHostLink(deps: AdminDeps, { session }: { session: string }): Promise<BegunOrgSignIn> {
  const { org } = await linkScopeOf(deps);
  return beginBrowserSignIn(deps, org, { session, purpose: 'link' });
}

/** What came of it. */
export interface LinkedSelf {
  username: string;
  /** Addresses of hosts who are this user from now on. */
  hosts: string[];
  /** Addresses of his that an admin has linked: they stay as they are. */
  kept: string[];
  /** Bookings to come whose owner is chosen anew. */
  replanned: number;
}

/**
 * Ends it: asks Salesforce who signed in, drops the token, and links the hosts whose addresses are known to be his: the one
 * that his sign-in to the connector was made for, and the one that Salesforce has verified.
 *
 * @throws AdminRefusedError when it was not begun in this session, took too long, is of another org or of a user
 *   who owns nothing, or no address is known to be his that no admin has linked; SignInRefusedError; OrgUnavailableError.
 */
export async function finishHostLink(deps: AdminDeps, returned: ReturnedSignIn, actor: Actor): Promise<LinkedSelf> {
  const { org: teamOrg, ...scope } = await linkScopeOf(deps);
  const { token } = await endBrowserSignIn(deps, returned, 'link', (orgId) =>
    orgId === teamOrg.id
      ? Promise.resolve(teamOrg)
      : Promise.reject(new AdminRefusedError('Your team goes to another org by now. Begin the sign-in again.')),
  );
  const identity = await identityOnce(deps, token);
  if (identity.orgId !== scope.salesforceOrgId)
    throw new AdminRefusedError(
      `You signed in to the Salesforce org ${identity.orgId}, and your team's bookings go to ${scope.salesforceOrgId}. ` +
        'Sign out of the other one first, and begin again.',
    );
  const addresses = addressesOf(identity, actor);
  const link = { userId: identity.userId, username: identity.username, via: 'signIn', linkedBy: actor.name } as const;
  const { hosts, replanned } = await changeLinks(
    deps,
    scope,
    addresses.map((hostEmail) => ({ ...link, hostEmail, linkedAt: deps.now() })),
  );
  const kept = addresses.filter((address) => !hosts.includes(address));
  if (hosts.length === 0) throw new AdminRefusedError(keptInWords(kept));
  return { username: identity.username, hosts, kept, replanned };
}

/** What is said of hosts whom an admin has linked. Pure. */
export function keptInWords(kept: readonly string[]): string {
  return `An admin has linked the host ${kept.join(' and ')}, which stays so: ask an admin to change it, on the page Hosts.`;
}

/** Reads who it is; the token is ended whatever comes of it, and is kept nowhere. */
async function identityOnce(
  { allowLoopback, now }: AdminDeps,
  token: { accessToken: string; refreshToken: string | null; instanceUrl: string },
): Promise<Identity> {
  const { accessToken, refreshToken, instanceUrl } = token;
  try {
    return await readIdentity(token, { allowLoopback });
  } finally {
    // It opens nothing but the identity, and ends by itself soon should Salesforce not hear of this.
    await revokeToken(instanceUrl, refreshToken ?? accessToken, { allowLoopback, now }).catch(() => undefined);
  }
}

/** The addresses of which it is known that they are his. @throws AdminRefusedError when there are none, or he owns nothing. */
function addressesOf(identity: Identity, { email = null }: Pick<Actor, 'email'>): string[] {
  const { username, isActive, userType, verifiedEmail } = identity;
  if (!isActive || userType.toUpperCase() !== 'STANDARD')
    throw new AdminRefusedError(`${username} cannot own Events: only an active user with a full licence can.`);
  const verified = normalizeEmail(comparableUserName(verifiedEmail));
  const known = [email, verified].filter((address) => address !== null);
  if (known.length > 0) return [...new Set(known)];
  throw new AdminRefusedError(
    'Salesforce has not verified your e-mail address, and your sign-in link was made for none. ' +
      'Ask an admin for a link with your address (booking-connector link --email ...), or to link you on the page Hosts.',
  );
}

/**
 * Ends somebody's own link; his bookings to come are planned anew.
 * @throws NotFoundError when there is none; AdminRefusedError when an admin made it.
 */
export async function endHostLink(
  deps: AdminDeps,
  _args: object,
  { email = null }: Actor,
): Promise<{ host: string; replanned: number }> {
  const scope = await linkScopeOf(deps);
  const replanned = await deps.store.transaction(async (client) => {
    const link = email === null ? null : await deleteHostLink(client, scope, email);
    if (link === null) throw new NotFoundError('The address that your sign-in was made for is linked to nobody.');
    if (link.via === 'admin') throw new AdminRefusedError('An admin made this link: ask an admin to end it.');
    return replanHosts(client, { teamId: scope.teamId, hosts: [link.hostEmail] }, deps.now());
  });
  deps.wake();
  return { host: email ?? '', replanned };
}
