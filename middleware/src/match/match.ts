import type { Step } from '../booking/outcome';
import { normalizeEmail } from '../customer/email';
import type { RecordLink } from '../customer/customer.store';
import { RELATED_OBJECTS, type PersonObject } from '../settings/settings';
import type { Candidate } from './candidate';
import { hostOf, SANDBOX_SUFFIX, type OrgView } from './queries';

/** A record as the REST API answers it, by field name. */
export type FoundRecord = Readonly<Record<string, unknown>>;

/** Everything that was read for a batch, by object. An object that was not asked for has no records. */
export type Found = ReadonlyMap<string, readonly FoundRecord[]>;

/** Who the booking's person is in Salesforce. */
export type PersonMatch =
  | {
      kind: 'found';
      sobject: PersonObject;
      recordId: string;
      record: FoundRecord | null;
      via: string;
      /** Another record of the object carries the customer's id, which is unique: this one cannot have it. */
      isKeyTaken: boolean;
    }
  | { kind: 'create'; sobject: PersonObject }
  | { kind: 'ambiguous'; sobject: PersonObject; recordIds: string[]; via: string };

/** Which records a booking belongs to, and why. */
export interface Match {
  person: PersonMatch;
  /** From the booking's link: an Account, Opportunity or Case. */
  related: RecordLink | null;
  /** The booking's Activity Event as the org has it, deleted or not; null when there is none. */
  event: FoundRecord | null;
  /** Id of the user who shall own the Event; null when nobody can. */
  ownerId: string | null;
  steps: Step[];
}

/** Known users by the comparable form of their e-mail or username: an id, or null when there is none. */
export type Users = ReadonlyMap<string, string | null>;

/**
 * Finds the records that each candidate belongs to: record id from the link, external customer id, our stored link,
 * e-mail, else a new record. Pure; every step is recorded.
 *
 * @param found what the queries of `queriesFor` gave: an empty list is "nobody found"; "could not look" never gets here.
 * @param users hosts and fallback owners, see {@link usersIn}.
 */
export function match(candidates: Candidate[], found: Found, users: Users, org: OrgView): Map<string, Match> {
  const index = new RecordIndex(found, org);
  return new Map(candidates.map((candidate) => [candidate.booking.id, matchOne(candidate, index, users)]));
}

function matchOne(candidate: Candidate, index: RecordIndex, users: Users): Match {
  const steps: Step[] = [];
  const event = index.event(candidate.externalId);
  steps.push({
    step: `Event by booking id ${candidate.externalId}`,
    outcome: event === null ? 'none' : describeEvent(event),
  });
  const person = matchPerson(candidate, index, steps);
  const related = relatedRecord(candidate, index, steps);
  const ownerId = matchOwner(candidate, users, steps);
  return { person, related, event, ownerId, steps };
}

function describeEvent(event: FoundRecord): string {
  return event['IsDeleted'] === true ? `${idOf(event)}, deleted` : idOf(event);
}

