import { setTimeout as sleep } from 'node:timers/promises';
import type { Call } from 'org-emulator';
import type { ConnectorProcess } from './connector-process';
import type { Scenario } from './kill-scenario';
import { purposeOf, writesIn, type Hold, type OrgProcess } from './org-process';
import { until } from './until';

/** What a process sent just before it was killed may reach the org when it is dead: it is to find the hold there. */
const ON_ITS_WAY_MS = 300;

/** Where the process dies. */
export const POINTS = ['accepted', 'beforeWrite', 'committed', 'answered'] as const;
export type Point = (typeof POINTS)[number];

/** What a round works with. */
export interface Rig {
  org: OrgProcess;
  connector: ConnectorProcess;
}

/** What the list of calls says of the death. */
export interface Evidence {
  /** In a few words. */
  words: string;
  /** Why this was not the point that was meant; none when it was. */
  problems: string[];
}

/**
 * Sends a round's deliveries, and kills the connector at the point. When it returns, the process is gone, nothing waits
 * in the org any more, and the list of calls was looked at.
 *
 * @param isVariant the read before a write that never came was answered, and not only executed.
 */
export async function killAt(point: Point, scenario: Scenario, rig: Rig, isVariant: boolean): Promise<Evidence> {
  const since = await rig.org.lastCall();
  switch (point) {
    case 'accepted':
      return killWhenAccepted(scenario, rig, since);
    case 'beforeWrite':
      if (scenario.isOneCall) return killBeforeChange(scenario, rig, since);
      return killBeforeWrite(scenario, rig, since, isVariant);
    case 'committed':
      return killWhenCommitted(scenario, rig, since);
    case 'answered':
      return killWhenAnswered(scenario, rig, since);
  }
}

/** The 202 is there: whatever the loop may have sent meanwhile waits in the org, and is never executed. */
async function killWhenAccepted({ opener, deliveries }: Scenario, rig: Rig, since: number): Promise<Evidence> {
  const { org, connector } = rig;
  const hold = await org.hold('beforeCommit');
  await deliver([...(opener === null ? [] : [opener]), ...deliveries], rig);
  await connector.kill();
  await sleep(ON_ITS_WAY_MS);
  await untilGone(rig, since);
  await hold.end();
  const calls = await org.calls(since);
  return {
    words: calls.length === 0 ? 'nothing was asked' : 'a call received, not executed, client gone',
    problems: [
      ...(calls.length > 1 ? [`Expected one call at most, got ${calls.length}`] : []),
      ...calls.flatMap((call) => expectNotExecuted(call)),
    ],
  };
}

/** The one call of a change was received, and never executed. */
async function killBeforeChange({ deliveries }: Scenario, rig: Rig, since: number): Promise<Evidence> {
  const { org, connector } = rig;
  const hold = await org.hold('beforeCommit');
  await deliver(deliveries, rig);
  await hold.waiting(since);
  await connector.kill();
  await untilGone(rig, since);
  await hold.end();
  const calls = await org.calls(since);
  return {
    words: 'the change received, not executed, client gone',
    problems: [
      ...(calls.length === 1 ? [] : [`Expected one call, got ${calls.length}`]),
      ...calls.flatMap((call) => expectNotExecuted(call)),
    ],
  };
}

/** The read was executed, and in the variant answered; the write never came. */
async function killBeforeWrite(scenario: Scenario, rig: Rig, since: number, isAnswered: boolean): Promise<Evidence> {
  const { org, connector } = rig;
  const hold = await org.hold('afterCommit');
  const read = await stepTo('read', scenario, rig, hold, since);
  if (isAnswered) await answerSuspended(rig, hold, read);
  await connector.kill();
  if (!isAnswered) {
    await untilGone(rig, read.n - 1);
    await hold.end();
  }
  const calls = await org.calls(read.n - 1);
  const last = calls[0];
  return {
    words: `the read ${isAnswered ? 'answered' : 'executed, not answered, client gone'}; no write received`,
    problems: [
      ...(calls.length === 1 ? [] : [`Expected no call after the read, got ${calls.length - 1}`]),
      ...(last === undefined ? [] : isAnswered ? expectAnswered(last) : expectNotAnswered(last)),
      ...(Object.keys(read.sobjects).length === 0 ? [] : ['The read wrote something']),
    ],
  };
}

/** The write is done, and nobody was told. */
async function killWhenCommitted(scenario: Scenario, rig: Rig, since: number): Promise<Evidence> {
  const { org, connector } = rig;
  const hold = await org.hold('afterCommit');
  const write = await stepTo('write', scenario, rig, hold, since);
  await connector.kill();
  await untilGone(rig, write.n - 1);
  await hold.end();
  return describeWrite('committed, not answered, client gone', scenario, rig, write, expectNotAnswered);
}

