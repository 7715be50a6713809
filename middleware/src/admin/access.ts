import { createApiToken, readApiTokens, revokeApiToken, type ApiToken } from '../security/api-token.store';
import { readAudit, type Actor, type AuditEntry } from '../security/audit.store';
import type { Role } from '../security/role';
import { createSignInLink, LINK_MINUTES } from '../security/sign-in.store';
import { normalizeEmail } from '../customer/email';
import type { AdminDeps } from './deps';
import { NotFoundError } from './refused';

/**
 * Makes a link that signs somebody in to the console, once.
 * @param email of whom it is for: he may say which Salesforce user the host of that address is.
 */
export async function createLink(
  { store, baseUrl, now }: AdminDeps,
  { name, role, email = null }: { name: string; role: Role; email?: string | null | undefined },
  { teamId }: Pick<Actor, 'teamId'>,
): Promise<{ url: string; minutes: number }> {
  const secret = await createSignInLink(store, { name, role, teamId, email: normalizeEmail(email) }, now());
  return { url: `${baseUrl}/console/enter?token=${secret}`, minutes: LINK_MINUTES };
}

/** Makes a token for a program; it is shown once. */
export async function createToken(
  { store, now }: AdminDeps,
  { name, role }: { name: string; role: Role },
  { teamId }: Pick<Actor, 'teamId'>,
): Promise<ApiToken & { token: string }> {
  return createApiToken(store, { name, role, teamId }, now());
}

/** Every token of the team, without the tokens themselves. */
export async function listTokens(
  { store }: AdminDeps,
  _args: object,
  { teamId }: Pick<Actor, 'teamId'>,
): Promise<{ tokens: ApiToken[] }> {
  return { tokens: await readApiTokens(store, teamId) };
}

/**
 * Takes a token out of use for good.
 * @throws NotFoundError when there is none of that id in use.
 */
export async function revokeToken(
  { store, now }: AdminDeps,
  { id }: { id: string },
  { teamId }: Pick<Actor, 'teamId'>,
): Promise<{ id: string }> {
  if (await revokeApiToken(store, { id, teamId }, now())) return { id };
  throw new NotFoundError(`There is no token ${id} in use. "booking-connector token list" names those that there are.`);
}

/** What was ordered, the newest first. */
export async function listAudit(
  { store }: AdminDeps,
  { after = null, limit }: { after?: string | null | undefined; limit: number },
  { teamId }: Pick<Actor, 'teamId'>,
): Promise<{ entries: AuditEntry[]; next: string | null }> {
  const entries = await readAudit(store, { teamId, before: after, limit });
  return { entries, next: entries.length < limit ? null : (entries.at(-1)?.id ?? null) };
}
