import { storiesOf } from './stories';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectorProcess } from '../support/connector-process';
import { OrgProcess } from '../support/org-process';
import { CountedCalls } from './counted-calls';
import { Faults, type Strikes } from './faults';
import { arrivalsOf, drawHistories, PLACES_SET_UP } from './histories';
import { compare, EVENT_FIELDS, isParked, PERSON_FIELDS, type Finding, type Held } from './model/compare';
import { COMPANY_OF_NOBODY } from './model/people';
import { resume } from './incidents';
import { fixPlants, prepareOrg } from './org';
import { bookingsOf, readParked, releaseFixed } from './parked';
import { PeopleInOrg } from './people-in-org';
import { randomOf } from './random';
import { castCustomers } from './roles';
import { incidentsOf, letHappen, Pace } from './schedule';
import { Senders } from './senders';

export interface ChaosOptions {
  bookings: number;
  seed: number;
  /** Null for the embedded store. */
  databaseUrl: string | null;
  /** Another build of the command than that of this clone. */
  program?: string;
  say: (line: string) => void;
}

export interface ChaosResult {
  bookings: number;
  pending: number;
  parkedPlanted: number;
  /** What waits for a human and should not, with why. */
  parkedUnexplained: string[];
  apiCalls: number;
  findings: Finding[];
  /** What the connector tells of bookings that are off, by `Booking_Id__c`. */
  stories: Record<string, unknown>;
  strikes: Strikes;
  /** Of the connector that ran last. */
  log: string;
}

/** How long the backlog may stay as long as it is. */
const DRAIN_MS = 90_000;
/** How often people do something in the org. */
const WORK_MS = 300;
/** Rest after work, so many times as long: people in the org, and whoever asks for what is pending, are not its work. */
const REST_PER_WORK = 4;

/** Lives the histories, delivers them through everything that can go wrong, and looks what the org holds in the end. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const org = await OrgProcess.start();
  try {
    return await runOn(org, options);
  } finally {
    await org.stop();
  }
}

async function runOn(org: OrgProcess, options: ChaosOptions): Promise<ChaosResult> {
  const { bookings, seed, databaseUrl, program } = options;
  const startedAt = performance.now();
  const say = (line: string): void =>
    options.say(`${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s  ${line}`);
  const histories = drawHistories(bookings, seed);
  const customers = castCustomers(histories, seed);
  const arrivals = arrivalsOf(histories, seed);
  const count = customers.reduce((sum, customer) => sum + customer.bookings.length, 0);
  say(`${count} bookings of ${customers.length} customers, ${arrivals.length} deliveries`);
  const seeded = await prepareOrg(org, customers);
  const connector = await ConnectorProcess.create(org, {
    ...{ databaseUrl, sources: PLACES_SET_UP, env: { WEBHOOKS_PER_MINUTE: '100000000' } },
    required: { Lead: { Company: { text: COMPANY_OF_NOBODY } } },
    ...(program === undefined ? {} : { program }),
  });
  try {
    const faults = new Faults(org);
    await faults.set();
    const people = new PeopleInOrg(org, customers);
    const incidents = incidentsOf(bookings, databaseUrl, seed);
    const pace = new Pace(arrivals.length, incidents.length);
    const senders = new Senders(connector, arrivals, (sent) => pace.mayGoOn(sent));
    const letMoreCome = (): void => pace.letMoreCome();
    const scene = { org, connector, senders, letMoreCome, databaseUrl, random: randomOf(seed + 4) };
    const sending = senders.run();
    sending.catch(() => pace.open());
    let isOver = false;
    const counted = new CountedCalls(org);
    const working = workUntil(people, counted, () => isOver);
    try {
      const happened = await Promise.all([letHappen(incidents, pace, scene, say), sending]);
      say(`delivered: ${JSON.stringify(senders.sent)}`);
      const drained = await drain(connector);
      say(`pending: ${drained}`);
      isOver = true;
      const undone = await working;
      const strikes = {
        ...(await faults.end()),
        ...happened[0],
        ...{ converted: people.deeds.converted.size, merged: people.deeds.merged.size },
        ...{ deleted: people.deeds.deleted.size, repeated: senders.sent.duplicates },
        rowsRefused: (await counted.all()).refused,
      };
      if (undone > 0) say(`${undone} deeds in the org were not done: there was no record for them`);
      const refused = (await connector.order('listRefused', { limit: 1 })) as { count: number };
      if (refused.count > 0) say(`${refused.count} deliveries were not understood`);
      say(`faults: ${JSON.stringify(strikes)}`);
      const before = await readParked(connector, customers, () => true);
      const released = await releaseFixed(connector, before.planted, customers, () =>
        fixPlants(org, customers, seeded),
      );
      say(`waiting for a human: ${before.planted.length}, of them put right: ${released}`);
      const pending = drained === 0 ? await drain(connector) : drained;
      const parked = await readParked(connector, customers, isParked);
      const held = await readHeld(org);
      const findings = compare(customers, held, seeded, people.deeds);
      if (before.planted.length !== bookingsOf(customers, ({ plant }) => plant !== 'none').length) {
        findings.push(wrong(`${before.planted.length} planted bookings waited for a human before they were put right`));
      }
      const stories = await storiesOf(findings, connector);
      const { apiCalls } = await counted.all();
      return {
        ...{ bookings: count, pending, apiCalls, findings, stories, strikes, log: connector.log },
        parkedPlanted: parked.planted.length,
        parkedUnexplained: [...new Set([...before.unexplained, ...parked.unexplained])],
      };
    } finally {
      isOver = true;
      await working;
    }
  } finally {
    await connector.remove();
  }
}

async function workUntil(people: PeopleInOrg, counted: CountedCalls, isOver: () => boolean): Promise<number> {
  while (!isOver()) {
    const startedAt = performance.now();
    await people.work();
    await counted.count();
    await sleep(Math.max(WORK_MS, (performance.now() - startedAt) * REST_PER_WORK));
  }
  return people.work();
}

/** How long the backlog stays as it is before an admin says that the lanes may try again. */
const RESUME_AFTER_MS = 300;

