import { randomBytes } from 'node:crypto';
import type { JsonValue } from '../booking/booking-event';
import { foldAll } from '../booking/folder';
import { readRefused, type RefusedDelivery } from '../booking/replay.store';
import { readParked, retryParked, type ParkedPart } from '../booking/status.store';
import { readWork, type Work } from '../booking/work.store';
import { insertSource, readSources } from '../settings/source.store';
import { defaultCompleteAfterMinutes, instructionsFor, type Instruction } from '../source/instructions';
import { findKind, kinds, OWN_MAPPING, readDelivery } from '../source/kinds';
import { readMapping } from '../source/mapping';
import { secretFault } from '../source/samples';
import type { LaneState } from '../sync/lane';
import type { Choice, ChoiceCounts } from '../booking/hold.store';
import { openGateOf, pauseOrg, readHeldChoices, readHold, type Hold } from '../sync/gate.store';
import { readOrgsOfTeam, type Org } from '../sync/org.store';
import { budgetOfOrg, type OrgBudget } from './budget';
import { readDrift } from './drift';
import { namedOrg, type NamedOrg } from '../sync/environment';
import type { AdminDeps } from './deps';
import { AdminRefusedError, InvalidArgsError } from './refused';
import { replayRefused, type Replayed } from './replay';

export { DEFAULT_TEAM, type AdminDeps } from './deps';
export { AdminRefusedError } from './refused';
export { exportSettings, importSettings } from './settings';

/** A new source as its admin sees it, once: the secret is not shown again. */
export interface CreatedSource {
  id: string;
  kind: string;
  webhookUrl: string;
  secret: string;
  /** When its bookings count as completed by the clock, in minutes after their end; null: never. */
  completeAfterMinutes: number | null;
  /** What to do in the scheduling system. */
  instructions: Instruction[];
}

/** A source as the admin asks for it. */
export interface NewSource {
  id: string;
  kind: string;
  /** One that the scheduling system dictates; else one is made up. */
  secret?: string | undefined;
  /** For the kind `mapped`: how its bodies are read. */
  mapping?: unknown;
  /**
   * When its bookings count as completed by the clock; null: only when the system says so. Left out: right after their
   * end where the system never says so, else null.
   */
  completeAfterMinutes?: number | null | undefined;
}

/**
 * Creates a source with a secret of its own.
 *
 * @throws InvalidArgsError for an unknown kind, or an id or a secret that cannot be used; InvalidMappingError with every
 *   fault of the mapping; SourceExistsError when the id is taken.
 */
export async function createSource(
  { store, teamId, secrets, now, baseUrl }: AdminDeps,
  {
    id,
    kind,
    secret = newSecret(),
    mapping = null,
    completeAfterMinutes = defaultCompleteAfterMinutes(kind),
  }: NewSource,
): Promise<CreatedSource> {
  const found = findKind(kind, mapping as JsonValue);
  if (found === undefined) {
    const known = [...kinds.keys(), OWN_MAPPING].join(', ');
    throw new InvalidArgsError([
      { field: 'kind', error: `There is no kind of source called "${kind}". Known are: ${known}.` },
    ]);
  }
  if (!/^[a-z0-9][a-z0-9-]{0,29}$/.test(id)) {
    throw new InvalidArgsError([
      {
        field: 'id',
        error: 'A source id has 1 to 30 lower-case letters, digits and hyphens, and starts with a letter or digit.',
      },
    ]);
  }
  assertUsable(kind, secret);
  const secretsSealed = [secrets.seal(secret, `source:${id}`)];
  await insertSource(
    store,
    {
      id,
      teamId,
      kind,
      secretsSealed,
      mapping: kind === OWN_MAPPING ? mapping : null,
      completeAfterMinutes,
      customerPage: null,
    },
    now(),
  );
  const webhookUrl = `${baseUrl}/webhooks/${id}`;
  const tokenHeader = kind === OWN_MAPPING ? { tokenHeader: readMapping(mapping as JsonValue).tokenHeader } : {};
  const instructions = instructionsFor(kind, { webhookUrl, secret, ...tokenHeader });
  return { id, kind, webhookUrl, secret, completeAfterMinutes, instructions };
}

/** A secret that nobody guesses; it is hexadecimal, so it can stand in a header and is base64 too. */
export function newSecret(): string {
  return randomBytes(24).toString('hex');
}

/** @throws InvalidArgsError for a secret that no delivery could ever be signed with. */
export function assertUsable(kind: string, secret: string): void {
  const fault = secretFault(kind, secret);
  if (fault !== null) throw new InvalidArgsError([{ field: 'secret', error: fault }]);
}

/** Which bookings are written once the gate is open; in both words, the newer one counts. */
export interface GateChoice {
  bookings?: Choice | undefined;
  /** Whether what was received so far is written too: `all`, or `none`. */
  backlog?: boolean | undefined;
}

/**
 * Opens the start gate of the team's org: for every team that is linked to it. A team that was moved there waits for an
 * admin's choice, which is about every booking that the connector knows of it, written to another org or not.
 *
 * @throws AdminRefusedError when no org is connected, or the team was moved and nothing is chosen; InvalidArgsError when
 *   nothing is said at all.
 */
