import { z } from 'zod';
import { seededRandom } from './random';

const moment = z.enum(['beforeCommit', 'afterCommit']);

const faultInput = z.strictObject({
  match: z
    .strictObject({
      method: z.string().optional(),
      /** A regular expression over path and query. */
      path: z.string().optional(),
      /** An object that the request, or one of its subrequests or rows, is about. */
      sobject: z.string().optional(),
      /** Strikes the n-th matching request only, from 1. */
      nth: z.number().int().positive().optional(),
      everyNth: z.number().int().positive().optional(),
      probability: z.number().min(0).max(1).optional(),
      seed: z.number().int().optional(),
      /** Strikes so often, then no more. */
      times: z.number().int().positive().optional(),
      /** Strikes for so long after it first struck, by the org's clock, then no more. */
      forMs: z.number().int().positive().optional(),
    })
    .default({}),
  effect: z.strictObject({
    error: z
      .strictObject({
        status: z.number().int(),
        errorCode: z.string(),
        message: z.string(),
        fields: z.array(z.string()).optional(),
      })
      .optional(),
    latencyMs: z.number().min(0).optional(),
    /** A whole behaviour over time, see latency-models.ts. */
    latencyModel: z.enum(['A', 'B', 'C', 'D']).optional(),
    hold: moment.optional(),
    drop: moment.optional(),
    html: z.number().int().optional(),
    expireSession: z.boolean().optional(),
    /** Uses up the day's calls; with `forMs` they are given back after that time of the org's clock. */
    spendAllowance: z.union([z.boolean(), z.strictObject({ forMs: z.number().int().positive() })]).optional(),
    rowLock: z.boolean().optional(),
    /** Automation that bears only so many rows of one object in a transaction: with more, all of them fail. */
    automationLimit: z
      .strictObject({ maxRows: z.number().int().min(0), message: z.string().default('Apex CPU time limit exceeded') })
      .optional(),
    /** Every row of the object is refused with this error; with `where`, those rows whose fields have these values. */
    rowError: z
      .strictObject({
        statusCode: z.string(),
        message: z.string(),
        fields: z.array(z.string()).default([]),
        where: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
      })
      .optional(),
    /** Added to each request: a part that is always there, one per row, and up to so much by chance. */
    latency: z
      .strictObject({
        baseMs: z.number().min(0).default(0),
        perRowMs: z.number().min(0).default(0),
        jitterMs: z.number().min(0).default(0),
      })
      .optional(),
  }),
});

/** A fault as it is asked for. */
export type FaultInput = z.input<typeof faultInput>;

/** What a fault does to a request that it strikes. */
export type FaultEffect = z.infer<typeof faultInput>['effect'];

/** A fault as it is listed. */
export interface FaultView {
  id: string;
  match: z.infer<typeof faultInput>['match'];
  effect: FaultEffect;
  strikes: number;
  /** Requests that wait in it. */
  held: number;
}

/** What a fault can go by. */
export interface FaultSubject {
  method: string;
  path: string;
  /** Names of the objects that the request is about, in lower case. */
  sobjects: ReadonlySet<string>;
  /** The org's time. */
  at: Date;
}

/** A fault that struck, with the way to wait in it. */
export interface Strike {
  effect: FaultEffect;
  /** Time since the fault first struck. */
  ageMs: number;
  /** The next number of the fault's own repeatable stream. */
  random: () => number;
  /** The object that the fault is about, if it names one. */
  sobject: string | undefined;
  /** Resolves when the fault is released or removed. */
  untilReleased(): Promise<void>;
}

interface Fault extends FaultView {
  firstStruckAt: number | undefined;
  pattern: RegExp | undefined;
  seen: number;
  random: () => number;
  waiting: Set<() => void>;
}

/** The faults that are set on an org. */
export class FaultBook {
  private readonly faults = new Map<string, Fault>();
  private lastId = 0;

  /** Sets a fault and returns its id. Throws ZodError or SyntaxError for one that makes no sense. */
  add(input: unknown): string {
    const { match, effect } = faultInput.parse(input);
    this.lastId += 1;
    const id = `fault-${this.lastId}`;
    this.faults.set(id, {
      id,
      match,
      effect,
      strikes: 0,
      held: 0,
      pattern: match.path === undefined ? undefined : new RegExp(match.path),
      firstStruckAt: undefined,
      seen: 0,
      random: seededRandom(match.seed ?? 1),
      waiting: new Set(),
    });
    return id;
  }

  /** The faults, with how often each struck. */
  list(): FaultView[] {
    return [...this.faults.values()].map(({ id, match, effect, strikes, waiting }) => ({
      id,
      match,
      effect,
      strikes,
      held: waiting.size,
    }));
  }

  /** The faults that strike a request. Each call counts as one request; with `onlyByPath`, for faults with a path only. */
  strike(subject: FaultSubject, { onlyByPath = false } = {}): Strike[] {
    return [...this.faults.values()]
      .filter((fault) => (fault.pattern !== undefined || !onlyByPath) && doesStrike(fault, subject))
      .map((fault) => {
        fault.strikes += 1;
        const at = subject.at.getTime();
        fault.firstStruckAt ??= at;
        return {
          ageMs: at - fault.firstStruckAt,
          effect: fault.effect,
          sobject: fault.match.sobject,
          random: fault.random,
          untilReleased: () =>
            new Promise((resolve) => {
              if (!this.faults.has(fault.id)) {
                resolve();
                return;
              }
              fault.waiting.add(resolve);
            }),
        };
      });
  }

  /** Lets go what waits in a fault, which stays set. False when there is no such fault. */
  release(id: string): boolean {
    const fault = this.faults.get(id);
    if (!fault) return false;
    const waiting = [...fault.waiting];
    fault.waiting.clear();
    for (const resolve of waiting) resolve();
    return true;
  }

  /** Removes a fault and lets go what waits in it. False when there is no such fault. */
  remove(id: string): boolean {
    return this.release(id) && this.faults.delete(id);
  }

  /** Removes every fault. */
  clear(): void {
    for (const id of [...this.faults.keys()]) this.remove(id);
  }
}

function doesStrike(fault: Fault, subject: FaultSubject): boolean {
  const { match } = fault;
  if (match.method !== undefined && match.method.toUpperCase() !== subject.method) return false;
  if (fault.pattern && !fault.pattern.test(subject.path)) return false;
  if (match.sobject !== undefined && !subject.sobjects.has(match.sobject.toLowerCase())) return false;
  fault.seen += 1;
  if (match.times !== undefined && fault.strikes >= match.times) return false;
  const ageMs = fault.firstStruckAt === undefined ? 0 : subject.at.getTime() - fault.firstStruckAt;
  if (match.forMs !== undefined && ageMs >= match.forMs) return false;
  if (match.nth !== undefined && fault.seen !== match.nth) return false;
  if (match.everyNth !== undefined && fault.seen % match.everyNth !== 0) return false;
  return match.probability === undefined || fault.random() < match.probability;
}