function matchPerson(candidate: Candidate, index: RecordIndex, steps: Step[]): PersonMatch {
  const { rules } = candidate.settings.settings;
  const email = normalizeEmail(candidate.booking.state.customer?.email ?? null);
  const searches: { step: string; via: string; of: (sobject: PersonObject) => FoundRecord[] }[] = [
    { step: 'record id from the booking link', via: 'link', of: (sobject) => index.byHint(sobject, candidate, email) },
    {
      step: `external customer id ${candidate.customerId}`,
      via: 'customerId',
      of: (sobject) => index.byCustomerId(sobject, candidate.customerId),
    },
    {
      step: 'the record this customer was linked to before',
      via: 'storedLink',
      of: (sobject) => index.byLink(sobject, candidate.link),
    },
    { step: 'e-mail', via: 'email', of: (sobject) => (email === null ? [] : index.byEmail(sobject, email)) },
  ];
  for (const { step, via, of } of searches) {
    for (const sobject of rules.searchOrder) {
      const records = of(sobject).map((record) => index.afterConversion(sobject, record));
      const [first, ...others] = distinct(records);
      if (first === undefined) continue;
      if (others.length === 0 || rules.ambiguous === 'mostRecentlyModified') {
        const chosen = others.reduce(laterOf, first);
        steps.push({
          step: `${sobject} by ${step}`,
          outcome: others.length === 0 ? chosen.recordId : `${chosen.recordId}, changed last of ${records.length}`,
        });
        const isKeyTaken = index
          .byCustomerId(chosen.sobject, candidate.customerId)
          .some((record) => idOf(record) !== chosen.recordId);
        return { kind: 'found', ...chosen, via, isKeyTaken };
      }
      const recordIds = [first, ...others].map(({ recordId }) => recordId).sort();
      steps.push({ step: `${sobject} by ${step}`, outcome: `${recordIds.length} records equally good` });
      return { kind: 'ambiguous', sobject, recordIds, via };
    }
    steps.push({ step: `${rules.searchOrder.join(', ')} by ${step}`, outcome: 'none' });
  }
  steps.push({ step: 'unknown customer', outcome: `a new ${rules.unknownCustomer}` });
  return { kind: 'create', sobject: rules.unknownCustomer };
}

interface PersonRecord {
  sobject: PersonObject;
  recordId: string;
  record: FoundRecord | null;
}

function distinct(records: PersonRecord[]): PersonRecord[] {
  return [...new Map(records.map((record) => [record.recordId, record])).values()];
}

function laterOf(a: PersonRecord, b: PersonRecord): PersonRecord {
  return modifiedAt(b) > modifiedAt(a) ? b : a;
}

function modifiedAt({ record }: PersonRecord): string {
  return textOf(record?.['LastModifiedDate']) ?? '';
}

function relatedRecord({ booking }: Candidate, index: RecordIndex, steps: Step[]): RecordLink | null {
  const { recordId } = booking.state;
  if (recordId === null) return null;
  const related = index.related(recordId);
  if (related !== null)
    steps.push({ step: 'related record from the booking link', outcome: `${related.sobject} ${related.recordId}` });
  return related;
}

function matchOwner(candidate: Candidate, users: Users, steps: Step[]): string | null {
  const host = hostOf(candidate);
  const hostId = host === null ? null : (users.get(host) ?? null);
  if (hostId !== null) {
    steps.push({ step: 'owner: the host as an active user', outcome: hostId });
    return hostId;
  }
  steps.push({
    step: 'owner: the host as an active user',
    outcome: host === null ? 'the source names no host' : 'none',
  });
  const { fallbackOwner } = candidate.settings.settings.rules;
  if (fallbackOwner === null) return null;
  const fallbackId = users.get(fallbackOwner.toLowerCase()) ?? null;
  steps.push({ step: 'owner: the fallback owner', outcome: fallbackId ?? 'no active user of that name' });
  return fallbackId;
}

/**
 * The active users among what was read, by e-mail and by username. Two users with one e-mail are ambiguous unless one
 * has it as username; then the name leads to nobody.
 *
 * @param asked names that were looked for: those without a user are remembered as such.
 */
export function usersIn(found: Found, asked: string[]): Map<string, string | null> {
  const records = found.get('User') ?? [];
  const users = new Map<string, string | null>();
  for (const name of asked) {
    const byUsername = records.filter((user) => sameText(user['Username'], name));
    const byEmail = records.filter(
      (user) => sameText(user['Email'], name) || sameText(user['Email'], `${name}${SANDBOX_SUFFIX}`),
    );
    const [user] = byUsername.length > 0 ? byUsername : byEmail.length === 1 ? byEmail : [];
    users.set(name, user === undefined ? null : idOf(user));
  }
  return users;
}

function sameText(value: unknown, text: string): boolean {
  return typeof value === 'string' && value.toLowerCase() === text;
}

