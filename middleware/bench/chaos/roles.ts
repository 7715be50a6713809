import type { Booked, History } from './histories';
import { randomOf, shuffled } from './random';

/** A booking with where it comes from. */
export interface Booking extends Booked {
  sourceId: string;
  history: History;
  /** Its place in the history. */
  place: number;
}

/** How the org knows a customer before he books: not at all, or as one or several records. */
export type Known = 'nobody' | 'contact' | 'lead' | 'contactAndLead' | 'twoContacts';

/** What somebody in the org does to a customer's Lead, or to the Event of his booking, while all this goes on. */
export type Fate = 'none' | 'converted' | 'mergedInto' | 'mergeMaster' | 'eventDeleted';

/** Why a customer's bookings cannot be written before somebody acts. */
export type Plant = 'none' | 'twoContacts' | 'personRule' | 'eventRule';

/** A person who books, by e-mail, with everything that is planned for him. */
export interface Customer {
  /** In lower case. */
  email: string;
  bookings: Booking[];
  known: Known;
  fate: Fate;
  /** Of `mergedInto`: the customer whose Lead stays. */
  master: string | null;
  plant: Plant;
  /** Of a planted cause: it is taken away before the end, and the bookings are tried again. */
  isFixed: boolean;
}

/** Most bookings with a planted cause: the connector lists fifty that wait. */
const MAX_PLANTED = 40;

/** Groups the bookings by customer and decides what happens to whom; each has one part at most. Pure. */
export function castCustomers(histories: History[], seed: number): Customer[] {
  const customers = new Map<string, Customer>();
  for (const history of histories) {
    history.bookings.forEach((booking, place) => {
      const email = booking.customerEmail.toLowerCase();
      const none = { known: 'nobody', fate: 'none', master: null, plant: 'none', isFixed: false } as const;
      const customer = customers.get(email) ?? { email, bookings: [], ...none };
      customers.set(email, customer);
      customer.bookings.push({ ...booking, sourceId: history.sourceId, history, place });
    });
  }
  const all = [...customers.values()];
  const random = randomOf(seed + 2);
  // A shared slot is told of as a whole, too, so whose a body is can depend on what came before.
  const free = shuffled(
    all.filter(({ bookings }) => bookings.every(({ sourceId }) => sourceId !== 'seats')),
    random,
  );
  const take = (share: number, atLeast: number, fits: (customer: Customer) => boolean = () => true): Customer[] => {
    const taken: Customer[] = [];
    const wanted = Math.max(atLeast, Math.round(all.length * share));
    for (let place = 0; place < free.length && taken.length < wanted;) {
      const customer = free[place] as Customer;
      if (fits(customer)) taken.push(...free.splice(place, 1));
      else place += 1;
    }
    return taken;
  };

  let planted = 0;
  for (const plant of ['twoContacts', 'personRule', 'eventRule'] as const) {
    const few = ({ bookings }: Customer): boolean => bookings.length <= 2;
    for (const [place, customer] of take(0.004, 2, few).entries()) {
      if (planted + customer.bookings.length > MAX_PLANTED) break;
      planted += customer.bookings.length;
      Object.assign(customer, { plant, isFixed: place % 2 === 1 });
      if (plant === 'twoContacts') customer.known = 'twoContacts';
    }
  }
  const hasOneKey = ({ bookings }: Customer): boolean => bookings.some(({ keys }) => keys.length === 1);
  for (const customer of take(0.01, 3, hasOneKey)) customer.fate = 'eventDeleted';
  for (const customer of take(0.02, 3)) customer.fate = 'converted';
  const merging = take(0.01, 4);
  for (let place = 0; place + 1 < merging.length; place += 2) {
    const [loser, master] = merging.slice(place, place + 2) as [Customer, Customer];
    Object.assign(loser, { fate: 'mergedInto', master: master.email });
    master.fate = 'mergeMaster';
  }
  for (const customer of take(0.1, 3)) customer.known = 'contact';
  for (const customer of take(0.05, 3)) customer.known = 'lead';
  for (const customer of take(0.02, 2)) customer.known = 'contactAndLead';
  return all;
}

/** The booking whose Event somebody deletes: one that never got another key, so that it has one Event only. */
export function bookingToDelete({ bookings }: Customer): Booking | undefined {
  return bookings.find(({ keys }) => keys.length === 1);
}

/** Values of `Booking_Id__c` that a booking's Event may have: which of its keys came first is a matter of arrival. */
export function bookingIdsOf({ sourceId, keys }: Booking): string[] {
  return keys.map((key) => `${sourceId}:${key}`);
}
