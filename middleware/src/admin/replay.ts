import {
  readKeptRefused,
  readRefused,
  saveReplayed,
  type KeptDelivery,
  type RefusedDelivery,
} from '../booking/replay.store';
import type { JsonValue } from '../booking/booking-event';
import { readSources } from '../settings/source.store';
import { findKind } from '../source/kinds';
import { InvalidMappingError } from '../source/mapping';
import type { SourceKind } from '../source/source';
import { isConnectionError } from '../store/is-connection-error';
import type { Store } from '../store/store';
import type { AdminDeps } from './deps';
import { AdminRefusedError } from './refused';

/** What looking again at refused deliveries came to. */
export interface Replayed {
  /** Understood now: their bookings are made. */
  stored: number;
  /** Understood now, and about no booking. */
  ignored: number;
  /** Still not understood. */
  refused: number;
  /** Could not be stored, or not even be looked at, as the mapping of their source cannot be used; they stay refused. */
  failed: number;
}

/** Deliveries that are read at once: bodies may be large. */
const SLICE = 20;
/** How long one order looks before it answers: whoever ordered it over the socket waits 30 seconds. */
const MOST_MS = 10_000;

/**
 * Translates refused deliveries again, with the present code and the present mapping of their source, and stores those
 * that are understood now. Safe to repeat, and to stop at any point: each delivery is a transaction of its own.
 *
 * Headers are not kept: the expressions of a mapping see none here. They see the time of receipt as it was.
 *
 * @param after where to go on; null to begin.
 * @returns `next`: where to go on, null when all were looked at.
 */
export async function replayRefused(
  store: Store,
  { teamId, after, now, mostMs = MOST_MS }: { teamId: string; after: string | null; now: () => Date; mostMs?: number },
): Promise<{ replayed: Replayed; next: string | null }> {
  const replayed: Replayed = { stored: 0, ignored: 0, refused: 0, failed: 0 };
  const kindOf = await knownKinds(store, teamId);
  const until = performance.now() + mostMs;
  let next = after;
  for (;;) {
    const slice = await readKeptRefused(store, { teamId, after: next }, SLICE);
    if (slice.length === 0) return { replayed, next: null };
    for (const delivery of slice) {
      const outcome = await replayOne(store, delivery, kindOf(delivery.sourceId), now());
      if (outcome !== 'duplicate') replayed[outcome] += 1;
      next = delivery.id;
      if (performance.now() > until) return { replayed, next };
    }
  }
}

/** Deliveries that are not understood, the newest first. @param after id of the last one that was read. */
export async function listRefused(
  { store, teamId }: AdminDeps,
  { after = null, limit }: { after?: string | null | undefined; limit: number },
): Promise<{ count: number; deliveries: RefusedDelivery[]; next: string | null }> {
  const { count, newest } = await readRefused(store, teamId, limit, after);
  return { count, deliveries: newest, next: newest.length < limit ? null : (newest.at(-1)?.id ?? null) };
}

/**
 * Looks again at one refused delivery, as `replayRefused` does at all.
 * @throws AdminRefusedError when it is not refused, or its body is no longer kept.
 */
export async function replayDelivery(
  { store, teamId, now, wake }: AdminDeps,
  { id }: { id: string },
): Promise<{ outcome: keyof Replayed | 'duplicate' }> {
  const before = String(BigInt(id) - 1n);
  const [delivery] = await readKeptRefused(store, { teamId, after: before }, 1);
  if (delivery?.id !== id) {
    throw new AdminRefusedError(`The delivery ${id} is not refused, or its body is no longer kept.`);
  }
  const kindOf = await knownKinds(store, teamId);
  const outcome = await replayOne(store, delivery, kindOf(delivery.sourceId), now());
  wake();
  return { outcome };
}

async function replayOne(
  store: Store,
  delivery: KeptDelivery,
  kind: SourceKind | null,
  now: Date,
): Promise<keyof Replayed | 'duplicate'> {
  if (kind === null) return 'failed';
  const understanding = kind.translate(delivery.rawBody, { headers: {}, receivedAt: delivery.receivedAt });
  try {
    return await saveReplayed(store, delivery, understanding, now);
  } catch (error) {
    // Of a store that is gone nothing can be learnt about this delivery; what else fails is this delivery's own.
    if (isConnectionError(error)) throw error;
    return 'failed';
  }
}

/** The kinds of all sources by source id, each made once: null for one that this version cannot use. */
async function knownKinds(store: Store, teamId: string): Promise<(sourceId: string) => SourceKind | null> {
  const sources = new Map((await readSources(store, teamId)).map((source) => [source.id, source]));
  const made = new Map<string, SourceKind | null>();
  return (sourceId) => {
    const known = made.get(sourceId);
    if (known !== undefined) return known;
    const source = sources.get(sourceId);
    const kind = source === undefined ? null : usableKind(source.kind, source.mapping as JsonValue);
    made.set(sourceId, kind);
    return kind;
  };
}

/** A mapping that an older version took and this one does not costs the other sources nothing. */
function usableKind(kind: string, mapping: JsonValue): SourceKind | null {
  try {
    return findKind(kind, mapping) ?? null;
  } catch (error) {
    if (error instanceof InvalidMappingError) return null;
    throw error;
  }
}
