import type { Call } from 'org-emulator';
import { purposeOf, type OrgProcess } from '../support/org-process';

/** Calls so new that they may not be over; there are never so many at a time. */
const UNDER_WAY = 200;

/** Counts the connector's calls while they come: an org keeps the latest only. */
export class CountedCalls {
  #upTo = 0;
  #apiCalls = 0;
  #refused = 0;

  constructor(private readonly org: OrgProcess) {}

  /** Counts what is over. */
  async count(): Promise<void> {
    this.#add(await this.org.calls(this.#upTo), (await this.org.lastCall()) - UNDER_WAY);
  }

  /** @returns how many calls there were, and how many of them were to write and wrote nothing. Nothing is under way. */
  async all(): Promise<{ apiCalls: number; refused: number }> {
    this.#add(await this.org.calls(this.#upTo), Infinity);
    return { apiCalls: this.#apiCalls, refused: this.#refused };
  }

  #add(calls: Call[], upTo: number): void {
    for (const call of calls.filter(({ n }) => n <= upTo)) {
      this.#upTo = call.n;
      this.#apiCalls += call.apiCalls;
      if (hasRefusedAll(call)) this.#refused += 1;
    }
  }
}

/** Whether every row of a write was locked, or too much for the automation of the org. */
function hasRefusedAll(call: Call): boolean {
  return call.status === 200 && purposeOf(call) === 'write' && Object.keys(call.sobjects).length === 0;
}
