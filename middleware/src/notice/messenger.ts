import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../store/db';
import { waitAfter, type Channel } from './notice';
import { planMessages, settleMessage, takeMessages, type Message } from './notice.store';

export interface MessengerDeps {
  store: Db;
  channels: readonly Channel[];
  now: () => Date;
  log: { warn(fields: object, message: string): void };
  /** After each attempt. */
  onSent?: (channel: string, isTaken: boolean) => void;
  /** How often to look. Default 5,000. */
  everyMs?: number;
}

/** Sends notices. */
export interface Messenger {
  /** Finishes what is being sent. */
  stop(): Promise<void>;
}

/** How long a message that was taken is left to its taker. Longer than any channel takes. */
const TAKEN_MS = 120_000;
const AT_ONCE = 20;

/**
 * Starts to send notices as they are raised and ended, beside the lanes: each once by each channel, whichever instance
 * does it. A message may come twice when the process dies between sending and noting it down.
 */
export function startMessenger(deps: MessengerDeps): Messenger {
  const { log, everyMs = 5_000 } = deps;
  const stopped = new AbortController();
  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      await sendDue(deps).catch((error: unknown) => log.warn({ err: error }, 'Notices could not be sent'));
      await sleep(everyMs, undefined, { signal: stopped.signal, ref: false }).catch(() => undefined);
    }
  };
  const ended = run();
  return {
    stop: async () => {
      stopped.abort();
      await ended;
    },
  };
}

async function sendDue(deps: MessengerDeps): Promise<void> {
  const { store, channels, now } = deps;
  const names = channels.map(({ name }) => name);
  await planMessages(store, names, now());
  const until = new Date(now().getTime() + TAKEN_MS);
  const messages = await takeMessages(store, { channels: names, now: now(), until, limit: AT_ONCE });
  await Promise.all(messages.map((message) => send(message, deps)));
}

async function send(message: Message, { store, channels, now, log, onSent }: MessengerDeps): Promise<void> {
  const { notice, event, channel: name, attempts } = message;
  const channel = channels.find((one) => one.name === name);
  if (channel === undefined) return;
  try {
    await channel.send(notice, event, `notice-${notice.id}-${event}`);
    onSent?.(name, true);
    await settleMessage(store, message, { sentAt: now(), dueAt: null });
  } catch (error) {
    onSent?.(name, false);
    const waitMs = waitAfter(attempts);
    log.warn(
      { channel: name, noticeId: notice.id, event, attempts, err: error },
      waitMs === null ? 'A notice could not be sent, and is given up' : 'A notice could not be sent: tried again',
    );
    const dueAt = waitMs === null ? null : new Date(now().getTime() + waitMs);
    await settleMessage(store, message, { sentAt: null, dueAt });
  }
}
