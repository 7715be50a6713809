import { ConnectorProcess } from './connector-process';
import { findDamage, readHeld, visitorsOf, type Damage } from './kill-checks';
import { killAt, type Point, type Rig } from './kill-points';
import { scenarioOf, type Kind, type Scenario } from './kill-scenario';
import { OrgProcess, purposeOf, writesIn } from './org-process';
import type { PostgresServer } from './postgres-server';
import { until } from './until';

export const STORES = ['pglite', 'postgres'] as const;
export type StoreKind = (typeof STORES)[number];

/** One life and death of a connector. */
export interface Round {
  /** Different from every other round of the store. */
  name: string;
  point: Point;
  kind: Kind;
  isVariant: boolean;
}

/** What became of a round. */
export interface RoundResult extends Damage {
  round: Round;
  /** What the list of calls says, in a few words. */
  evidence: string;
  durationMs: number;
  /** The log of the connector that ran last; empty when all is well. */
  log: string;
}

export function isFine({ lost, doubled, wrong }: Damage): boolean {
  return lost.length + doubled.length + wrong.length === 0;
}

/** An org and a connector on one store, killed again and again. Both start with the first round. */
export class KillSession {
  readonly #undo: (() => Promise<void>)[] = [];
  #rig: Rig | null = null;
  /** What the rounds so far were to create. */
  #expected = { Event: 0, Lead: 0 };

  /** @param server where to make a database; null for the embedded store. */
  constructor(private readonly server: PostgresServer | null) {}

  /** Ends what was started, and removes the store. */
  async close(): Promise<void> {
    this.#rig = null;
    for (const step of this.#undo.splice(0).reverse()) await step();
  }

  /**
   * Kills the connector once, starts it again, and looks at what came of it. After a round that failed everything is
   * started afresh, so that it spoils no other.
   *
   * @throws Error when org or connector cannot be started at all.
   */
  async run(round: Round): Promise<RoundResult> {
    const rig = this.#rig ?? (await this.#start());
    const startedAt = performance.now();
    const damage: Damage = { lost: [], doubled: [], wrong: [] };
    let evidence = '';
    try {
      evidence = await this.#run(round, rig, damage);
    } catch (error) {
      damage.wrong.push(error instanceof Error ? error.message : String(error));
    }
    const durationMs = Math.round(performance.now() - startedAt);
    const log = isFine(damage) ? '' : rig.connector.log;
    if (!isFine(damage)) await this.close();
    return { round, evidence, ...damage, durationMs, log };
  }

  async #start(): Promise<Rig> {
    this.#expected = { Event: 0, Lead: 0 };
    const database = await this.server?.createDatabase();
    if (database !== undefined) this.#undo.push(database.drop);
    const org = await OrgProcess.start();
    this.#undo.push(() => org.stop());
    const connector = await ConnectorProcess.create(org, { databaseUrl: database?.databaseUrl ?? null });
    this.#undo.push(() => connector.remove());
    await untilLookedAt(org);
    return (this.#rig = { org, connector });
  }

  async #run(round: Round, rig: Rig, damage: Damage): Promise<string> {
    const { org, connector } = rig;
    const scenario = scenarioOf(round.kind, round.name, round.isVariant);
    await prepare(scenario, rig);

    const evidence = await killAt(round.point, scenario, rig, round.isVariant);
    damage.wrong.push(...evidence.problems);
    const killedAfter = await org.lastCall();
    await connector.start();
    await connector.untilIdle();

    const held = await readHeld(org, scenario);
    const found = findDamage(scenario, held, org.ready.adminUserId);
    damage.lost.push(...found.lost);
    damage.doubled.push(...found.doubled);
    damage.wrong.push(...found.wrong);
    const again = await checkRecovery(rig, killedAfter, damage);
    await checkRedelivery(scenario, rig, damage);
    const heldNow = await readHeld(org, scenario);
    if (JSON.stringify(heldNow) !== JSON.stringify(held)) damage.wrong.push('a repetition changed records');
    await this.#checkTotal(scenario, rig, damage);
    return `${evidence.words}; after the restart: ${again}`;
  }

  /**
   * What all the connector's calls have written together, against what all rounds were to write: nothing was created
   * twice, not even for a moment, and nothing was deleted.
   */
  async #checkTotal({ appointments }: Scenario, { org }: Rig, damage: Damage): Promise<void> {
    this.#expected.Event += appointments.length;
    this.#expected.Lead += visitorsOf(appointments).filter(({ isContact }) => !isContact).length;
    const calls = await org.calls(0);
    for (const [sobject, expected] of Object.entries({ ...this.#expected, Contact: 0 })) {
      const { created, deleted } = writesIn(calls, sobject);
      const words = `over all rounds ${created} of ${sobject} were created, expected ${expected}`;
      if (created > expected) damage.doubled.push(words);
      if (created < expected) damage.lost.push(words);
      if (deleted > 0) damage.wrong.push(`over all rounds ${deleted} of ${sobject} were deleted`);
    }
  }
}

/** Waits until the connector has looked at the org, as it does once the gate is open: a round is to see its own calls. */
async function untilLookedAt(org: OrgProcess): Promise<void> {
  await until('the connector to look at the org', async () => {
    const calls = await org.calls(0);
    const isLook = calls.some(
      ({ state, subrequests }) => state === 'answered' && subrequests.some(({ url }) => url.includes('Organization')),
    );
    return isLook || null;
  });
}

/** Brings the org to where the round begins. */
async function prepare({ appointments, before }: Scenario, { org, connector }: Rig): Promise<void> {
  for (const { email, firstName, lastName, isContact } of visitorsOf(appointments)) {
    if (isContact) await org.create('Contact', { FirstName: firstName, LastName: lastName, Email: email });
  }
  for (const body of before) {
    await connector.deliver(body);
    await connector.untilIdle();
  }
}

/** The death came before the booking was settled: the connector has asked the org again, by itself. */
async function checkRecovery({ org }: Rig, since: number, damage: Damage): Promise<string> {
  const calls = (await org.calls(since)).filter((call) => purposeOf(call) !== 'describe');
  if (calls.length === 0) damage.wrong.push('nothing was pending after the restart');
  const refused = calls.filter(({ state, status }) => state !== 'answered' || status !== 200);
  if (refused.length > 0) damage.wrong.push(`${refused.length} calls after the restart were not answered with 200`);
  return calls.map(purposeOf).join(' + ');
}

/** Everything is sent again, as senders do that got no answer: nothing is written, and Salesforce is not even asked. */
async function checkRedelivery(
  { before, opener, deliveries }: Scenario,
  { org, connector }: Rig,
  damage: Damage,
): Promise<void> {
  const since = await org.lastCall();
  const bodies = [...before, ...(opener === null ? [] : [opener]), ...deliveries];
  const outcomes = await Promise.all(bodies.map((body) => connector.deliver(body)));
  const fresh = outcomes.filter((outcome) => outcome !== 'duplicate');
  if (fresh.length > 0) damage.wrong.push(`${fresh.length} repetitions were no duplicates but "${String(fresh[0])}"`);
  await connector.untilIdle();
  const calls = await org.calls(since);
  if (calls.length > 0) damage.wrong.push(`${calls.length} calls were made for repetitions`);
}
