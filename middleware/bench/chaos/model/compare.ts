import type { AnsweredRecord } from '../../support/org-process';
import type { SeededByEmail } from '../org';
import type { Deeds } from '../people-in-org';
import { bookingIdsOf, type Booking, type Customer } from '../roles';
import { expectPerson, ownerOf, type Allowed, type ExpectedPerson } from './people';
import { TEXTS } from './texts';

/** Everything that the org holds of the run. */
export interface Held {
  /** Deleted ones too. */
  events: AnsweredRecord[];
  leads: AnsweredRecord[];
  contacts: AnsweredRecord[];
  usersByEmail: Map<string, string>;
  fallbackOwnerId: string;
}

/** What is not as it should be. */
export interface Finding {
  kind: 'lost' | 'doubled' | 'wrong';
  text: string;
  /** The booking that it is about; null where it is about a person. */
  booking: Booking | null;
  email: string;
}

export const EVENT_FIELDS = [
  ...['Id', 'IsDeleted', 'WhoId', 'WhatId', 'OwnerId', 'Subject', 'Location', 'Description', 'StartDateTime'],
  ...['EndDateTime', 'IsAllDayEvent', 'Event_Status__c', 'Cancel_Reschedule_Reason__c', 'Meeting_Type__c'],
  ...['Campaign__c', 'Booking_Source__c', 'Booking_Id__c'],
];
export const PERSON_FIELDS = ['Id', 'FirstName', 'LastName', 'Email', 'Phone', 'Booking_Customer_Id__c'];

/** Compares what the org holds with what it shall hold, field by field. Pure. */
export function compare(customers: Customer[], held: Held, seeded: SeededByEmail, deeds: Deeds): Finding[] {
  const eventsById = groupBy(held.events, (event) => textOf(event['Booking_Id__c']));
  const leadsByEmail = groupBy(held.leads, (lead) => textOf(lead['Email']).toLowerCase());
  const contactsByEmail = groupBy(held.contacts, (contact) => textOf(contact['Email']).toLowerCase());
  const findings: Finding[] = [];
  const known = new Set<string>();
  for (const customer of customers) {
    const leads = leadsByEmail.get(customer.email) ?? [];
    const contacts = contactsByEmail.get(customer.email) ?? [];
    const person = expectPerson(customer, seeded.get(customer.email), deeds);
    findings.push(...comparePerson(customer, person, leads, contacts));
    for (const booking of customer.bookings) {
      const ids = bookingIdsOf(booking);
      for (const id of ids) known.add(id);
      const events = ids.flatMap((id) => eventsById.get(id) ?? []);
      const problems = compareBooking({ booking, customer, person, events, leads, held, deeds });
      findings.push(...problems.map(([kind, text]) => ({ kind, text, booking, email: customer.email })));
    }
  }
  for (const [id, events] of eventsById) {
    const live = events.filter((event) => event['IsDeleted'] !== true);
    if (known.has(id) || live.length === 0) continue;
    findings.push({ kind: 'doubled', text: `an Event that nobody booked: ${id}`, booking: null, email: '' });
  }
  return [...findings, ...compareKeys([...held.leads, ...held.contacts])];
}

type Problem = [Finding['kind'], string];

/** Whether a booking waits for somebody at the end. */
export function isParked({ plant, isFixed }: Customer): boolean {
  return plant !== 'none' && !isFixed;
}

function compareBooking({
  booking,
  customer,
  person,
  events,
  leads,
  held,
  deeds,
}: {
  booking: Booking;
  customer: Customer;
  person: ExpectedPerson;
  events: AnsweredRecord[];
  leads: AnsweredRecord[];
  held: Held;
  deeds: Deeds;
}): Problem[] {
  const live = events.filter((event) => event['IsDeleted'] !== true);
  const [event, ...others] = live;
  const name = bookingIdsOf(booking).join(' or ');
  if (others.length > 0) return [['doubled', `${live.length} Events have the id ${name}`]];
  if (isParked(customer)) return event === undefined ? [] : [['wrong', `${name} was written although it is refused`]];
  const isDeleted = bookingIdsOf(booking).some((id) => deeds.deleted.has(id));
  if (event === undefined) {
    if (isDeleted) return [];
    return [['lost', `no Event has the id ${name}`]];
  }
  // A deleted Event is made again only when its booking is held again after a cancel.
  if (isDeleted && !booking.history.mayHaveBeenCanceled(booking.place)) {
    return [['wrong', `the Event ${name} was deleted by somebody, and made again`]];
  }
  const texts = TEXTS[booking.sourceId];
  if (texts === undefined) throw new Error(`The model knows no source ${booking.sourceId}`);
  const expected: Record<string, Allowed> = {
    ...Object.fromEntries(Object.entries(texts.event(booking)).map(([field, value]) => [field, [value]])),
    Description: descriptionsOf(texts.event(booking).Description, booking.location),
    Subject: [subjectOf(texts.event(booking).Subject, booking.status)],
    StartDateTime: [booking.startsAt],
    EndDateTime: [booking.endsAt],
    Event_Status__c: [booking.status],
    Cancel_Reschedule_Reason__c: [booking.reason],
    Booking_Source__c: [booking.sourceId],
    WhatId: [null],
    WhoId: person.whoIds ?? leads.map((lead) => textOf(lead['Id'])),
    OwnerId: ownersOf(booking, customer, held, deeds),
  };
  const problems = differences(name, event, expected).map((text): Problem => ['wrong', text]);
  if (event['IsAllDayEvent'] !== false) problems.push(['wrong', `${name} lasts all day`]);
  return problems;
}

