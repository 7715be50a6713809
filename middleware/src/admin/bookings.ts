import { z } from 'zod';
import type { BookingStatus } from '../booking/booking';
import { readBookings, type ListedBooking, type ListPlace, type Progress } from '../booking/list.store';
import type { Written } from '../booking/outcome';
import { readProblems, retryProblem, type Problem } from '../booking/problem.store';
import { retryParked } from '../booking/status.store';
import { readStory, type BookingStory } from '../booking/story.store';
import { readLinks } from '../customer/customer.store';
import type { Actor } from '../security/audit.store';
import { readOrgsOfTeam } from '../sync/org.store';
import type { AdminDeps } from './deps';
import { linkedParts, type LinkedPart } from './record-links';
import { InvalidArgsError, NotFoundError } from './refused';

/** Which bookings are asked for; what is left out is not asked for. */
export interface BookingQuery {
  progress?: Progress | undefined;
  status?: BookingStatus | undefined;
  /** Id of a source. */
  source?: string | undefined;
  key?: string | undefined;
  after?: string | undefined;
  limit: number;
}

/**
 * Bookings of the team, the newest first.
 * @throws InvalidArgsError when `after` is no place in the list.
 */
export async function listBookings(
  { store }: AdminDeps,
  { progress = null, status = null, source = null, key = null, after, limit }: Nullable<BookingQuery>,
  { teamId }: Pick<Actor, 'teamId'>,
): Promise<{ bookings: ListedBooking[]; next: string | null }> {
  const place = after === undefined || after === null ? null : toPlace(after);
  const filter = { teamId, progress, status, sourceId: source, key };
  const bookings = await readBookings(store, filter, { after: place, limit });
  const last = bookings.length < limit ? undefined : bookings.at(-1);
  return { bookings, next: last === undefined ? null : toCursor(last) };
}

type Nullable<Query extends { limit: number }> = {
  [Key in keyof Query]: Key extends 'limit' ? Query[Key] : Query[Key] | null;
};

const place = z.tuple([z.iso.datetime(), z.uuid()]);

function toCursor({ createdAt, id }: ListedBooking): string {
  return Buffer.from(JSON.stringify([createdAt, id])).toString('base64url');
}

function toPlace(cursor: string): ListPlace {
  try {
    const [createdAt, id] = place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return { createdAt, id };
  } catch {
    throw new InvalidArgsError([{ field: 'after', error: 'Give "next" of the answer before, as it is.' }]);
  }
}

/** Everything that is known of one booking, with the way to its records. */
export interface BookingTold extends Omit<BookingStory, 'written'> {
  written: Pick<Written, 'eventId' | 'whoId' | 'whatId' | 'ownerId' | 'fields'> | null;
  /** Its records in the org that is connected now. */
  salesforce: LinkedPart[];
}

/**
 * Everything that is known of one booking.
 * @throws NotFoundError when the team has none of that id.
 */
export async function readBooking(
  { store }: AdminDeps,
  { id }: { id: string },
  { teamId }: Pick<Actor, 'teamId'>,
): Promise<BookingTold> {
  const story = await readStory(store, { id, teamId });
  if (story === null) throw new NotFoundError(`There is no booking ${id}.`);
  const { written, customerId } = story;
  const [org = null] = await readOrgsOfTeam(store, teamId);
  const links =
    org === null || customerId === null
      ? null
      : await readLinks(store, { orgId: org.id, generation: org.generation }, [customerId]);
  const person = links?.get(customerId ?? '') ?? null;
  return {
    ...story,
    written: written === null ? null : toldOf(written),
    salesforce: linkedParts(org, { written, person }),
  };
}

function toldOf({ eventId, whoId, whatId, ownerId, fields }: Written): NonNullable<BookingTold['written']> {
  return { eventId, whoId, whatId, ownerId, fields };
}

/**
 * Makes one booking due again, if a part of it is parked.
 * @throws NotFoundError when the team has none of that id.
 */
export async function retryBooking(
  deps: AdminDeps,
  { id }: { id: string },
  actor: Pick<Actor, 'teamId'>,
): Promise<{ retried: number }> {
  await readBooking(deps, { id }, actor);
  const retried = await retryParked(deps.store, { teamId: actor.teamId, bookingId: id }, deps.now());
  deps.wake();
  return { retried };
}

/** What waits for a human, by cause. */
export async function listProblems(
  { store }: AdminDeps,
  _args: object,
  { teamId }: Pick<Actor, 'teamId'>,
): Promise<{ problems: Problem[] }> {
  return { problems: await readProblems(store, teamId) };
}

/**
 * Makes every booking of one problem due again.
 * @throws NotFoundError when there is no such problem, or no longer.
 */
export async function retryProblemById(
  { store, now, wake }: AdminDeps,
  { id }: { id: string },
  { teamId }: Pick<Actor, 'teamId'>,
): Promise<{ retried: number }> {
  const problem = (await readProblems(store, teamId)).find((one) => one.id === id);
  if (problem === undefined) throw new NotFoundError('There is no such problem, or no longer.');
  const { code, sobject, fields } = problem;
  const retried = await retryProblem(store, { teamId, code, sobject, fields }, now());
  wake();
  return { retried };
}
