import { isDeepStrictEqual } from 'node:util';
import type { JsonValue } from '../booking/booking-event';
import { parseSettings, type SettingsVersion } from '../settings/settings';
import { readSettingsVersion } from '../settings/settings.store';
import { findSource } from '../settings/source.store';
import { findKind, kinds } from '../source/kinds';
import type { SourceKind } from '../source/source';
import { pinned } from '../sync/candidates';
import { dryRun, type DryBooking, type DryRun } from '../sync/dry-run';
import type { OrgSession } from '../sync/org-session';
import { candidatesOfEvents, candidatesOfLatest, type TriedBookings } from '../sync/trial';
import type { AdminDeps } from './deps';
import { AdminRefusedError, NotFoundError } from './refused';

/** Settings to try; neither: the newest version. */
export interface TriedSettings {
  version?: number | undefined;
  document?: unknown;
}

/** What a body would become, or why it becomes nothing. */
export type DryRunOfBody = DryRun | { ignored: string } | { refused: { field: string; error: string }[] };

/**
 * What a webhook body would do if it arrived now: read the live org, write nothing, there or in the store.
 *
 * @param source the id of a configured source, or a kind.
 * @throws NotFoundError when there is no such source; AdminRefusedError when no org is connected; errors of the org as they are.
 */
export async function dryRunBody(
  deps: AdminDeps,
  { source, body, ...tried }: { source: string; body: string } & TriedSettings,
): Promise<DryRunOfBody> {
  const { sourceId, kind } = await sourceOf(deps, source);
  const translation = kind.translate(Buffer.from(body), { headers: {}, receivedAt: deps.now() });
  if (!('events' in translation)) return translation;
  const { events } = translation;
  const { org, session } = await orgOf(deps);
  const candidates = await candidatesOfEvents(events, { sourceId, teamId: deps.teamId }, org, deps);
  const withSettings = await trying(candidates, tried, deps);
  return dryRun(withSettings, org, { session, now: deps.now });
}

/** How the plan of one booking differs. */
export interface DryRunDifference {
  bookingId: string;
  now: DryBooking | null;
  then: DryBooking | null;
}

/** What other settings would change. */
export interface DryRunComparison {
  bookings: number;
  differences: DryRunDifference[];
}

/**
 * Plans the bookings that changed last under the present settings and under others, and tells what differs.
 *
 * @param asNew as if they had never been written; else what would be changed on what is there.
 * @throws AdminRefusedError when no org is connected or there is no such version; InvalidSettingsError.
 */
export async function dryRunLatest(
  deps: AdminDeps,
  { last, asNew, ...tried }: { last: number; asNew: boolean } & TriedSettings,
): Promise<DryRunComparison> {
  const { org, session } = await orgOf(deps);
  const known = await candidatesOfLatest(last, deps.teamId, org, deps);
  const candidates = asNew ? known.map((candidate) => ({ ...candidate, written: null })) : known;
  const { generation, takesNestedKeys } = org;
  const options = { generation, takesNestedKeys, asNew };
  const now = await dryRun(candidates, options, { session, now: deps.now });
  const then = await dryRun(await trying(candidates, tried, deps), options, { session, now: deps.now });
  const planned = new Map(then.bookings.map((booking) => [booking.bookingId, booking]));
  return {
    bookings: candidates.length,
    differences: now.bookings
      .map((booking) => ({ bookingId: booking.bookingId, now: booking, then: planned.get(booking.bookingId) ?? null }))
      .filter((difference) => !isSameOutcome(difference.now, difference.then)),
  };
}

function isSameOutcome(now: DryBooking, then: DryBooking | null): boolean {
  return then !== null && isDeepStrictEqual([now.writes, now.parts], [then.writes, then.parts]);
}

/** The candidates under the settings that are to be tried. */
async function trying(
  candidates: TriedBookings,
  { version, document }: TriedSettings,
  { store, teamId }: Pick<AdminDeps, 'store' | 'teamId'>,
): Promise<TriedBookings> {
  if (version === undefined && document === undefined) return candidates;
  const tried: SettingsVersion | null =
    document === undefined
      ? await readSettingsVersion(store, teamId, version ?? 0)
      : { teamId, version: 0, settings: parseSettings(document) };
  if (tried === null) {
    throw new NotFoundError(
      `There is no version ${version} of the settings. "booking-connector settings versions" lists those that there are.`,
    );
  }
  return candidates.map((candidate) => ({ ...candidate, settings: pinned(tried, candidate.booking) }));
}

async function sourceOf(
  { store, teamId }: Pick<AdminDeps, 'store' | 'teamId'>,
  source: string,
): Promise<{ sourceId: string; kind: SourceKind }> {
  const found = await findSource(store, source);
  const configured = found?.teamId === teamId ? found : null;
  const kind = configured === null ? kinds.get(source) : findKind(configured.kind, configured.mapping as JsonValue);
  if (kind !== undefined) return { sourceId: source, kind };
  throw new NotFoundError(
    `There is no source and no kind of source called "${source}". "booking-connector source list" names the sources; kinds are: ${[...kinds.keys()].join(', ')}.`,
  );
}

async function orgOf({ org, teamId }: AdminDeps): Promise<{
  org: { orgId: string; generation: number; takesNestedKeys: boolean | null };
  session: OrgSession;
}> {
  const readable = await org.session(teamId);
  if (readable === null) {
    throw new AdminRefusedError(
      'No org is connected yet, and a dry run reads one. Set SALESFORCE_LOGIN_URL, SALESFORCE_CLIENT_ID and SALESFORCE_CLIENT_SECRET, and start the server.',
    );
  }
  const { id, generation, takesNestedKeys } = readable.org;
  return { org: { orgId: id, generation, takesNestedKeys }, session: readable.session };
}