/** The write is done and the kernel has taken the answer, but the process that it is for does not run any more. */
async function killWhenAnswered(scenario: Scenario, rig: Rig, since: number): Promise<Evidence> {
  const { org, connector } = rig;
  const hold = await org.hold('afterCommit');
  const write = await stepTo('write', scenario, rig, hold, since);
  await answerSuspended(rig, hold, write);
  await connector.kill();
  return describeWrite('committed and answered, client there', scenario, rig, write, expectAnswered);
}

/** Delivers, and lets calls go until the one is held that reads or writes the deliveries; its work is done by then. */
async function stepTo(
  purpose: 'read' | 'write',
  { opener, deliveries }: Scenario,
  rig: Rig,
  hold: Hold,
  since: number,
): Promise<Call> {
  let last = since;
  const next = async (wanted: 'read' | 'write'): Promise<Call> => {
    for (;;) {
      const call = await hold.waiting(last);
      last = call.n;
      if (purposeOf(call) === wanted) return call;
      await hold.letGo();
    }
  };
  if (opener !== null) {
    await deliver([opener], rig);
    await next('read');
  }
  await deliver(deliveries, rig);
  if (opener !== null) {
    await hold.letGo();
    await next('write');
    await hold.letGo();
  }
  return next(purpose);
}

/** Lets the org answer a process that stands still, and waits until the kernel has taken the answer for it. */
async function answerSuspended({ org, connector }: Rig, hold: Hold, call: Call): Promise<void> {
  await connector.suspend();
  await hold.end();
  await until('the answer to be handed over', async () => {
    const [now] = await org.calls(call.n - 1);
    return now?.state === 'answered' ? now : null;
  });
}

/** Waits until the org has noticed that nobody waits for the calls that it holds. */
async function untilGone({ org }: Rig, since: number): Promise<void> {
  await until('the org to notice that its client is gone', async () => {
    return (await org.calls(since)).every(({ state, clientGone }) => state === 'answered' || clientGone) || null;
  });
}

async function describeWrite(
  words: string,
  { isOneCall, write: expected }: Scenario,
  { org }: Rig,
  write: Call,
  check: (call: Call) => string[],
): Promise<Evidence> {
  const calls = await org.calls(write.n - 1);
  const events = writesIn(calls, 'Event');
  const leads = writesIn(calls, 'Lead');
  const did = { eventsCreated: events.created, eventsUpdated: events.updated, leadsCreated: leads.created };
  const isAsExpected = Object.entries(expected).every(([what, count]) => did[what as keyof typeof did] === count);
  return {
    words: `${isOneCall ? 'the change' : 'the write'} (${countsInWords(did)}) ${words}`,
    problems: [
      ...(calls.length === 1 ? [] : [`Expected no call after the write, got ${calls.length - 1}`]),
      ...calls.slice(0, 1).flatMap(check),
      ...(isAsExpected ? [] : [`Expected the write to do ${JSON.stringify(expected)}, it did ${JSON.stringify(did)}`]),
    ],
  };
}

function countsInWords(counts: Scenario['write']): string {
  const words = { eventsCreated: 'Events created', eventsUpdated: 'Events updated', leadsCreated: 'Leads created' };
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${words[what as keyof typeof words]}: ${count}`)
    .join(', ');
}

function expectNotExecuted(call: Call): string[] {
  const isExecuted = call.apiCalls === 1 || call.subrequests.length > 0 || Object.keys(call.sobjects).length > 0;
  return [
    ...(isExecuted ? ['The call was executed'] : []),
    ...(call.clientGone && call.status === null ? [] : [`Expected the client to be gone, the call is ${call.state}`]),
  ];
}

function expectNotAnswered({ state, status, clientGone }: Call): string[] {
  if (state === 'committed' && status === null && clientGone) return [];
  return [`Expected a call that was done and not answered, it is ${state} with status ${status}`];
}

function expectAnswered({ state, status, clientGone }: Call): string[] {
  if (state === 'answered' && status === 200 && !clientGone) return [];
  return [
    `Expected a call that was answered, it is ${state} with status ${status}${clientGone ? ', client gone' : ''}`,
  ];
}

/** Sends deliveries at once, each of which must be new to the connector. */
async function deliver(bodies: object[], { connector }: Rig): Promise<void> {
  const outcomes = await Promise.all(bodies.map((body) => connector.deliver(body)));
  const other = outcomes.find((outcome) => outcome !== 'stored');
  if (other !== undefined) throw new Error(`Expected a delivery to be stored, it came to "${other}"`);
}
