import type { Call, FaultInput } from 'org-emulator';
import { CommandProcess } from './command-process';
import { until } from './until';

/** Longer than an answer takes on a machine that is busy with other things. */
const HTTP_MS = 120_000;

/** A record as the REST API answers it. */
export type AnsweredRecord = Record<string, unknown>;

interface Ready {
  url: string;
  accessToken: string;
  clientId: string;
  clientSecret: string;
  username: string;
  adminUserId: string;
}

/** An org emulator with the package deployed, as a process of its own. */
export class OrgProcess {
  static async start(): Promise<OrgProcess> {
    const [command, ready] = await CommandProcess.start<Ready>(['emulator', '--deploy', 'force-app', '--json']);
    return new OrgProcess(command, ready);
  }

  #lastCall = 0;
  #accessToken: string;

  private constructor(
    private readonly command: CommandProcess,
    readonly ready: Ready,
  ) {
    this.#accessToken = ready.accessToken;
  }

  /** The connector's calls after number `n`, in order: it talks to `/composite` only, and nobody else does. */
  async calls(n: number): Promise<Call[]> {
    const { calls } = (await this.control('GET', `/calls?since=${n}`)) as { calls: Call[] };
    return calls.filter(({ path }) => path.endsWith('/composite'));
  }

  /** Number of the latest call. Only what came since the last question is asked for. */
  async lastCall(): Promise<number> {
    const { calls } = (await this.control('GET', `/calls?since=${this.#lastCall}`)) as { calls: Call[] };
    this.#lastCall = calls.at(-1)?.n ?? this.#lastCall;
    return this.#lastCall;
  }

  /** From now on each of the connector's calls waits: before it is executed, or when it is done and not yet answered. */
  async hold(moment: 'beforeCommit' | 'afterCommit'): Promise<Hold> {
    const fault: FaultInput = { match: { method: 'POST', path: '/composite$' }, effect: { hold: moment } };
    const id = await this.setFault(fault);
    const look = async (since: number): Promise<Call | null> =>
      (await this.calls(since)).find(({ state }) => state === 'held') ?? null;
    return {
      look,
      waiting: (since) => until('a call to be held', () => look(since)),
      // The call has left the state `held` when the org answers the next request: it is taken for one more only then.
      letGo: async () => void (await this.control('POST', `/faults/${id}/release`)),
      end: () => this.removeFault(id),
    };
  }

  /** Every record that a query finds, deleted ones too. */
  async query(soql: string): Promise<AnsweredRecord[]> {
    const found: AnsweredRecord[] = [];
    let path: string | undefined = `/services/data/v67.0/queryAll?q=${encodeURIComponent(soql)}`;
    while (path !== undefined) {
      const page = (await this.#send('GET', path)) as { records?: AnsweredRecord[]; nextRecordsUrl?: string };
      if (page.records === undefined) throw new Error(`The query was refused: ${JSON.stringify(page)}`);
      found.push(...page.records);
      path = page.nextRecordsUrl;
    }
    return found;
  }

  /** Creates a record as somebody in the org would. @returns its id. */
  async create(sobject: string, fields: AnsweredRecord): Promise<string> {
    const answer = await this.#send('POST', `/services/data/v67.0/sobjects/${sobject}`, fields);
    const { success, id } = answer as { success?: boolean; id?: string };
    if (success !== true || id === undefined) throw new Error(`Refused: ${JSON.stringify(answer)}`);
    return id;
  }

  /** Deletes a record as somebody in the org would. @returns whether it was there. */
  async delete(sobject: string, id: string): Promise<boolean> {
    return (await this.#send('DELETE', `/services/data/v67.0/sobjects/${sobject}/${id}`)) === null;
  }

  stop(): Promise<void> {
    return this.command.stop();
  }

  /** Sets a fault. @returns its id. */
  async setFault(fault: FaultInput): Promise<string> {
    return ((await this.control('POST', '/faults', fault)) as { id: string }).id;
  }

  async removeFault(id: string): Promise<void> {
    await this.control('DELETE', `/faults/${id}`);
  }

  /** The emulator's own addresses, without the prefix. */
  control(method: string, path: string, body?: unknown): Promise<unknown> {
    return this.#send(method, `/__emulator__${path}`, body);
  }

  async #send(method: string, path: string, body?: unknown): Promise<unknown> {
    let response = await this.#request(method, path, body);
    if (response.status === 401) {
      await this.#signIn();
      response = await this.#request(method, path, body);
    }
    const text = await response.text();
    return text === '' ? null : JSON.parse(text);
  }

  #request(method: string, path: string, body: unknown): Promise<Response> {
    return fetch(`${this.ready.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#accessToken}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(HTTP_MS),
    });
  }

  /** A session of the org ends after two hours; a long run takes longer. */
  async #signIn(): Promise<void> {
    const { url, clientId, clientSecret } = this.ready;
    const response = await fetch(`${url}/services/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
      }),
      signal: AbortSignal.timeout(HTTP_MS),
    });
    if (!response.ok) throw new Error(`The org refused to sign in: ${response.status} ${await response.text()}`);
    this.#accessToken = ((await response.json()) as { access_token: string }).access_token;
  }
}

/** Calls that wait in the org. */
export interface Hold {
  /** The call after number `since` that waits now; null while none does. */
  look(since: number): Promise<Call | null>;
  /** The same, once there is one. */
  waiting(since: number): Promise<Call>;
  /** Lets go what waits; the next call waits again. */
  letGo(): Promise<void>;
  /** Lets go what waits, and holds no more. */
  end(): Promise<void>;
}

/** What a call was about, by what was executed of it. */
export function purposeOf({ subrequests }: Call): 'describe' | 'read' | 'write' {
  if (subrequests.some(({ method }) => method !== 'GET')) return 'write';
  return subrequests.some(({ url }) => url.endsWith('/describe')) ? 'describe' : 'read';
}

/** How many records of one object some calls have written together. */
export function writesIn(calls: Call[], sobject: string): { created: number; updated: number; deleted: number } {
  const total = { created: 0, updated: 0, deleted: 0 };
  for (const { sobjects } of calls) {
    const counts = sobjects[sobject];
    total.created += counts?.created ?? 0;
    total.updated += counts?.updated ?? 0;
    total.deleted += counts?.deleted ?? 0;
  }
  return total;
}
