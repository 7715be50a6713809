import { bookingIdOf, eventFieldsOf, type Appointment, type Scenario, type Visitor } from './kill-scenario';
import type { AnsweredRecord, OrgProcess } from './org-process';

/** What is wrong with what the org holds, by how bad it is. */
export interface Damage {
  /** Bookings without an Event. */
  lost: string[];
  /** Bookings with several Events, people with several records. */
  doubled: string[];
  /** Everything else. */
  wrong: string[];
}

const EVENT_FIELDS = `Id, WhoId, OwnerId, Subject, StartDateTime, EndDateTime, IsDeleted, SystemModstamp, Event_Status__c,
  Cancel_Reschedule_Reason__c, Booking_Id__c, Booking_Source__c, Meeting_Type__c`;
const PERSON_FIELDS = 'Id, FirstName, LastName, Email, Booking_Customer_Id__c, IsDeleted, SystemModstamp';

/** Every record that a round is about, deleted ones too. */
export interface Held {
  events: AnsweredRecord[];
  leads: AnsweredRecord[];
  contacts: AnsweredRecord[];
}

/** Reads what the org holds of a round. */
export async function readHeld(org: OrgProcess, { appointments }: Scenario): Promise<Held> {
  const list = (values: string[]): string => `(${values.map((value) => `'${value}'`).join(', ')})`;
  const keys = list(appointments.map(bookingIdOf));
  const emails = list(visitorsOf(appointments).map(({ email }) => email));
  return {
    events: await org.query(`SELECT ${EVENT_FIELDS} FROM Event WHERE Booking_Id__c IN ${keys} ORDER BY Id`),
    leads: await org.query(`SELECT ${PERSON_FIELDS}, Company FROM Lead WHERE Email IN ${emails} ORDER BY Id`),
    contacts: await org.query(`SELECT ${PERSON_FIELDS} FROM Contact WHERE Email IN ${emails} ORDER BY Id`),
  };
}

/** Compares what the org holds with what it shall hold. Pure. */
export function findDamage({ appointments }: Scenario, held: Held, ownerId: string): Damage {
  const damage: Damage = { lost: [], doubled: [], wrong: [] };
  for (const visitor of visitorsOf(appointments)) checkPerson(visitor, held, damage);
  for (const booking of appointments) checkEvent(booking, held, ownerId, damage);
  return damage;
}

export function visitorsOf(appointments: Appointment[]): Visitor[] {
  return [...new Map(appointments.map(({ visitor }) => [visitor.email, visitor])).values()];
}

function recordsOf({ email }: Visitor, { leads, contacts }: Held): AnsweredRecord[] {
  return [...leads, ...contacts].filter((record) => String(record['Email']).toLowerCase() === email);
}

function checkPerson(visitor: Visitor, held: Held, damage: Damage): void {
  const { email, firstName, lastName, isContact } = visitor;
  const [record, ...others] = recordsOf(visitor, held);
  if (record === undefined) {
    damage.lost.push(`nobody has the address ${email}`);
    return;
  }
  if (others.length > 0) damage.doubled.push(`${others.length + 1} people have the address ${email}`);
  const expected = {
    FirstName: firstName,
    LastName: lastName,
    IsDeleted: false,
    ...(isContact ? {} : { Company: 'Example Offices KK' }),
  };
  damage.wrong.push(...differences(email, record, expected));
  if (held.contacts.includes(record) !== isContact) {
    damage.wrong.push(`${email} is a ${isContact ? 'Lead' : 'Contact'}`);
  }
  if (!/^c-/.test(String(record['Booking_Customer_Id__c']))) damage.wrong.push(`${email} has no customer id`);
}

function checkEvent(booking: Appointment, held: Held, ownerId: string, damage: Damage): void {
  const key = bookingIdOf(booking);
  const [event, ...others] = held.events.filter((record) => record['Booking_Id__c'] === key);
  if (event === undefined) {
    damage.lost.push(`no Event has the id ${key}`);
    return;
  }
  if (others.length > 0) damage.doubled.push(`${others.length + 1} Events have the id ${key}`);
  const [person] = recordsOf(booking.visitor, held);
  const expected = { ...eventFieldsOf(booking), WhoId: person?.['Id'], OwnerId: ownerId };
  damage.wrong.push(...differences(key, event, expected));
  for (const [field, instant] of [
    ['StartDateTime', booking.startsAt],
    ['EndDateTime', booking.endsAt],
  ] as const) {
    const actual = new Date(String(event[field]));
    if (actual.getTime() !== new Date(instant).getTime()) {
      damage.wrong.push(`${key}: expected ${field} ${instant}, got ${String(event[field])}`);
    }
  }
}

function differences(name: string, record: AnsweredRecord, expected: AnsweredRecord): string[] {
  return Object.entries(expected)
    .filter(([field, value]) => record[field] !== value)
    .map(
      ([field, value]) => `${name}: expected ${field} ${JSON.stringify(value)}, got ${JSON.stringify(record[field])}`,
    );
}
