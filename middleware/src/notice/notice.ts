/** How bad it is: `error`, bookings do not reach Salesforce or the connector lacks something; `warning`, they soon may not. */
export type Severity = 'error' | 'warning';

/** Something that an admin must be told once, while it lasts. Words are ours: no name, address or value of a record. */
export interface NewNotice {
  /** What it is about, kind first, such as `access:main`: while one is open, no second of the same key is raised. */
  key: string;
  /** Null when it is about no org. */
  orgId: string | null;
  severity: Severity;
  /** What is the matter, in whole sentences. */
  what: string;
  /** What to do about it, in whole sentences. */
  remedy: string;
}

/** A notice as raised. */
export interface Notice extends NewNotice {
  id: string;
  raisedAt: Date;
  /** Null while it lasts. */
  endedAt: Date | null;
}

/** Which of its two ends is told. */
export type NoticeEvent = 'raised' | 'ended';

/** The kind of a notice: its key up to the colon. Fit for a label of a metric. */
export function noticeKind(key: string): string {
  return key.replace(/:.*/s, '');
}

/** Where a notice is told, for example by e-mail. */
export interface Channel {
  name: string;
  /**
   * Tells it. The same message may be sent again after a crash: `messageId` is the same then.
   * @throws when it was not taken; it is tried again later.
   */
  send(notice: Notice, event: NoticeEvent, messageId: string): Promise<void>;
}

const LONGEST_WAIT_MS = 60 * 60_000;
/** After so many attempts, some 14 hours, a message is given up. */
export const MOST_ATTEMPTS = 20;

/** How long to wait after a failed attempt, in milliseconds; null: give up. Pure. */
export function waitAfter(attempts: number): number | null {
  return attempts >= MOST_ATTEMPTS ? null : Math.min(LONGEST_WAIT_MS, 15_000 * 2 ** (attempts - 1));
}
