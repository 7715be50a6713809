import type { AnsweredRecord, OrgProcess } from '../support/org-process';
import { bookingIdsOf, bookingToDelete, type Customer } from './roles';

/** Values in one query. */
const PORTION = 100;

/** What people in the org have done, for the model. */
export interface Deeds {
  /** The Contact that a customer's Lead became, by e-mail. */
  converted: Map<string, string>;
  /** The Lead that a customer's Lead was merged into, by e-mail. */
  merged: Map<string, string>;
  /** The Events that were deleted, by their `Booking_Id__c`. */
  deleted: Map<string, string>;
}

/** People who work in the org while bookings come: they convert and merge Leads and delete Events. */
export class PeopleInOrg {
  readonly deeds: Deeds = { converted: new Map(), merged: new Map(), deleted: new Map() };

  constructor(
    private readonly org: OrgProcess,
    private readonly customers: Customer[],
  ) {}

  /** Does what can be done by now: to Leads and Events that are there. @returns how much is left to do. */
  async work(): Promise<number> {
    const left = this.customers.filter((customer) => !this.#isDone(customer));
    try {
      const leads = await this.#leadsOf(
        left.flatMap(({ email, master }) => (master === null ? [email] : [email, master])),
      );
      const events = await this.#eventsOf(left.filter(({ fate }) => fate === 'eventDeleted').map(bookingIdToDelete));
      for (const customer of left) await this.#workOn(customer, leads, events);
    } catch (error) {
      // The allowance is everybody's: they try again when there is some.
      if (!(error instanceof Error && error.message.includes('REQUEST_LIMIT_EXCEEDED'))) throw error;
    }
    return left.filter((customer) => !this.#isDone(customer)).length;
  }

  #isDone(customer: Customer): boolean {
    const { converted, merged, deleted } = this.deeds;
    switch (customer.fate) {
      case 'converted':
        return converted.has(customer.email);
      case 'mergedInto':
        return merged.has(customer.email);
      case 'eventDeleted':
        return deleted.has(bookingIdToDelete(customer));
      default:
        return true;
    }
  }

  async #workOn(customer: Customer, leads: Map<string, string>, events: Map<string, string>): Promise<void> {
    const { converted, merged, deleted } = this.deeds;
    const leadId = leads.get(customer.email);
    const masterId = leads.get(customer.master ?? '');
    const eventId = events.get(bookingIdToDelete(customer));
    if (customer.fate === 'converted' && leadId !== undefined) {
      const answer = (await this.org.control('POST', '/convert-lead', { leadId })) as { contactId?: string };
      if (answer.contactId === undefined) throw new Error(`Not converted: ${JSON.stringify(answer)}`);
      converted.set(customer.email, answer.contactId);
    }
    if (customer.fate === 'mergedInto' && leadId !== undefined && masterId !== undefined) {
      await this.org.control('POST', '/merge', { masterId, loserIds: [leadId] });
      merged.set(customer.email, masterId);
    }
    if (customer.fate === 'eventDeleted' && eventId !== undefined) {
      if (await this.org.delete('Event', eventId)) deleted.set(bookingIdToDelete(customer), eventId);
    }
  }

  /** Ids of the Leads that are open, by e-mail in lower case. */
  async #leadsOf(emails: string[]): Promise<Map<string, string>> {
    const isOpen = 'IsDeleted = false AND IsConverted = false';
    const leads = await this.#find('Lead', 'Email', emails, isOpen);
    return new Map(leads.map((lead) => [String(lead['Email']).toLowerCase(), String(lead['Id'])]));
  }

  async #eventsOf(bookingIds: string[]): Promise<Map<string, string>> {
    const events = await this.#find('Event', 'Booking_Id__c', bookingIds, 'IsDeleted = false');
    return new Map(events.map((event) => [String(event['Booking_Id__c']), String(event['Id'])]));
  }

  async #find(sobject: string, field: string, values: string[], condition: string): Promise<AnsweredRecord[]> {
    const found: AnsweredRecord[] = [];
    for (let start = 0; start < values.length; start += PORTION) {
      const list = values.slice(start, start + PORTION).map((value) => `'${value}'`);
      const where = `${field} IN (${list.join(', ')}) AND ${condition}`;
      found.push(...(await this.org.query(`SELECT Id, ${field} FROM ${sobject} WHERE ${where}`)));
    }
    return found;
  }
}

function bookingIdToDelete(customer: Customer): string {
  const booking = bookingToDelete(customer);
  return booking === undefined ? '' : (bookingIdsOf(booking)[0] ?? '');
}