/** @returns how many bookings are pending when nothing is, or when nothing has become of them for long. */
async function drain(connector: ConnectorProcess): Promise<number> {
  let [least, pending] = [Infinity, -1];
  let [resumedAt, fellAt] = [performance.now(), performance.now()];
  while (pending !== 0 && performance.now() - fellAt < DRAIN_MS) {
    const askedAt = performance.now();
    pending = await connector.pending().catch(() => -1);
    const asking = performance.now() - askedAt;
    if (pending >= 0 && pending < least) [least, fellAt] = [pending, performance.now()];
    // A lane that waits because of the org waits longer each time, and for hours where the allowance was spent.
    if (pending !== 0 && performance.now() - Math.max(resumedAt, fellAt) > RESUME_AFTER_MS) {
      resumedAt = performance.now();
      await resume(connector);
    }
    // Counting many bookings costs the connector something: most of its time is to go into writing them.
    await sleep(Math.max(100, asking * REST_PER_WORK));
  }
  return pending;
}

function wrong(text: string): Finding {
  return { kind: 'wrong', text, booking: null, email: '' };
}

async function readHeld(org: OrgProcess): Promise<Held> {
  const people = PERSON_FIELDS.join(', ');
  const users = await org.query('SELECT Id, Email FROM User WHERE IsActive = true');
  return {
    events: await org.query(`SELECT ${EVENT_FIELDS.join(', ')} FROM Event WHERE Booking_Id__c != null`),
    leads: await org.query(`SELECT ${people}, Company, IsConverted FROM Lead WHERE IsDeleted = false`),
    contacts: await org.query(`SELECT ${people} FROM Contact WHERE IsDeleted = false`),
    usersByEmail: new Map(users.map((user) => [String(user['Email']), String(user['Id'])])),
    fallbackOwnerId: org.ready.adminUserId,
  };
}