/** What was read, by everything that it is looked up by. */
class RecordIndex {
  readonly #byId = new Map<string, { sobject: string; record: FoundRecord }>();
  readonly #byKey = new Map<string, FoundRecord[]>();

  constructor(
    found: Found,
    private readonly org: OrgView,
  ) {
    const customerField = org.names.name('Booking_Customer_Id__c');
    const bookingField = org.names.name('Booking_Id__c');
    for (const [sobject, records] of found) {
      for (const record of records) {
        this.#byId.set(shortId(idOf(record)), { sobject, record });
        this.#add(sobject, 'booking', textOf(record[bookingField]), record);
        this.#add(sobject, 'customer', textOf(record[customerField]), record);
        this.#add(sobject, 'email', normalizeEmail(textOf(record['Email'])), record);
      }
    }
  }

  /** The live Event of a booking before a deleted one: a key may have been used again. */
  event(externalId: string): FoundRecord | null {
    const events = this.#of('Event', 'booking', externalId);
    return events.find((event) => event['IsDeleted'] !== true) ?? events[0] ?? null;
  }

  /** A link is a hint that any visitor can edit: it counts only when the record does not contradict the e-mail given. */
  byHint(sobject: PersonObject, { booking }: Candidate, email: string | null): FoundRecord[] {
    if (booking.state.recordId === null) return [];
    const record = this.#record(sobject, booking.state.recordId);
    if (record === null) return [];
    const itsEmail = normalizeEmail(textOf(record['Email']));
    return itsEmail === null || email === null || itsEmail === email ? [record] : [];
  }

  byCustomerId(sobject: PersonObject, customerId: string): FoundRecord[] {
    return this.#of(sobject, 'customer', customerId);
  }

  byLink(sobject: PersonObject, link: RecordLink | null): FoundRecord[] {
    const record = link?.sobject === sobject ? this.#record(sobject, link.recordId) : null;
    return record === null ? [] : [record];
  }

  /** A converted Lead is found by what names it; by its e-mail the Contact it became is found. */
  byEmail(sobject: PersonObject, email: string): FoundRecord[] {
    return this.#of(sobject, 'email', email).filter((record) => record['IsConverted'] !== true);
  }

  related(recordId: string): RecordLink | null {
    const found = this.#byId.get(shortId(recordId));
    // Users and Events are read as well, and a link may name them.
    if (found === undefined || !RELATED_OBJECTS.some((sobject) => sobject === found.sobject)) return null;
    return { sobject: found.sobject, recordId: idOf(found.record) };
  }

  /** A Lead that was converted goes on as its Contact. */
  afterConversion(sobject: PersonObject, record: FoundRecord): PersonRecord {
    const contactId = record['IsConverted'] === true ? textOf(record['ConvertedContactId']) : null;
    if (contactId === null) return { sobject, recordId: idOf(record), record };
    return { sobject: 'Contact', recordId: contactId, record: this.#record('Contact', contactId) };
  }

  #record(sobject: string, id: string): FoundRecord | null {
    const found = this.#byId.get(shortId(id));
    return found?.sobject === sobject ? found.record : null;
  }

  #add(sobject: string, kind: string, value: string | null, record: FoundRecord): void {
    if (value === null) return;
    const key = JSON.stringify([sobject, kind, value]);
    const records = this.#byKey.get(key);
    if (records === undefined) this.#byKey.set(key, [record]);
    else records.push(record);
  }

  #of(sobject: string, kind: string, value: string): FoundRecord[] {
    return this.#byKey.get(JSON.stringify([sobject, kind, value])) ?? [];
  }
}

/** The case-sensitive 15 characters of an id: links carry both forms. */
function shortId(id: string): string {
  return id.slice(0, 15);
}

/** @throws TypeError when a record came without its id: then the query was wrong. */
export function idOf(record: FoundRecord): string {
  const id = record['Id'];
  if (typeof id !== 'string') throw new TypeError('Expected a record with an Id, got one without.');
  return id;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
