import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectorProcess } from '../support/connector-process';
import { headersOf, type Arrival, type History } from './histories';

const SENDERS = 16;
const RETRY_MS = 250;
/** An instance that stands still keeps a sender no longer. */
const ANSWER_MS = 3_000;
/** A sender that got no 202 so often gives up, and the run fails: longer than any death of the connector. */
const MAX_TRIES = 2_400;

/** What the senders have done so far. */
export interface Sent {
  /** Answered 202. */
  accepted: number;
  duplicates: number;
  /** Tries that were not answered 202. */
  failed: number;
}

/** Scheduling systems that send: many at a time, each delivery until it is answered 202. */
export class Senders {
  readonly sent: Sent = { accepted: 0, duplicates: 0, failed: 0 };
  #next = 0;
  /** Sources whose order is all they tell wait for the delivery before. */
  readonly #before = new Map<History, Promise<void>>();
  readonly #bodies = new Map<History, { bodies: string[]; left: number }>();
  readonly #watchers: { at: number; tell: () => void }[] = [];

  /**
   * @param arrivals in their order.
   * @param mayGoOn asked before each sending with how many were sent; resolves when the next may be.
   */
  constructor(
    private readonly connector: ConnectorProcess,
    private readonly arrivals: Arrival[],
    private readonly mayGoOn: (sent: number) => Promise<void>,
  ) {
    for (const { history } of arrivals) {
      const known = this.#bodies.get(history) ?? { bodies: [], left: 0 };
      known.left += 1;
      this.#bodies.set(history, known);
    }
  }

  /** Sends everything. @throws when a delivery is refused for good. */
  async run(): Promise<void> {
    await Promise.all(Array.from({ length: SENDERS }, () => this.#sendSome()));
  }

  /** How many deliveries there are. */
  get total(): number {
    return this.arrivals.length;
  }

  /** Resolves when so many deliveries were answered 202. */
  whenAccepted(count: number): Promise<void> {
    if (this.sent.accepted >= count) return Promise.resolve();
    return new Promise((tell) => this.#watchers.push({ at: count, tell }));
  }

  async #sendSome(): Promise<void> {
    for (;;) {
      const index = this.#next;
      const arrival = this.arrivals[index];
      if (arrival === undefined) return;
      this.#next += 1;
      await this.mayGoOn(index);
      const { history } = arrival;
      if (!history.isOrdered) {
        await this.#send(arrival);
        continue;
      }
      const before = this.#before.get(history) ?? Promise.resolve();
      // Two of them are never received at one moment.
      const sending = before.then(() => this.#send(arrival)).then(() => sleep(2));
      this.#before.set(history, sending);
      await sending;
    }
  }

  async #send(arrival: Arrival): Promise<void> {
    const body = this.#bodyOf(arrival);
    for (let tries = 1; ; tries += 1) {
      const answer = await this.connector
        .post(arrival.history.sourceId, body, headersOf(arrival, body), ANSWER_MS)
        .catch(() => null);
      if (answer?.status === 202) {
        this.#count(answer.outcome);
        return;
      }
      this.sent.failed += 1;
      const isForGood = answer !== null && answer.status < 500 && answer.status !== 429;
      if (isForGood || tries >= MAX_TRIES) {
        throw new Error(`A delivery of ${arrival.history.sourceId} was answered ${answer?.status ?? 'nothing'}`);
      }
      await sleep(RETRY_MS);
    }
  }

  #count(outcome: string | null): void {
    this.sent.accepted += 1;
    if (outcome === 'duplicate') this.sent.duplicates += 1;
    for (const watcher of this.#watchers.filter(({ at }) => at <= this.sent.accepted)) {
      this.#watchers.splice(this.#watchers.indexOf(watcher), 1);
      watcher.tell();
    }
  }

  /** The bodies of a history are kept while some of them are still to be sent. */
  #bodyOf({ history, place }: Arrival): string {
    const known = this.#bodies.get(history);
    if (known === undefined) throw new Error('A delivery is sent that was not announced');
    if (known.bodies.length === 0) known.bodies = history.posted().map(({ body }) => JSON.stringify(body));
    const body = known.bodies[place] ?? '';
    known.left -= 1;
    if (known.left === 0) this.#bodies.delete(history);
    return body;
  }
}
