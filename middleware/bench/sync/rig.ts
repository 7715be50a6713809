import { calcomSignature } from '../../src/source/calcom';
import { bodyOf } from '../ingest/bodies';
import { ConnectorProcess } from '../support/connector-process';
import { OrgProcess } from '../support/org-process';
import { until } from '../support/until';

export type Model = 'A' | 'B' | 'C';

const SECRET = 'bench-secret';
const SENDERS = 32;
const COMPOSITE = '/composite$';

/** An org and a connector, each a process of its own. */
export class Rig {
  #made = 0;

  static async start(databaseUrl: string | null): Promise<Rig> {
    const org = await OrgProcess.start();
    await org.control('POST', '/settings', { dailyApiRequests: 1_000_000 });
    const connector = await ConnectorProcess.create(org, {
      databaseUrl,
      sources: [{ id: 'cal', kind: 'calcom', secret: SECRET }],
      env: { WEBHOOKS_PER_MINUTE: '100000000', LANE_LEASE_MS: '10000' },
    });
    return new Rig(org, connector);
  }

  private constructor(
    readonly org: OrgProcess,
    readonly connector: ConnectorProcess,
  ) {}

  async stop(): Promise<void> {
    await this.connector.remove();
    await this.org.stop();
  }

  /**
   * Does something while the org answers as a model says. The draws of a model depend on the seed and on the order of the
   * calls alone, so that two that send the same calls under one seed wait equally long.
   */
  async under<T>(model: Model, seed: number, path: string, act: () => Promise<T>): Promise<T> {
    const id = await this.org.setFault({ match: { path, seed }, effect: { latencyModel: model } });
    try {
      return await act();
    } finally {
      await this.org.removeFault(id);
    }
  }

  /** Has the connector write so many new bookings, all of which wait when it begins. @returns seconds and calls. */
  async writeBacklog(count: number, model: Model, seed: number): Promise<{ seconds: number; calls: number }> {
    await this.connector.run(['gate', 'close']);
    await this.deliver(count);
    const since = await this.org.lastCall();
    return this.under(model, seed, COMPOSITE, async () => {
      await this.connector.run(['gate', 'open', '--backlog']);
      // The connector is asked only when it is nearly done: its store has one session, which the question would hold.
      const calls = await until(
        'all Events to be there',
        async () => {
          const made = await this.org.calls(since);
          const created = made.reduce((sum, { sobjects }) => sum + (sobjects['Event']?.created ?? 0), 0);
          return created >= count ? made : null;
        },
        { timeoutMs: 240_000, everyMs: 20 },
      );
      await this.connector.untilIdle();
      const endedAt = Date.now();
      const startedAt = Date.parse(calls[0]?.at ?? '');
      return { seconds: (endedAt - startedAt) / 1000, calls: (await this.org.calls(since)).length };
    });
  }

  /** Delivers new bookings of new customers, one after another for each of the senders. */
  async deliver(count: number): Promise<void> {
    let left = count;
    const send = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        await this.deliverOne();
      }
    };
    await Promise.all(Array.from({ length: SENDERS }, send));
  }

  /** Delivers one new booking of a new customer; returns when it is accepted. */
  async deliverOne(): Promise<void> {
    const body = bodyOf(`sync${(this.#made += 1)}`);
    const { status, outcome } = await this.connector.post('cal', body, {
      'x-cal-signature-256': calcomSignature(SECRET, body),
    });
    if (outcome !== 'stored') throw new Error(`A delivery was answered ${status} ${outcome}`);
  }

  /** Listens to the org: `next` resolves at the moment when the next Event is created. */
  async listen(): Promise<{ next: () => Promise<number>; end: () => void }> {
    const stopped = new AbortController();
    const response = await fetch(`${this.org.ready.url}/__emulator__/changes`, { signal: stopped.signal });
    let tell: (at: number) => void = () => undefined;
    const read = async (): Promise<void> => {
      const decoder = new TextDecoder();
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        const text = decoder.decode(chunk, { stream: true });
        if (/"sobject":"Event"[^}]*"change":"created"/.test(text)) tell(performance.now());
      }
    };
    read().catch(() => undefined);
    return {
      next: () => new Promise((resolve) => (tell = resolve)),
      end: () => stopped.abort(),
    };
  }
}
