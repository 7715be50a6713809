/**
 * The senders: requests are made ready before the clock runs, and written to bare sockets, so that little of the
 * processor goes to them while they are answered.
 */
import { connect, type Socket } from 'node:net';
import { calcomSignature } from '../../src/source/calcom';
import { bodyOf } from './bodies';
import { answer } from './child';

/** Where to send, how many at a time, and for how long. */
export interface Burst {
  port: number;
  clients: number;
  seconds: number;
  /** Sends the same requests again once each was sent: for servers that keep nothing. */
  again: boolean;
}

/** What came of a burst. */
export interface BurstResult {
  answered: number;
  /** Answers other than 202. */
  refused: number;
  seconds: number;
  latenciesMs: number[];
}

interface Ready {
  uid: string;
  bytes: Buffer;
}

let ready: Ready[] = [];
let made = 0;
/** Uids whose delivery was answered 202, since the process began. */
const accepted: string[] = [];

const handlers = {
  /** Makes requests for new bookings ready; those that were not sent are forgotten. */
  prepare: ({ count, path, secret }: { count: number; path: string; secret: string }) => {
    ready = Array.from({ length: count }, () => toRequest(`bench${(made += 1)}`, path, secret));
  },
  send: async ({ port, clients, seconds, again }: Burst): Promise<BurstResult> => {
    const result: BurstResult = { answered: 0, refused: 0, seconds: 0, latenciesMs: [] };
    const startedAt = performance.now();
    const until = startedAt + seconds * 1000;
    const batch = ready;
    let sent = 0;
    const next = (): Ready | undefined => {
      if (performance.now() >= until || (!again && sent >= batch.length)) return undefined;
      return batch[sent++ % batch.length];
    };
    await Promise.all(Array.from({ length: clients }, () => sendOneByOne(port, next, result, again)));
    if (!again) ready = batch.slice(sent);
    return { ...result, seconds: (performance.now() - startedAt) / 1000 };
  },
  accepted: () => accepted,
};
export type LoadHandlers = typeof handlers;

function toRequest(uid: string, path: string, secret: string): Ready {
  const body = bodyOf(uid);
  const head = [
    `POST ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-cal-signature-256: ${calcomSignature(secret, body)}`,
  ];
  return { uid, bytes: Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`) };
}

/** One client with one connection, kept alive. Resolves when there is nothing left to send, or the server is gone. */
function sendOneByOne(port: number, next: () => Ready | undefined, result: BurstResult, again: boolean): Promise<void> {
  return new Promise((resolve) => {
    let current: Ready | undefined;
    let sentAt = 0;
    let received = '';
    const take = (answer: string): void => {
      received += answer;
      if (!isWhole(received)) return;
      const isAccepted = received.startsWith('202', 9);
      received = '';
      result.latenciesMs.push(performance.now() - sentAt);
      if (isAccepted) result.answered += 1;
      else result.refused += 1;
      if (isAccepted && !again && current !== undefined) accepted.push(current.uid);
      sendNext();
    };
    // Read into the same memory again and again: a stream makes new memory of 64 KB for each answer.
    const onread = {
      buffer: Buffer.alloc(4_096),
      callback: (bytes: number, buffer: Uint8Array): boolean => {
        take((buffer as Buffer).toString('latin1', 0, bytes));
        return true;
      },
    };
    const socket: Socket = connect({ port, host: '127.0.0.1', onread }).setNoDelay(true);
    const sendNext = (): void => {
      current = next();
      if (current === undefined) return void socket.end();
      sentAt = performance.now();
      socket.write(current.bytes);
    };
    socket.on('connect', sendNext);
    socket.on('error', () => undefined); // the server was killed: 'close' follows
    socket.on('close', () => resolve());
  });
}

function isWhole(response: string): boolean {
  const end = response.indexOf('\r\n\r\n');
  if (end === -1) return false;
  const [, length] = /content-length: (\d+)/i.exec(response) ?? [];
  if (length === undefined) throw new Error('An answer does not tell its length');
  return response.length >= end + 4 + Number(length);
}

answer(handlers);