/**
 * Who may own the Event of a booking. Who converts a Lead hands his own Events over to the Lead's owner, and here he is
 * the fallback owner; the Lead is owned by the host of whichever booking made it.
 */
function ownersOf(booking: Booking, customer: Customer, held: Held, deeds: Deeds): Allowed {
  const ownerOfOne = ({ host, sourceId }: Booking): string =>
    ownerOf(host.email, TEXTS[sourceId]?.tellsHost === true, held.usersByEmail, held.fallbackOwnerId);
  const owner = ownerOfOne(booking);
  const isHandedOver = owner === held.fallbackOwnerId && deeds.converted.has(customer.email);
  return isHandedOver ? [owner, ...customer.bookings.map(ownerOfOne)] : [owner];
}

/** A booking whose place was changed to a room has no link to join; whether the change told so depends on its kind. */
function descriptionsOf(description: string | null, location: string | null | undefined): Allowed {
  const isRoom = location?.startsWith('Room') === true;
  const withoutLink = description?.split('\n').filter((line) => !line.startsWith('Join: ')) ?? [];
  return isRoom ? [description, withoutLink.join('\n') || null] : [description];
}

/** The default rules tell a canceled booking in its subject. */
export function subjectOf(subject: string | null, status: string): string | null {
  return subject !== null && status === 'Canceled' ? `Canceled: ${subject}` : subject;
}

function comparePerson(
  { email, fate, plant, isFixed }: Customer,
  { records, fields }: ExpectedPerson,
  leads: AnsweredRecord[],
  contacts: AnsweredRecord[],
): Finding[] {
  const about = (kind: Finding['kind'], text: string): Finding => ({ kind, text, booking: null, email });
  const findings: Finding[] = [];
  for (const [what, found, counts] of [
    ['Leads', leads, records.leads],
    ['Contacts', contacts, records.contacts],
  ] as const) {
    if (counts.includes(found.length)) continue;
    const kind = found.length > Math.max(...counts) ? 'doubled' : 'lost';
    findings.push(about(kind, `${found.length} ${what} have the address ${email}, expected ${counts.join(' or ')}`));
  }
  const [record] = records.contacts.includes(0) ? leads : contacts;
  if (record === undefined || (plant !== 'none' && !isFixed)) return findings;
  const texts = differences(email, record, fields);
  // What becomes of it when a Lead is converted or merged away is the org's affair.
  const mustHaveKey = fate !== 'converted' && fate !== 'mergedInto';
  if (mustHaveKey && !/^c-/.test(textOf(record['Booking_Customer_Id__c']))) texts.push(`${email} has no customer id`);
  return [...findings, ...texts.map((text) => about('wrong', text))];
}

/** A customer id stands for one customer: two people never share one. */
function compareKeys(people: AnsweredRecord[]): Finding[] {
  const byKey = groupBy(
    people.filter((record) => record['Booking_Customer_Id__c'] != null),
    (record) => textOf(record['Booking_Customer_Id__c']),
  );
  return [...byKey].flatMap(([key, records]): Finding[] => {
    const emails = new Set(records.map((record) => textOf(record['Email']).toLowerCase()));
    if (emails.size === 1) return [];
    return [{ kind: 'wrong', text: `${[...emails].join(' and ')} share the id ${key}`, booking: null, email: '' }];
  });
}

function differences(name: string, record: AnsweredRecord, expected: Record<string, Allowed>): string[] {
  return Object.entries(expected)
    .filter(([field, allowed]) => !allowed.some((value) => isSame(field, record[field] ?? null, value)))
    .map(([field, allowed]) => {
      const right = [...new Set(allowed)].map((value) => JSON.stringify(value)).join(' or ');
      return `${name}: expected ${field} ${right}, got ${JSON.stringify(record[field])}`;
    });
}

function isSame(field: string, actual: unknown, expected: string | null): boolean {
  // Answers stand in the order in which the system tells them, and its bodies differ in that.
  if (field === 'Description') return sortedLines(actual) === sortedLines(expected);
  if (!field.endsWith('DateTime') || expected === null) return actual === expected;
  return new Date(textOf(actual)).getTime() === new Date(expected).getTime();
}

function sortedLines(value: unknown): string {
  return typeof value === 'string' ? value.split(/\r?\n/).sort().join('\n') : '';
}

function groupBy<T>(items: T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