export async function openGate(deps: AdminDeps, { bookings, backlog }: GateChoice): Promise<{ orgs: string[] }> {
  const { store, teamId, now, wake } = deps;
  const choice = bookings ?? (backlog === undefined ? null : backlog ? 'all' : 'none');
  if (choice === null)
    throw new InvalidArgsError([
      { field: 'backlog', error: 'Say it, or name in "bookings" which are written: future, all or none' },
    ]);
  const orgs = await connectedOrgs(deps);
  // Before there was a choice, and by habit, the gate is opened "from now on": of a moved team that would be a guess.
  if (bookings === undefined && backlog === false && (await readHold(store, teamId)) !== null)
    throw new AdminRefusedError(
      'The team was moved to another org, and its bookings wait for your choice: open the gate with --bookings future (those that are still to come), all, or none (only what arrives or changes from now on).',
    );
  // What is on disk by now is part of the backlog.
  await foldAll(store, readDelivery);
  for (const orgId of orgs) await openGateOf(store, { orgId, teamId, choice, now: now() });
  wake();
  return { orgs };
}

/**
 * Closes the start gate of the team's org: bookings are accepted and wait, until it is opened with the backlog.
 * @throws AdminRefusedError when no org is connected.
 */
export async function closeGate(deps: AdminDeps): Promise<{ orgs: string[] }> {
  const { store, wake } = deps;
  const orgs = await connectedOrgs(deps);
  for (const orgId of orgs) await pauseOrg(store, orgId);
  wake();
  return { orgs };
}

async function connectedOrgs({ store, teamId }: AdminDeps): Promise<string[]> {
  const orgs = (await readOrgsOfTeam(store, teamId)).map(({ id }) => id);
  if (orgs.length > 0) return orgs;
  throw new AdminRefusedError(
    'No org is connected yet. Connect one in the console, under Salesforce, or with "booking-connector org connect".',
  );
}

/** A connected org, and what its writer does; null when no server runs. */
export interface OrgLane extends NamedOrg {
  id: string;
  loginUrl: string;
  /** When the gate was opened; null: nothing of the team is written. */
  startedAt: Date | null;
  /** The team was moved, and its bookings wait for an admin's choice; null: they do not. */
  held: Hold | null;
  lane: LaneState | null;
}

/** What the writers to the connected orgs do. */
export async function readLanes({ store, teamId, laneStates }: AdminDeps): Promise<{ orgs: OrgLane[] }> {
  const lanes = laneStates();
  const held = await readHold(store, teamId);
  return { orgs: (await readOrgsOfTeam(store, teamId)).map((org) => orgLane(org, held, lanes)) };
}

function orgLane<Held extends Hold | null>(
  org: Org,
  held: Held,
  lanes: Record<string, LaneState>,
): OrgLane & { held: Held } {
  const { id, loginUrl, startedAt } = org;
  return {
    ...{ id, loginUrl, ...namedOrg(org), held },
    startedAt: held === null ? startedAt : null,
    lane: lanes[id] ?? null,
  };
}

/** Everything at a glance. */
export interface Status extends Pick<Work, 'pending' | 'oldestPendingAt'> {
  orgs: (OrgLane & { held: (Hold & ChoiceCounts) | null; budget: OrgBudget })[];
  /** What changed in Salesforce and strikes bookings. */
  drift: Awaited<ReturnType<typeof readDrift>>;
  sources: { id: string; kind: string; webhookUrl: string }[];
  parked: ParkedPart[];
  /** Deliveries that are not understood: all of them counted, the newest named. */
  refused: { count: number; newest: RefusedDelivery[] };
}

/** What is connected, what is pending, and what waits for a human. */
export async function readStatus({ store, teamId, now, baseUrl, laneStates }: AdminDeps): Promise<Status> {
  const [{ pending, oldestPendingAt }, orgs, drift, sources, parked, refused] = [
    await readWork(store, now(), teamId),
    await readOrgsOfTeam(store, teamId),
    await readDrift({ store }, { teamId }),
    await readSources(store, teamId),
    await readParked(store, teamId, 50),
    await readRefused(store, teamId, 50),
  ];
  const lanes = laneStates();
  const told: Status['orgs'] = [];
  const held = await readHeldChoices(store, teamId, now());
  for (const org of orgs) told.push({ ...orgLane(org, held, lanes), budget: await budgetOfOrg(store, org, now()) });
  return {
    pending,
    oldestPendingAt,
    orgs: told,
    drift,
    sources: sources.map(({ id, kind }) => ({ id, kind, webhookUrl: `${baseUrl}/webhooks/${id}` })),
    parked,
    refused,
  };
}

/** What trying again came to. */
export interface Retried {
  /** Parked bookings that are due again. */
  retried: number;
  replayed: Replayed;
  /** Where to go on with the refused deliveries: they are many. Null when all were looked at. */
  next: string | null;
}

/**
 * Tries again what waits for a human: parked bookings, one or all; with all, also refused deliveries whose body is
 * still kept.
 *
 * @param after `next` of an answer before, to go on with the refused deliveries only.
 */
export async function retry(
  { store, teamId, now, wake }: AdminDeps,
  { bookingId, after = null }: { bookingId: string | null; after?: string | null | undefined },
): Promise<Retried> {
  const retried = after === null ? await retryParked(store, { teamId, bookingId }, now()) : 0;
  const { replayed, next } =
    bookingId === null
      ? await replayRefused(store, { teamId, after, now })
      : { replayed: { stored: 0, ignored: 0, refused: 0, failed: 0 }, next: null };
  wake();
  return { retried, replayed, next };
}
