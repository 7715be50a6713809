import type { Connector } from './connector';

/** What an administrator does in the org, and what goes wrong in it. */
export interface OrgActions {
  /** A request of the administrator; throws when it is refused. */
  request(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>;
  create(sobject: string, fields: Record<string, unknown>): Promise<string>;
  remove(sobject: string, id: unknown): Promise<unknown>;
  /** Sets a fault. @returns its id. */
  fault(fault: unknown): Promise<string>;
  clearFaults(): Promise<unknown>;
  /** Has the next request that the fault matches wait before it does anything, acts meanwhile, and lets it go on. */
  whileHeld(
    match: Record<string, unknown>,
    trigger: () => Promise<unknown>,
    act: () => Promise<unknown>,
  ): Promise<void>;
}

/** @param connector whose org it is. */
export function orgActions({ emulator }: Pick<Connector, 'emulator'>): OrgActions {
  const request = async (method: string, path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const response = await fetch(emulator.url + path, {
      method,
      headers: { authorization: `Bearer ${emulator.accessToken}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  };
  const fault = async (input: unknown): Promise<string> =>
    String((await request('POST', '/__emulator__/faults', input))['id']);
  return {
    request,
    create: async (sobject, fields) =>
      String((await request('POST', `/services/data/v67.0/sobjects/${sobject}`, fields))['id']),
    remove: (sobject, id) => request('DELETE', `/services/data/v67.0/sobjects/${sobject}/${String(id)}`),
    fault,
    clearFaults: () => request('DELETE', '/__emulator__/faults'),
    whileHeld: async (match, trigger, act) => {
      const id = await fault({ match, effect: { hold: 'beforeCommit' } });
      await trigger();
      for (const until = Date.now() + 10_000; ;) {
        const { faults } = (await request('GET', '/__emulator__/faults')) as { faults: { id: string; held: number }[] };
        if (faults.some((one) => one.id === id && one.held > 0)) break;
        if (Date.now() > until) throw new Error('Nothing was held within 10 s.');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await act();
      await request('DELETE', `/__emulator__/faults/${id}`);
    },
  };
}
