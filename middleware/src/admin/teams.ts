import type { Actor } from '../security/audit.store';
import { findTeam, linkTeam, readOrgs, readTeams, saveTeam, type Team } from '../sync/org.store';
import { DEFAULT_TEAM, type AdminDeps } from './deps';
import { AdminRefusedError, ForbiddenError, InvalidArgsError, NotFoundError } from './refused';

/**
 * Every team, with the org that its bookings are written to.
 * @throws ForbiddenError for anybody but the operator: no team knows of the others.
 */
export async function listTeams(
  { store }: AdminDeps,
  _args: object,
  actor: Pick<Actor, 'via' | 'teamId'>,
): Promise<{ teams: Team[] }> {
  assertOperator(actor);
  return { teams: await readTeams(store) };
}

/**
 * Makes a team with settings, sources and customers of its own, and links it to a connected org. Several teams may share
 * an org: its lanes and its budget are the org's.
 *
 * @param org its id; left out: the only one that is connected.
 * @throws InvalidArgsError for an id that cannot be used or is taken; NotFoundError when there is no such org;
 *   AdminRefusedError when it is not clear which; ForbiddenError for anybody but the operator.
 */
export async function createTeam(
  { store, now }: AdminDeps,
  { id, org }: { id: string; org?: string | undefined },
  actor: Pick<Actor, 'via' | 'teamId'>,
): Promise<Team> {
  assertOperator(actor);
  if (!/^[a-z0-9][a-z0-9-]{0,29}$/.test(id)) {
    const error = 'A team id has 1 to 30 lower-case letters, digits and hyphens, and starts with a letter or digit.';
    throw new InvalidArgsError([{ field: 'id', error }]);
  }
  if ((await findTeam(store, id)) !== null)
    throw new InvalidArgsError([{ field: 'id', error: `There is a team called ${id} already.` }]);
  const orgs = (await readOrgs(store)).map((one) => one.id);
  if (org !== undefined && !orgs.includes(org))
    throw new NotFoundError(`There is no org "${org}". Known are: ${orgs.join(', ') || 'none'}.`);
  if (org === undefined && orgs.length > 1)
    throw new AdminRefusedError(`Several orgs are connected: name one with --org. Known are: ${orgs.join(', ')}.`);
  const orgId = org ?? orgs[0] ?? null;
  await store.transaction(async (client) => {
    await saveTeam(client, id, now());
    if (orgId !== null) await linkTeam(client, id, orgId);
  });
  return { id, orgId };
}

/** Whoever is at the command line can read the store and its key: he stands above the teams, as an owner of the first. */
function assertOperator({ via, teamId }: Pick<Actor, 'via' | 'teamId'>): void {
  if (via === 'cli' || teamId === DEFAULT_TEAM) return;
  throw new ForbiddenError('Teams are made and listed by an owner of the first team, or at the command line.');
}
