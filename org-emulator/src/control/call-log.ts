import type { RecordChange } from '../records/store';
import type { SubrequestLogEntry } from '../rest/composite';

/** Where a call stands: `answered` only once its answer was handed to the operating system. */
export type CallState = 'received' | 'held' | 'committed' | 'answered' | 'dropped';

/** How many records of one object a call wrote. */
export interface WriteCounts {
  created: number;
  updated: number;
  deleted: number;
}

/** One request that the org received. */
export interface Call {
  n: number;
  at: string;
  method: string;
  /** Path and query as they were sent. */
  path: string;
  user: string | null;
  /** 1 when it counts against the allowance. */
  apiCalls: 0 | 1;
  state: CallState;
  status: number | null;
  /** The client closed the connection before the answer was handed over. */
  clientGone: boolean;
  sobjects: Record<string, WriteCounts>;
  subrequests: SubrequestLogEntry[];
}

/** How many calls are kept for reading; the counts go on. */
const KEPT_CALLS = 20_000;

/** Every request that the org received, in order, and how many of them count. */
export class CallLog {
  private calls: Call[] = [];
  private lastNumber = 0;
  /** Calls counted since the last reset. */
  apiCalls = 0;

  /** Lists a call that has just arrived. */
  receive(at: Date, method: string, path: string): Call {
    this.lastNumber += 1;
    const call: Call = {
      n: this.lastNumber,
      at: at.toISOString(),
      method,
      path,
      user: null,
      apiCalls: 0,
      state: 'received',
      status: null,
      clientGone: false,
      sobjects: {},
      subrequests: [],
    };
    this.calls.push(call);
    if (this.calls.length > KEPT_CALLS * 2) this.calls = this.calls.slice(-KEPT_CALLS);
    return call;
  }

  /** Counts a call, once. */
  count(call: Call): void {
    if (call.apiCalls === 1) return;
    call.apiCalls = 1;
    this.apiCalls += 1;
  }

  /** The calls after number `n`. */
  since(n: number): Call[] {
    return this.calls.filter((call) => call.n > n);
  }

  /** Forgets the calls and starts to count and number again. */
  reset(): void {
    this.calls = [];
    this.lastNumber = 0;
    this.apiCalls = 0;
  }
}

/** Adds record changes to what a call wrote. */
export function addWrites(call: Call, changes: RecordChange[]): void {
  for (const { sobject, change } of changes) {
    const counts = (call.sobjects[sobject] ??= { created: 0, updated: 0, deleted: 0 });
    counts[change] += 1;
  }
}
