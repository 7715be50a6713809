import { hasScopedProblems, releaseForSchema } from '../booking/release.store';
import { judge, type Judged } from '../drift/judge';
import { askedOfTeams, usersIn, usersRequest } from '../drift/users';
import { readWatchedTeams } from '../drift/watched.store';
import type { Store } from '../store/store';
import { organizationIn, organizationRequest, ORGANIZATION } from '../salesforce/organization';
import { lookDue } from './look-due';
import type { OrgSession } from './org-session';
import { saveOrganization } from './org.store';
import { readWatch, saveSchema, type WatchState } from './schema-watch';

/** What the watch over an org works with. */
export interface WatchDeps {
  store: Store;
  session: OrgSession;
  now: () => Date;
  /** How often to look. */
  everyMs: number;
  /** Sets the one call aside that a look takes. @returns false when it may not be spent now. */
  mayAsk: () => Promise<boolean>;
}

/** What a watch came to. */
export interface Watched extends Judged {
  /** Bookings that were parked under another schema and are due again. */
  released: number;
}

/**
 * Looks whether an org is still as the settings of its teams need it, when that is due: its schema, and the users whom
 * settings name or who host bookings to come; and what it is called. One call. Saved settings are judged again without one. For the holder of
 * the org's first lane, once a step.
 *
 * @param situation `hasDue`: bookings wait to be written. `isScarce`: calls are saved.
 * @returns null when there was nothing to do.
 * @throws as `OrgSession.look`; then nothing is recorded, and a look is due as before.
 */
export async function watchOrg(
  orgId: string,
  deps: WatchDeps,
  { hasDue, isScarce }: { hasDue: boolean; isScarce: boolean },
): Promise<Watched | null> {
  const { store, session, now, everyMs, mayAsk } = deps;
  const state = await readWatch(store, orgId);
  if (state === null) return null;
  const due = lookDue({ ...state, hasDue, isScarce, everyMs }, now());
  const isWanted = due === 'forParked' ? await hasScopedProblems(store, orgId) : due !== 'none';
  if (isWanted && (await mayAsk())) return look(orgId, state, due === 'whole', deps);
  const view = session.known();
  if (view === null || state.lookedAt === null || !haveChanged(state)) return null;
  const teams = await readWatchedTeams(store, orgId, now());
  const { settingsVersions, lookedAt } = state;
  const judged = await judge(
    store,
    { orgId, teams, settingsVersions, view, lookedAt, isSame: false, users: null },
    now(),
  );
  return { ...judged, released: 0 };
}

async function look(orgId: string, state: WatchState, isWhole: boolean, deps: WatchDeps): Promise<Watched> {
  const { store, session, now } = deps;
  const teams = await readWatchedTeams(store, orgId, now());
  const asked = askedOfTeams(teams);
  const query = usersRequest(asked);
  const etag = isWhole ? null : state.etag;
  const seen = await session.look(
    { besides: [organizationRequest(), ...(query === null ? [] : [query])], etag },
    now(),
  );
  const found = query === null ? null : usersIn(seen.answers.get(query.referenceId));
  const released = await store.transaction(async (client) => {
    const { stamp } = seen.view.schema;
    await saveSchema(client, orgId, { stamp, etag: seen.etag, checkedAt: now() });
    const organization = organizationIn(seen.answers.get(ORGANIZATION));
    if (organization !== null) await saveOrganization(client, orgId, organization);
    return releaseForSchema(client, { orgId, stamp }, now());
  });
  const judged = await judge(
    store,
    {
      orgId,
      teams,
      settingsVersions: state.settingsVersions,
      view: seen.view,
      lookedAt: now(),
      isSame: seen.isSame && state.lookedAt !== null && !haveChanged(state),
      users: found === null ? null : { asked, found },
    },
    now(),
  );
  if (found !== null) session.learn(new Map([['User', found]]), asked, now());
  return { ...judged, released };
}

/** Whether settings were saved, or teams came or went, since the org was judged. */
function haveChanged({ settingsVersions, judgedVersions }: WatchState): boolean {
  const text = (versions: Record<string, number> | null): string =>
    JSON.stringify(Object.entries(versions ?? {}).sort());
  return text(settingsVersions) !== text(judgedVersions);
}
