import { happen, INCIDENTS, OF_POSTGRES, type Incident, type Scene } from './incidents';
import type { Strikes } from './faults';
import { randomOf, shuffled } from './random';

/** Incidents of each kind: so many bookings for one. */
const BOOKINGS_PER_ROUND = 2_000;

/** Each kind once for so many bookings, in an order of the seed. */
export function incidentsOf(bookings: number, databaseUrl: string | null, seed: number): Incident[] {
  const kinds = INCIDENTS.filter((kind) => databaseUrl !== null || !OF_POSTGRES.includes(kind));
  const rounds = Math.max(1, Math.round(bookings / BOOKINGS_PER_ROUND));
  const random = randomOf(seed + 3);
  return Array.from({ length: rounds }, () => shuffled(kinds, random)).flat();
}

/** Lets each incident happen at its place among the deliveries; the senders wait where they are far ahead. */
export async function letHappen(
  incidents: Incident[],
  pace: Pace,
  scene: Scene,
  say: (line: string) => void,
): Promise<Strikes> {
  const strikes = Object.fromEntries(incidents.map((incident) => [incident, 0]));
  for (const [index, incident] of incidents.entries()) {
    await scene.senders.whenAccepted(pace.placeOf(index));
    const startedAt = performance.now();
    const hasHappened = await happen(incident, scene);
    if (hasHappened) strikes[incident] = (strikes[incident] ?? 0) + 1;
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    say(
      `${scene.senders.sent.accepted} accepted: ${incident}${hasHappened ? '' : ' did not come to pass'} (${seconds} s)`,
    );
    pace.pass(index);
  }
  pace.open();
  return strikes;
}

/** Keeps deliveries and incidents together, so that each incident meets a connector at work. */
export class Pace {
  #allowed: number;
  #waiting: (() => void)[] = [];

  constructor(
    private readonly total: number,
    private readonly count: number,
  ) {
    this.#allowed = this.#endOf(0);
  }

  /** After how many deliveries an incident begins. */
  placeOf(index: number): number {
    return Math.floor(((index + 0.5) / (this.count + 1)) * this.total);
  }

  /** The incident is over. */
  pass(index: number): void {
    this.#allowed = Math.max(this.#allowed, this.#endOf(index + 1));
    this.#tell();
  }

  /** Lets some deliveries come before their time: an incident has waited for something to do. */
  letMoreCome(): void {
    this.#allowed += Math.max(20, Math.ceil(this.total / (this.count + 1) / 8));
    this.#tell();
  }

  open(): void {
    this.#allowed = Infinity;
    this.#tell();
  }

  async mayGoOn(sent: number): Promise<void> {
    while (sent >= this.#allowed) await new Promise<void>((tell) => this.#waiting.push(tell));
  }

  #endOf(index: number): number {
    return this.placeOf(index) + Math.max(60, Math.ceil(this.total / (this.count + 1) / 2));
  }

  #tell(): void {
    for (const tell of this.#waiting.splice(0)) tell();
  }
}
