import type { Db } from '../store/db';
import { readBudget, saveBudgetLimits, type BudgetView } from '../sync/budget.store';
import { readOrgsOfTeam, saveLanes, type Org } from '../sync/org.store';
import type { AdminDeps } from './deps';
import { AdminRefusedError, NotFoundError } from './refused';

/** What the connector may spend and has spent of an org's API calls. */
export interface OrgBudget extends BudgetView {
  orgId: string;
  /** Lanes that share the org's bookings. */
  lanes: number;
  /** The org's own page of its use; null before the first sign-in. */
  overviewUrl: string | null;
}

/** What an admin sets; what is left out stays as it is. */
export interface BudgetLimits {
  /** One org; all of them when left out. */
  org?: string | undefined;
  /** Percent of the org's allowance that is left to other applications. */
  reservePercent?: number | undefined;
  /** Most calls in 24 hours; null: no cap. */
  dailyCap?: number | null | undefined;
  lanes?: 1 | 2 | undefined;
}

/** The budget of the team's org. @throws AdminRefusedError, NotFoundError when there is no such org. */
export async function readBudgets(
  { store, teamId, now }: AdminDeps,
  { org }: { org?: string | undefined },
): Promise<OrgBudget[]> {
  const budgets: OrgBudget[] = [];
  for (const one of await wantedOrgs({ store, teamId }, org)) budgets.push(await budgetOfOrg(store, one, now()));
  return budgets;
}

/**
 * Sets how much of an org's API calls the connector may use, and how many lanes it works with.
 * @throws AdminRefusedError, NotFoundError when there is no such org.
 */
export async function setBudget(deps: AdminDeps, { org, lanes, ...limits }: BudgetLimits): Promise<OrgBudget[]> {
  const { store, teamId, wake } = deps;
  for (const { id } of await wantedOrgs({ store, teamId }, org)) {
    await saveBudgetLimits(store, id, limits);
    if (lanes !== undefined) await saveLanes(store, id, lanes);
  }
  wake();
  return readBudgets(deps, { org });
}

/** The budget of one org, with what is kept with the org itself. */
export async function budgetOfOrg(db: Db, { id, lanes, instanceUrl }: Org, now: Date): Promise<OrgBudget> {
  const overviewUrl = instanceUrl === null ? null : `${instanceUrl}/lightning/setup/SystemOverview/home`;
  return { orgId: id, lanes, overviewUrl, ...(await readBudget(db, id, now)) };
}

async function wantedOrgs(
  { store, teamId }: Pick<AdminDeps, 'store' | 'teamId'>,
  wanted: string | undefined,
): Promise<Org[]> {
  const orgs = await readOrgsOfTeam(store, teamId);
  const found = wanted === undefined ? orgs : orgs.filter(({ id }) => id === wanted);
  if (found.length > 0) return found;
  if (wanted === undefined) throw new AdminRefusedError('No org is connected yet.');
  throw new NotFoundError(`There is no org "${wanted}". Known are: ${idsOf(orgs)}.`);
}

function idsOf(orgs: Org[]): string {
  return orgs.length === 0 ? 'none' : orgs.map(({ id }) => id).join(', ');
}
