/**
 * How long planning takes: 10,000 bookings in batches of 200, the default mappings and ten rows more for each object,
 * in an org with as many fields as a real one.
 *
 *   npm run -s bench:plan [-- --check]
 *
 * Prints one JSON line last. `ms` and `medianUsPerBooking` (of the batches) are `planBatch` alone; `matchMs` is `match` of
 * the same bookings, and `cpuMs` the processor time of planning, which says more on a machine that others use. Of four bookings one is of a new customer, one of a known one, one a reschedule and one a cancel.
 * With --check the exit code is 1 when both together take longer than the target.
 */
import { customer } from '../test/support/builders';
import { candidate, EVENT_FIELDS, HOST, HOST_ID, settingsWith, written } from '../test/support/candidate';
import { fullOrgView } from '../test/support/describes';
import type { BookingState } from '../src/booking/booking';
import type { Candidate } from '../src/match/candidate';
import { match } from '../src/match/match';
import type { Directory, Found, FoundRecord } from '../src/match/match-types';
import { planBatch } from '../src/plan/plan-batch';
import { MAPPED_OBJECTS, type MappedObject } from '../src/settings/objects';
import type { MappingRow } from '../src/settings/mapping-row';

const BOOKINGS = 10_000;
const BATCH = 200;
const TARGET_MS = 2_000;
const NOW = new Date('2026-10-05T01:12:11.000Z');
const SOURCES = ['answers.budget', 'booking.startDate', 'booking.startTime', 'page.name', 'customer.timeZone'];

function tenRows(): Partial<Record<MappedObject, Partial<MappingRow>[]>> {
  const rows = Array.from({ length: 10 }, (_, index): Partial<MappingRow> =>
    index % 2 === 0
      ? { field: `Own_${index}__c`, from: SOURCES[index / 2] ?? 'booking.id', cut: true }
      : { field: `Own_${index}__c`, text: `Booked {page.name} for {booking.startsAt} (${index})`, cut: true },
  );
  return Object.fromEntries(MAPPED_OBJECTS.map((object) => [object, rows]));
}

const settings = settingsWith({ rows: tenRows() });

const id = (prefix: string, index: number): string => `${prefix}${String(index).padStart(12, '0')}AAA`;

const STATES: Partial<BookingState>[] = [
  {},
  {},
  { status: 'Rescheduled', startsAt: '2026-10-08T04:30:00.000Z', endsAt: '2026-10-08T05:00:00.000Z', reason: 'Ill' },
  { status: 'Canceled', reason: 'Something came up' },
];

/** A booking; two of four have been written before. */
function bookingOf(index: number): Candidate {
  const name = `v${index}`;
  return candidate(name, {
    settings,
    event: { customer: customer(`${name}@example.test`) },
    state: {
      timeZone: ['Asia/Tokyo', 'Europe/Berlin', 'America/New_York'][index % 3] ?? null,
      answers: { budget: '5000', notes: 'We would like to see the new version.', team: 'Sales' },
      ...STATES[index % 4],
    },
    written:
      index % 4 < 2
        ? null
        : written({
            eventId: id('00U', index),
            whoId: id('00Q', index),
            person: { sobject: 'Lead', recordId: id('00Q', index) },
          }),
  });
}

function foundOf(indexes: number[]): Found {
  const known = indexes.filter((index) => index % 4 > 0);
  const leads = known.map((index): FoundRecord => ({
    Id: id('00Q', index),
    Email: `v${index}@example.test`,
    Booking_Customer_Id__c: `c-v${index}`,
    Company: 'Example Offices KK',
    IsConverted: false,
    IsDeleted: false,
    LastModifiedDate: '2026-09-01T00:00:00.000+0000',
  }));
  const events = known
    .filter((index) => index % 4 > 1)
    .map((index): FoundRecord => ({
      ...EVENT_FIELDS,
      Id: id('00U', index),
      Booking_Id__c: `cal:uid-v${index}`,
      WhoId: id('00Q', index),
      WhatId: null,
      OwnerId: HOST_ID,
      IsDeleted: false,
    }));
  return new Map([
    ['Lead', leads],
    ['Contact', []],
    ['Event', events],
  ]);
}

const org = fullOrgView();
const directory: Directory = { users: new Map([[HOST, HOST_ID]]), queues: new Map() };
const times: number[] = [];
let matchMs = 0;
let cpuMs = 0;
let rows = 0;
for (let start = 0; start < BOOKINGS; start += BATCH) {
  const indexes = Array.from({ length: BATCH }, (_, index) => start + index);
  const candidates = indexes.map(bookingOf);
  const found = foundOf(indexes);
  const matchedAt = performance.now();
  const { matches } = match(candidates, found, directory, org);
  const cpuBefore = process.cpuUsage();
  const plannedAt = performance.now();
  const plan = planBatch(candidates, matches, { org, directory, generation: 1, now: NOW });
  times.push(performance.now() - plannedAt);
  const { user, system } = process.cpuUsage(cpuBefore);
  cpuMs += (user + system) / 1_000;
  matchMs += plannedAt - matchedAt;
  rows += plan.records.length + plan.events.length;
}

const ms = times.reduce((sum, each) => sum + each, 0);
const median = [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
const fields = Object.values(org.schema.objects['Lead']?.fields ?? {}).length;
console.log(
  JSON.stringify({
    bookings: BOOKINGS,
    ms: Math.round(ms),
    medianUsPerBooking: Math.round((median / BATCH) * 1_000),
    matchMs: Math.round(matchMs),
    cpuMs: Math.round(cpuMs),
    rows,
    leadFields: fields,
    recordedDescribes: org.isRecorded,
  }),
);
if (process.argv.includes('--check') && ms + matchMs > TARGET_MS) {
  console.error(`Expected match and plan of ${BOOKINGS} bookings within ${TARGET_MS} ms.`);
  process.exitCode = 1;
}
