import type { Db } from '../store/db';
import { inAnswerOrder } from './answer-order';
import type { BookingEvent } from './booking-event';
import type { BookingState } from './booking';
import type { Parts, Step, Written } from './outcome';

/** One thing in the life of a booking. */
export type Chapter =
  | {
      what: 'delivery';
      at: Date;
      deliveryId: string;
      outcome: string;
      /** Whether its body is still kept. */
      isKept: boolean;
    }
  | {
      what: 'event';
      at: Date;
      /** Which delivery told it; null for what the clock did. */
      deliveryId: string | null;
      event: BookingEvent;
      /** Why the scheduling system's API did not say what the delivery left out; null when nothing was missing. */
      askFault: string | null;
    }
  | {
      what: 'turn';
      at: Date;
      revision: number;
      settingsVersion: number;
      /** What was looked at, decided and written, in this order. */
      steps: Step[];
      parts: Parts;
    };

/** Everything that is known of one booking. */
export interface BookingStory {
  id: string;
  sourceId: string;
  rootKey: string;
  /** Every native key of its lineage. */
  keys: string[];
  /** The booking that it turned out to be another half of. */
  mergedInto: string | null;
  revision: number;
  state: BookingState;
  parts: Parts;
  /** Whose booking it is; null before the first turn. */
  customerId: string | null;
  /** What we believe Salesforce holds, in the org that bookings go to now; null before the first write there. */
  written: Written | null;
  /** When the loop looks at it next; null when nothing is to be done. */
  dueAt: Date | null;
  /** Failures in a row. */
  attempts: number;
  createdAt: Date;
  /** In the order of time. */
  chapters: Chapter[];
}

/** How many of the newest turns are told: a booking that is tried every quarter of an hour has many. */
const MOST_TURNS = 100;

interface BookingRow {
  id: string;
  source_id: string;
  root_key: string;
  keys: string[] | null;
  merged_into: string | null;
  revision: number;
  state: BookingState;
  parts: Parts;
  customer_id: string | null;
  written: Written | null;
  due_at: Date | null;
  attempts: number;
  created_at: Date;
  /** Of the Salesforce org that bookings go to now; null when they go to none. */
  generation: number | null;
}

/** @returns null when the team has no booking of that id. */
export async function readStory(db: Db, { id, teamId }: { id: string; teamId: string }): Promise<BookingStory | null> {
  const { rows } = await db.query<BookingRow>(
    `select b.*, (select array_agg(k.native_key order by k.native_key) from booking_key k where k.booking_id = b.id) as keys,
       (select o.generation from org o join team t on t.org_id = o.id where t.id = b.team_id) as generation
     from booking b where b.id = $1::uuid and b.team_id = $2`,
    [id, teamId],
  );
  const [row] = rows;
  if (row === undefined) return null;
  const chapters = [...(await readTold(db, id)), ...(await readTurns(db, id))];
  // Ids of another org than the one that bookings go to now would lead nowhere.
  const isElsewhere = row.written !== null && row.generation !== null && row.written.generation !== row.generation;
  return {
    id: row.id,
    sourceId: row.source_id,
    rootKey: row.root_key,
    keys: row.keys ?? [row.root_key],
    mergedInto: row.merged_into,
    revision: row.revision,
    state: inAnswerOrder(row.state),
    parts: isElsewhere ? withoutIds(row.parts) : row.parts,
    customerId: row.customer_id,
    written: isElsewhere ? null : row.written,
    dueAt: row.due_at,
    attempts: row.attempts,
    createdAt: row.created_at,
    chapters: inTime(chapters),
  };
}

/** The parts of a booking whose team goes to another org now. */
function withoutIds(parts: Parts): Parts {
  const cause = 'written to the org that bookings went to before; not to the present one';
  return Object.fromEntries(
    Object.entries(parts).map(([part, outcome]) => [
      part,
      outcome.state === 'written' ? { state: 'notWanted', cause } : outcome,
    ]),
  );
}

/** By time; what caused the other comes first where both are of one instant. */
function inTime(chapters: Chapter[]): Chapter[] {
  const rank = { delivery: 0, event: 1, turn: 2 };
  return chapters.sort((a, b) => a.at.getTime() - b.at.getTime() || rank[a.what] - rank[b.what]);
}

async function readTold(db: Db, id: string): Promise<Chapter[]> {
  const { rows } = await db.query<{
    event: BookingEvent;
    recorded_at: Date;
    ask_fault: string | null;
    delivery_id: string | null;
    received_at: Date | null;
    outcome: string | null;
    is_kept: boolean;
  }>(
    `select e.event, e.recorded_at, e.ask_fault, e.delivery_id, d.received_at, d.outcome, d.raw_body is not null as is_kept
     from booking_event e left join delivery d on d.id = e.delivery_id
     where e.booking_id = $1::uuid order by e.recorded_at`,
    [id],
  );
  const told = new Set<string>();
  return rows.flatMap((row): Chapter[] => {
    const { delivery_id: deliveryId, received_at: receivedAt } = row;
    const event: Chapter = {
      what: 'event',
      at: row.recorded_at,
      deliveryId,
      event: inAnswerOrder(row.event),
      askFault: row.ask_fault,
    };
    // A delivery that tells several things is told of once.
    if (deliveryId === null || receivedAt === null || told.has(deliveryId)) return [event];
    told.add(deliveryId);
    return [
      { what: 'delivery', at: receivedAt, deliveryId, outcome: row.outcome ?? 'stored', isKept: row.is_kept },
      event,
    ];
  });
}

async function readTurns(db: Db, id: string): Promise<Chapter[]> {
  const { rows } = await db.query<{
    at: Date;
    revision: number;
    settings_version: number;
    steps: Step[];
    parts: Parts;
  }>(
    `select at, revision, settings_version, steps, parts from booking_log
     where booking_id = $1::uuid order by id desc limit $2`,
    [id, MOST_TURNS],
  );
  return rows.reverse().map(({ at, revision, settings_version: settingsVersion, steps, parts }) => ({
    what: 'turn',
    at,
    revision,
    settingsVersion,
    steps,
    parts,
  }));
}
