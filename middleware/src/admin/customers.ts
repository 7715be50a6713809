import type { BookingStatus } from '../booking/booking';
import type { BookingCustomer } from '../booking/booking-event';
import { readBookingsOfCustomer, type CustomerBooking } from '../customer/customer-bookings.store';
import { isCustomerOf, readLinks } from '../customer/customer.store';
import type { Actor } from '../security/audit.store';
import { readSources } from '../settings/source.store';
import { customerPageUrl } from '../source/customer-page';
import { readOrgsOfTeam } from '../sync/org.store';
import type { AdminDeps } from './deps';
import { linkedEvent, linkedRecord, type LinkedRecord, type RecordsOrg } from './record-links';
import { NotFoundError } from './refused';

/** How many of a customer's bookings are shown. */
const MOST_BOOKINGS = 200;

/** A booking as whoever looks after the customer sees it. */
export interface BookingOfCustomer {
  id: string;
  sourceId: string;
  status: BookingStatus;
  /** Why it was canceled or moved. */
  reason: string | null;
  startsAt: string | null;
  endsAt: string | null;
  /** IANA name of the zone in which the customer is, or booked. */
  timeZone: string | null;
  subject: string | null;
  page: string | null;
  host: string | null;
  location: string | null;
  /** To take part; null when it is over or canceled, as the next one. */
  joinUrl: string | null;
  /** The customer's own page of the booking: whoever has it can cancel. */
  manageUrl: string | null;
  /** Its Event in the org that is connected now; null: not written there. */
  event: LinkedRecord | null;
}

/** A customer with his bookings, for whoever looks after him. Read only. */
export interface CustomerDetails extends Pick<BookingCustomer, 'name' | 'email' | 'phone' | 'company' | 'timeZone'> {
  id: string;
  /** His record in the org that is connected now; null: none yet. */
  record: LinkedRecord | null;
  /** His page in each scheduling system that has one, the one of his latest booking first. */
  pages: { sourceId: string; url: string }[];
  /** What has not ended, the next one first. */
  upcoming: BookingOfCustomer[];
  /** What has, the latest first. */
  past: BookingOfCustomer[];
  /** Whether there are older bookings that are not among them. */
  hasOlder: boolean;
}

/**
 * A customer by the value of `Booking_Customer_Id__c`.
 * @throws NotFoundError when the team has none of that id.
 */
export async function readCustomer(
  { store, now }: AdminDeps,
  { id }: { id: string },
  { teamId }: Pick<Actor, 'teamId'>,
): Promise<CustomerDetails> {
  if (!(await isCustomerOf(store, { id, teamId }))) throw new NotFoundError('There is no customer of this id.');
  const found = await readBookingsOfCustomer(store, { customerId: id, teamId }, MOST_BOOKINGS + 1);
  const bookings = found.slice(0, MOST_BOOKINGS);
  const latest = latestWordFirst(bookings);
  const [org = null] = await readOrgsOfTeam(store, teamId);
  const link =
    org === null ? undefined : (await readLinks(store, { orgId: org.id, generation: org.generation }, [id])).get(id);
  const templates = await readPageTemplates(store, teamId);
  const isOver = (booking: BookingOfCustomer): boolean => hasEnded(booking, now());
  const told = bookings.map((booking) => toldOf(booking, org, now()));
  return {
    id,
    ...whoHeIs(latest),
    record: org === null || link === undefined ? null : linkedRecord(org, link),
    pages: pagesOf(latest, templates),
    upcoming: told.filter((booking) => !isOver(booking)).reverse(),
    past: told.filter(isOver),
    hasOlder: found.length > MOST_BOOKINGS,
  };
}

/** By when something of them was told last: names and addresses change. */
function latestWordFirst(bookings: readonly CustomerBooking[]): CustomerBooking[] {
  return [...bookings].sort((a, b) => Date.parse(b.state.changedAt) - Date.parse(a.state.changedAt));
}

function whoHeIs(
  bookings: readonly CustomerBooking[],
): Pick<BookingCustomer, 'name' | 'email' | 'phone' | 'company' | 'timeZone'> {
  const newest = (of: (customer: BookingCustomer) => string | null): string | null =>
    bookings.map(({ state }) => (state.customer === null ? null : of(state.customer))).find((one) => one !== null) ??
    null;
  return {
    name: newest(({ name, firstName, lastName }) => name ?? ([firstName, lastName].filter(Boolean).join(' ') || null)),
    email: newest(({ email }) => email),
    phone: newest(({ phone }) => phone),
    company: newest(({ company }) => company),
    timeZone: newest(({ timeZone }) => timeZone),
  };
}

async function readPageTemplates(store: AdminDeps['store'], teamId: string): Promise<ReadonlyMap<string, string>> {
  const sources = await readSources(store, teamId);
  return new Map(sources.flatMap(({ id, customerPage }) => (customerPage === null ? [] : [[id, customerPage]])));
}

/** One page a source, of the newest booking that says who he is there. */
function pagesOf(
  bookings: readonly CustomerBooking[],
  templates: ReadonlyMap<string, string>,
): CustomerDetails['pages'] {
  const pages = new Map<string, string>();
  for (const { sourceId, state } of bookings) {
    const template = templates.get(sourceId);
    if (template === undefined || pages.has(sourceId) || state.customer === null) continue;
    const url = customerPageUrl(template, state.customer);
    if (url !== null) pages.set(sourceId, url);
  }
  return [...pages].map(([sourceId, url]) => ({ sourceId, url }));
}

function toldOf(
  { id, sourceId, state, written }: CustomerBooking,
  org: RecordsOrg | null,
  now: Date,
): BookingOfCustomer {
  const { status, reason, startsAt, endsAt, subject, page, host, location } = state;
  const isAhead = status !== 'Canceled' && !hasEnded(state, now);
  return {
    ...{ id, sourceId, status, reason, startsAt, endsAt, subject },
    timeZone: state.customer?.timeZone ?? state.timeZone,
    page: page?.name ?? page?.id ?? null,
    host: host?.name ?? host?.email ?? null,
    location,
    joinUrl: isAhead ? webAddress(state.joinUrl) : null,
    manageUrl: isAhead ? webAddress(state.manageUrl) : null,
    event: linkedEvent(org, written),
  };
}

/** What has no time has ended when its status says so. An all-day booking lasts until its last day is over, in UTC. */
function hasEnded(
  { status, startsAt, endsAt }: Pick<BookingOfCustomer, 'status' | 'startsAt' | 'endsAt'>,
  now: Date,
): boolean {
  const end = endsAt ?? startsAt;
  if (end === null) return status !== 'Scheduled' && status !== 'Rescheduled';
  return Date.parse(end) + (end.length > 10 ? 0 : DAY_MS) <= now.getTime();
}

const DAY_MS = 86_400_000;

/** What a scheduling system sent may be anything: only web addresses become links. */
function webAddress(url: string | null): string | null {
  if (url === null || !URL.canParse(url)) return null;
  const { protocol, hostname } = new URL(url);
  const isHere = protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(hostname);
  return protocol === 'https:' || isHere ? url : null;
}
