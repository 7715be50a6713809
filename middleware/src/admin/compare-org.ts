import { asOtherOrg, readOtherOrg, saveOtherIdentity, type OtherOrg } from '../connection/other-org.store';
import { saveIdentity } from '../connection/connection.store';
import type { Actor } from '../security/audit.store';
import { SalesforceError } from '../salesforce/errors';
import { DEFAULT_SETTINGS } from '../settings/settings';
import { readSettings } from '../settings/settings.store';
import { createOrgReader } from '../sync/org-reader';
import { findOrg, findTeam, OtherOrgError, type Org } from '../sync/org.store';
import { orgOf } from './connections';
import type { AdminDeps } from './deps';
import { differencesIn, type Difference, type Found } from './differences';
import { runDoctor } from './doctor';
import { namedOrg, type NamedOrg } from '../sync/environment';
import { checkAgainstOrg } from './settings-check';

/** An org in a comparison. */
export interface ComparedOrg extends NamedOrg {
  id: string;
  salesforceOrgId: string | null;
}

/** What an org lacks for the team's present settings. */
export interface Comparison {
  org: ComparedOrg;
  /** Where the team's bookings go now; null: nowhere. */
  present: ComparedOrg | null;
  /** The connection leads to another Salesforce org than before, and that one was looked at. */
  isOther: boolean;
  /** The version of the settings that both were judged by. */
  settingsVersion: number;
  /** What is missing: failures first. */
  differences: Difference[];
  /** Checks that came out fine. */
  fine: number;
  /** Nothing is missing without which bookings would fail. */
  isReady: boolean;
}

/** An org as it is looked at before bookings go there. */
export interface Target {
  org: Org;
  /** It stands for the other Salesforce org that its connection leads to; null: it leads where it did. */
  other: OtherOrg | null;
  /** Where the team's bookings go now. */
  present: Org | null;
}

/**
 * The org of a connection, or the other one that it leads to. Whoever is at the command line may name each.
 * @throws NotFoundError.
 */
async function targetOf(deps: AdminDeps, id: string, { via }: Pick<Actor, 'via'>): Promise<Target> {
  const { store, teamId } = deps;
  const org = (via === 'cli' ? await findOrg(store, id) : null) ?? (await orgOf(deps, id));
  const other = await readOtherOrg(store, id);
  const presentId = (await findTeam(store, teamId))?.orgId ?? null;
  return {
    org: other === null ? org : asOtherOrg(org, other),
    other,
    present: presentId === null ? null : await findOrg(store, presentId),
  };
}

/**
 * Compares what the team's settings need with an org, side by side with the org that bookings go to now. Both are asked;
 * some six API calls each. Nothing is changed.
 *
 * @throws NotFoundError; SalesforceError or OtherOrgError when the org cannot be asked. That the present one cannot is told.
 */
export async function compareOrg(
  deps: AdminDeps,
  { id }: { id: string },
  actor: Pick<Actor, 'via'>,
): Promise<Comparison> {
  return compareTarget(deps, await lookedAt(deps, id, actor), { isBeside: true });
}

/**
 * The target, once it was asked who it is: a connection that leads elsewhere shows it by that.
 * @throws as `compareOrg`.
 */
export async function lookedAt(deps: AdminDeps, id: string, actor: Pick<Actor, 'via'>): Promise<Target> {
  const { store, connect } = deps;
  const target = await targetOf(deps, id, actor);
  try {
    const { organization, ...identity } = await connect(target.org).identity();
    if (target.other === null) await saveIdentity(store, id, { ...identity, organization });
    else await saveOtherIdentity(store, id, organization);
  } catch (error) {
    // Nobody knew yet that it leads elsewhere; or it leads to where it led before.
    if (!(error instanceof OtherOrgError) || target.other !== null) throw error;
    return lookedAt(deps, id, actor);
  }
  return targetOf(deps, id, actor);
}

/**
 * Compares an org that was asked who it is.
 * @param isBeside the org that bookings go to now is asked too. @throws as `compareOrg`.
 */
export async function compareTarget(
  deps: AdminDeps,
  { org, other, present }: Target,
  { isBeside }: { isBeside: boolean },
): Promise<Comparison> {
  const { store, teamId } = deps;
  const { version, settings } = (await readSettings(store, [teamId])).get(teamId) ?? {
    version: 0,
    settings: DEFAULT_SETTINGS,
  };
  const find = async (of: Org): Promise<Found> => {
    const there = { ...deps, org: readerOf(deps, of) };
    const { problems, notChecked } = await checkAgainstOrg(there, settings);
    const { lines } = await runDoctor(there);
    return { problems, lines, isAsked: notChecked === null };
  };
  const found = await find(org);
  const isPresent = present?.id === org.id && other === null;
  const foundNow = !isBeside || present === null || isPresent ? null : await find(present).catch(unasked);
  const differences = differencesIn(found, foundNow?.isAsked === true ? foundNow : null, isPresent);
  return {
    org: comparedOrg(org),
    present: present === null ? null : comparedOrg(present),
    isOther: other !== null,
    settingsVersion: version,
    differences,
    fine: found.lines.filter(({ state }) => state === 'ok').length,
    isReady: differences.every(({ state }) => state !== 'failure'),
  };
}

/** @throws what is no refusal of Salesforce's. */
function unasked(error: unknown): null {
  if (error instanceof SalesforceError || error instanceof OtherOrgError) return null;
  throw error;
}

function readerOf({ store, connect, now }: AdminDeps, org: Org): AdminDeps['org'] {
  return createOrgReader({ store, connect, now, find: () => Promise.resolve(org) });
}

function comparedOrg(org: Org): ComparedOrg {
  return { id: org.id, salesforceOrgId: org.salesforceOrgId, ...namedOrg(org) };
}
