import type { Db } from '../store/db';
import type { NewNotice, Notice, NoticeEvent, Severity } from './notice';

interface NoticeRow {
  id: string;
  key: string;
  org_id: string | null;
  severity: Severity;
  what: string;
  remedy: string;
  raised_at: Date;
  ended_at: Date | null;
}

/**
 * Raises a notice. While one of its key is open that one stays and is not told again; it takes on the words, for what
 * stands in the way may change.
 * @returns whether it is new.
 */
export async function raiseNotice(
  db: Db,
  { key, orgId, severity, what, remedy }: NewNotice,
  now: Date,
): Promise<boolean> {
  const { rows } = await db.query<{ is_new: boolean }>(
    `insert into notice (key, org_id, severity, what, remedy, raised_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (key) where ended_at is null do update
       set severity = excluded.severity, what = excluded.what, remedy = excluded.remedy
     returning xmax = 0 as is_new`,
    [key, orgId, severity, what, remedy, now.toISOString()],
  );
  return rows[0]?.is_new === true;
}

/** Ends the open notice of a key. @returns whether there was one. */
export async function endNotice(db: Db, key: string, now: Date): Promise<boolean> {
  const { rowCount } = await db.query('update notice set ended_at = $2 where key = $1 and ended_at is null', [
    key,
    now.toISOString(),
  ]);
  return (rowCount ?? 0) > 0;
}

/** Every open notice, errors first, then the newest. */
export async function readOpenNotices(db: Db): Promise<Notice[]> {
  const { rows } = await db.query<NoticeRow>(
    `select * from notice where ended_at is null order by (severity = 'error') desc, id desc`,
  );
  return rows.map(toNotice);
}

/** One message of a notice by one channel. */
export interface Message {
  notice: Notice;
  event: NoticeEvent;
  channel: string;
  /** This one included. */
  attempts: number;
}

/**
 * Notes down what is to be sent: of each open notice that it was raised, and that it ended, once that it was raised has
 * been sent. One that ended before anybody was told is told to nobody.
 */
export async function planMessages(db: Db, channels: readonly string[], now: Date): Promise<void> {
  await db.query(
    `insert into notice_message (notice_id, event, channel, due_at)
     select n.id, 'raised', c, $2::timestamptz from notice n, unnest($1::text[]) c where n.ended_at is null
     union all
     select n.id, 'ended', m.channel, $2::timestamptz from notice n join notice_message m on m.notice_id = n.id
     where n.ended_at is not null and m.event = 'raised' and m.sent_at is not null and m.channel = any ($1::text[])
       and n.ended_at > $2::timestamptz - interval '1 day'
     on conflict (notice_id, event, channel) do nothing`,
    [channels, now.toISOString()],
  );
  await db.query(
    `update notice_message m set due_at = null from notice n
     where n.id = m.notice_id and m.event = 'raised' and m.due_at is not null and n.ended_at is not null`,
  );
}

/** Takes messages that are due; who else looks meanwhile does not get them. @param until when they are due again if the taker dies. */
export async function takeMessages(
  db: Db,
  { channels, now, until, limit }: { channels: readonly string[]; now: Date; until: Date; limit: number },
): Promise<Message[]> {
  const { rows } = await db.query<NoticeRow & { event: NoticeEvent; channel: string; attempts: number }>(
    `with taken as (
       update notice_message m set attempts = m.attempts + 1, due_at = $3
       from (
         select notice_id, event, channel from notice_message
         where due_at <= $2 and channel = any ($1::text[]) order by due_at limit $4 for update skip locked
       ) due
       where m.notice_id = due.notice_id and m.event = due.event and m.channel = due.channel
       returning m.notice_id, m.event, m.channel, m.attempts
     )
     select n.*, t.event, t.channel, t.attempts from taken t join notice n on n.id = t.notice_id order by n.id`,
    [channels, now.toISOString(), until.toISOString(), limit],
  );
  return rows.map((row) => ({
    notice: toNotice(row),
    event: row.event,
    channel: row.channel,
    attempts: row.attempts,
  }));
}

/** Records what came of a message. @param dueAt when to try again; null when it was sent, or is given up. */
export async function settleMessage(
  db: Db,
  { notice, event, channel }: Message,
  { sentAt, dueAt }: { sentAt: Date | null; dueAt: Date | null },
): Promise<void> {
  await db.query(
    'update notice_message set sent_at = $4, due_at = $5 where notice_id = $1 and event = $2 and channel = $3',
    [notice.id, event, channel, sentAt?.toISOString() ?? null, dueAt?.toISOString() ?? null],
  );
}

function toNotice(row: NoticeRow): Notice {
  return {
    id: row.id,
    key: row.key,
    orgId: row.org_id,
    severity: row.severity,
    what: row.what,
    remedy: row.remedy,
    raisedAt: row.raised_at,
    endedAt: row.ended_at,
  };
}
