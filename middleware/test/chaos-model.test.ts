import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { drawHistories, arrivalsOf } from '../bench/chaos/histories';
import { compare, subjectOf, type Held } from '../bench/chaos/model/compare';
import { COMPANY_OF_NOBODY } from '../bench/chaos/model/people';
import { TEXTS } from '../bench/chaos/model/texts';
import type { Deeds } from '../bench/chaos/people-in-org';
import { bookingIdsOf, castCustomers, type Booking, type Customer } from '../bench/chaos/roles';
import type { AnsweredRecord } from '../bench/support/org-process';

const ADMIN = '005000000000001AAA';
const NO_DEEDS: Deeds = { converted: new Map(), merged: new Map(), deleted: new Map() };

/** An org as it shall be after everybody's bookings, for customers whom nobody knew and nobody touched. */
function heldOf(customers: Customer[]): Held {
  const leads = customers.map(({ email, bookings }, index) => {
    const person = TEXTS[bookings[0]!.sourceId]!.person(bookings[0]!);
    return {
      ...{ Id: `00Q${index}`, Email: email, Booking_Customer_Id__c: `c-${index}`, IsConverted: false },
      ...{ FirstName: person.FirstName[0], LastName: person.LastName[0], Phone: person.Phone[0] },
      Company: person.Company[0] ?? COMPANY_OF_NOBODY,
    };
  });
  const events = customers.flatMap(({ bookings }, index) => bookings.map((booking) => eventOf(booking, `00Q${index}`)));
  return { events, leads, contacts: [], usersByEmail: new Map(), fallbackOwnerId: ADMIN };
}

function eventOf(booking: Booking, whoId: string): AnsweredRecord {
  return {
    ...TEXTS[booking.sourceId]!.event(booking),
    Subject: subjectOf(TEXTS[booking.sourceId]!.event(booking).Subject, booking.status),
    ...{ IsDeleted: false, WhoId: whoId, WhatId: null, OwnerId: ADMIN, IsAllDayEvent: false },
    ...{ StartDateTime: booking.startsAt, EndDateTime: booking.endsAt, Event_Status__c: booking.status },
    ...{ Cancel_Reschedule_Reason__c: booking.reason, Booking_Source__c: booking.sourceId },
    Booking_Id__c: bookingIdsOf(booking)[0],
  };
}

describe('the model of the chaos test', () => {
  let customers: Customer[];
  const found = (spoil: (held: Held) => void): string[] => {
    const held = heldOf(customers);
    spoil(held);
    return compare(customers, held, new Map(), NO_DEEDS).map(({ kind }) => kind);
  };

  beforeEach(() => {
    customers = castCustomers(drawHistories(300, 3), 3).filter(
      ({ known, fate, plant }) => known === 'nobody' && fate === 'none' && plant === 'none',
    );
  });

  it('finds nothing where all is as it should be', () => {
    expect(customers.length).toBeGreaterThan(100);
    expect(found(() => undefined)).toEqual([]);
  });

  it('finds a booking without an Event', () => {
    expect(found(({ events }) => events.splice(7, 1))).toEqual(['lost']);
  });

  it('finds a booking with two Events, and an Event that nobody booked', () => {
    expect(found(({ events }) => events.push({ ...events[7] }))).toEqual(['doubled']);
    expect(found(({ events }) => events.push({ ...events[7], Booking_Id__c: 'calcom:nobody' }))).toEqual(['doubled']);
  });

  it('takes a deleted Event for none', () => {
    expect(found(({ events }) => void (events[7]!['IsDeleted'] = true))).toEqual(['lost']);
    expect(found(({ events }) => events.push({ ...events[7], IsDeleted: true }))).toEqual([]);
  });

  it.each([
    ...['Subject', 'Location', 'Description', 'StartDateTime', 'EndDateTime', 'Event_Status__c', 'WhoId', 'WhatId'],
    ...['Cancel_Reschedule_Reason__c', 'Meeting_Type__c', 'Campaign__c', 'Booking_Source__c', 'OwnerId'],
  ])('finds another %s', (field) => {
    expect(found(({ events }) => void (events[7]![field] = '2000-01-01T00:00:00.000Z'))).toEqual(['wrong']);
  });

  it('finds a second person of one address, one under another name, a customer id of two people, and none', () => {
    expect(found(({ leads }) => leads.push({ ...leads[5] }))).toContain('doubled');
    expect(found(({ leads }) => void (leads[5]!['LastName'] = 'Other'))).toEqual(['wrong']);
    expect(found(({ leads }) => void (leads[5]!['Booking_Customer_Id__c'] = 'c-6'))).toEqual(['wrong']);
    expect(found(({ leads }) => void (leads[5]!['Booking_Customer_Id__c'] = null))).toEqual(['wrong']);
  });
});

describe('the histories of the chaos test', () => {
  it('are the same for the same seed, and every delivery is sent', () => {
    const [first, second] = [1, 1].map((seed) => drawHistories(300, seed));
    const told = (histories: ReturnType<typeof drawHistories>) =>
      arrivalsOf(histories, 1).map(({ history, place }) => `${history.index}:${place}`);
    expect(told(second!)).toEqual(told(first!));
    expect(first!.map(({ posted }) => posted())).toEqual(second!.map(({ posted }) => posted()));
    const sent = new Set(told(first!));
    expect(sent.size).toBe(first!.reduce((count, { posted }) => count + posted().length, 0));
    expect(told(first!).length).toBeGreaterThan(sent.size);
  });
});

it('the model runs without a line of the connector', () => {
  const model = join(__dirname, '../bench/chaos/model/compare.ts');
  const list = `require(${JSON.stringify(model)}); console.log(Object.keys(require.cache).join('\\n'))`;
  const { stdout } = spawnSync(process.execPath, ['-r', join(__dirname, 'support/ts-hook.cjs'), '-e', list], {
    encoding: 'utf8',
  });
  const loaded = stdout.trim().split('\n');
  expect(loaded).toContain(model);
  expect(loaded.filter((file) => file.startsWith(join(__dirname, '../src')))).toEqual([]);
});
