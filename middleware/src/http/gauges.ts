import { Gauge, type Registry } from 'prom-client';
import type { Work } from '../booking/work.store';
import type { LaneState } from '../sync/lane';

/** What is shown of an org's API budget. */
export interface ShownBudget {
  orgId: string;
  /** Calls that the connector may still make; null when nothing is known. */
  left: number | null;
  gauge: { used: number; max: number } | null;
}

/** Where the gauges read what they show, at each scrape. */
export interface Readings {
  now: () => Date;
  readWork: () => Promise<Work>;
  /** The commonest codes come first; as many as are labels. */
  countParked: (most: number) => Promise<{ code: string; count: number }[]>;
  readBudgets: () => Promise<ShownBudget[]>;
  laneStates: () => Record<string, LaneState>;
  readNotices: () => Promise<{ kind: string; severity: string }[]>;
}

/** A label has one of so many values at most: an org can make up codes. */
const MOST_CODES = 30;
const CODE = /^\w{1,64}$/;

/** Each state of a lane, as a label has it. */
const STATES: Record<LaneState['state'], string> = {
  notStarted: 'not_started',
  'held elsewhere': 'held_elsewhere',
  working: 'working',
  idle: 'idle',
  saving: 'saving',
  paused: 'paused',
};

/**
 * Registers the gauges.
 * @returns a function that sets them all. It never throws: what cannot be read is left out, and `store_up` tells it.
 */
export function createGauges(registry: Registry, readings: Readings): () => Promise<void> {
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]): Gauge<Label> =>
    new Gauge({ name: `booking_connector_${name}`, help, labelNames, registers: [registry] });

  const up = gauge('store_up', 'Whether the store could be asked at this scrape: 1 or 0.');
  const pending = gauge('pending_bookings', 'Bookings that the loop has yet to look at, unfolded deliveries included.');
  const waiting = gauge('waiting_bookings', 'Of the pending bookings, those that are tried again later.');
  const unfolded = gauge('unfolded_deliveries', 'Deliveries on disk that are not in their bookings yet.');
  const oldestPending = gauge('oldest_pending_seconds', 'How long the oldest pending booking has been due.');
  const oldestUnfolded = gauge('oldest_unfolded_seconds', 'How long ago the oldest unfolded delivery was received.');
  const parked = gauge('parked_bookings', 'Bookings that wait for a human, by the code of what stopped them.', 'code');
  const left = gauge(
    'salesforce_api_calls_left',
    'Calls that the connector may still make, by reserve and cap.',
    'org',
  );
  const used = gauge('salesforce_api_calls_used', 'Calls of the last 24 hours by all applications, smoothed.', 'org');
  const allowance = gauge('salesforce_api_calls_allowance', 'Daily allowance of the org.', 'org');
  const lanes = gauge(
    'lane_state',
    '1 for the state that the lanes of an org are in, 0 for the others.',
    'org',
    'state',
  );

  const notices = gauge('open_notices', 'What an admin was told and is not over yet, by kind.', 'kind', 'severity');

  const showNotices = (open: { kind: string; severity: string }[]): void => {
    notices.reset();
    for (const { kind, severity } of open) notices.inc({ kind, severity });
  };
  const showWork = (work: Work | null): void => {
    up.set(work === null ? 0 : 1);
    for (const one of [pending, waiting, unfolded, oldestPending, oldestUnfolded]) one.remove();
    if (work === null) return;
    const age = (since: Date | null): number =>
      since === null ? 0 : Math.max(0, (readings.now().getTime() - since.getTime()) / 1000);
    pending.set(work.pending);
    waiting.set(work.waiting);
    unfolded.set(work.unfolded);
    oldestPending.set(age(work.oldestPendingAt));
    oldestUnfolded.set(age(work.oldestUnfoldedAt));
  };
  const showParked = (counts: { code: string; count: number }[]): void => {
    parked.reset();
    for (const { code, count } of counts) parked.inc({ code: CODE.test(code) ? code : 'OTHER' }, count);
  };
  const showBudgets = (budgets: ShownBudget[]): void => {
    for (const one of [left, used, allowance]) one.reset();
    for (const { orgId: org, left: calls, gauge: reading } of budgets) {
      if (calls !== null) left.set({ org }, calls);
      if (reading === null) continue;
      used.set({ org }, reading.used);
      allowance.set({ org }, reading.max);
    }
  };
  const showLanes = (): void => {
    lanes.reset();
    for (const [org, { state: present }] of Object.entries(readings.laneStates())) {
      for (const [state, label] of Object.entries(STATES)) lanes.set({ org, state: label }, state === present ? 1 : 0);
    }
  };

  return async () => {
    showLanes();
    await Promise.all([
      readings.readWork().then(showWork, () => showWork(null)),
      readings.countParked(MOST_CODES).then(showParked, () => parked.reset()),
      readings.readNotices().then(showNotices, () => notices.reset()),
      readings.readBudgets().then(showBudgets, () => showBudgets([])),
    ]);
  };
}
