import type { OrgProcess } from '../support/org-process';
import { bookingIdsOf, type Customer } from './roles';

/** Records that the org has before anything is delivered, by customer: what the connector must find. */
export interface Seeded {
  contactIds: string[];
  leadIds: string[];
}

export type SeededByEmail = Map<string, Seeded>;

export const SEEDED_FIRST_NAME = 'Known';
export const SEEDED_LAST_NAME = 'Before';
export const SEEDED_COMPANY = 'Known Company';

/** Creates the people whom the org knows, and the rules that refuse what is planted to be refused. */
export async function prepareOrg(org: OrgProcess, customers: Customer[]): Promise<SeededByEmail> {
  await org.control('POST', '/settings', { dailyApiRequests: 10_000_000 });
  await setRules(org, customers);
  const seeded: SeededByEmail = new Map();
  for (const { email, known } of customers) {
    const person = { FirstName: SEEDED_FIRST_NAME, LastName: SEEDED_LAST_NAME, Email: email };
    const contacts = { nobody: 0, lead: 0, contact: 1, contactAndLead: 1, twoContacts: 2 }[known];
    const leads = known === 'lead' || known === 'contactAndLead' ? 1 : 0;
    const made: Seeded = { contactIds: [], leadIds: [] };
    for (let count = 0; count < contacts; count += 1) made.contactIds.push(await org.create('Contact', person));
    for (let count = 0; count < leads; count += 1) {
      made.leadIds.push(await org.create('Lead', { ...person, Company: SEEDED_COMPANY }));
    }
    if (contacts + leads > 0) seeded.set(email, made);
  }
  return seeded;
}

/** The org's validation rules: one for each value that is refused. */
export async function setRules(org: OrgProcess, customers: Customer[]): Promise<void> {
  const rules = customers.flatMap(({ plant, bookings }) => {
    const spellings = new Set(bookings.map(({ customerEmail }) => customerEmail));
    if (plant === 'personRule') return [...spellings].map((value) => ({ sobject: 'Lead', field: 'Email', value }));
    if (plant !== 'eventRule') return [];
    return bookings.flatMap(bookingIdsOf).map((value) => ({ sobject: 'Event', field: 'Booking_Id__c', value }));
  });
  await org.control('POST', '/settings', {
    validationRules: rules.map((rule) => ({ ...rule, refuses: 'equal', message: 'Refused on purpose' })),
  });
}

/** Takes away the planted causes of some customers, as an admin of the org would. */
export async function fixPlants(org: OrgProcess, customers: Customer[], seeded: SeededByEmail): Promise<void> {
  for (const { email, plant, isFixed } of customers) {
    const [masterId, ...loserIds] = seeded.get(email)?.contactIds ?? [];
    if (isFixed && plant === 'twoContacts') await org.control('POST', '/merge', { masterId, loserIds });
  }
  await setRules(
    org,
    customers.filter(({ isFixed }) => !isFixed),
  );
}
