import { normalizeEmail } from '../customer/email';
import { domainOfWebsite } from '../customer/email-domain';
import { phoneDigits } from '../customer/phone';
import { idOf, shortId, textIn } from './found-record';
import type { Found, FoundRecord } from './match-types';
import { fieldOf, type OrgView } from './org-view';
import { MATCHED_SOBJECTS, PHONE_FIELDS, type MatchedSobject } from './record-fields';
import { MAX_RECORDS_OF_ONE } from './records-query';
import { comparableName } from './sought';

/** Signs that a record is found by. */
type Sign = 'email' | 'customerId' | 'bookingId' | 'phone' | 'name' | 'website';

/** What was read, by everything that it is looked up by. Deleted records are known by id only. */
export class RecordIndex {
  readonly #byId = new Map<string, FoundRecord>();
  readonly #bySign = new Map<string, FoundRecord[]>();
  readonly #deletedByBookingId = new Map<string, FoundRecord>();
  readonly #mergedByCustomerId = new Map<string, FoundRecord[]>();
  readonly #events = new Map<string, FoundRecord[]>();
  readonly #invitees = new Map<string, string[]>();
  readonly #cut: ReadonlySet<string>;

  /** @param isOfOne whether the queries were for one booking alone, and so were bounded. */
  constructor(
    found: Found,
    private readonly org: OrgView,
    isOfOne: boolean,
  ) {
    const bookingField = org.names.name('Booking_Id__c');
    for (const event of found.get('Event') ?? []) put(this.#events, textIn(event, bookingField), event);
    for (const relation of found.get('EventRelation') ?? []) this.#addInvitee(relation);
    for (const sobject of MATCHED_SOBJECTS) {
      for (const record of [...(found.get(sobject) ?? []), ...(sobject === 'Contact' ? this.#nested(found) : [])]) {
        const key = keyOf(sobject, shortId(idOf(record)));
        if (this.#byId.has(key)) continue;
        this.#byId.set(key, record);
        this.#addSigns(sobject, record);
      }
    }
    this.#cut = new Set(
      [...found].filter(([, records]) => isOfOne && records.length >= MAX_RECORDS_OF_ONE).map(([sobject]) => sobject),
    );
  }

  /** The live Event of a booking before a deleted one: a key may have been used again. */
  event(externalId: string): FoundRecord | null {
    const events = this.#events.get(externalId) ?? [];
    return events.find((event) => event['IsDeleted'] !== true) ?? events[0] ?? null;
  }

  /** Who is invited to an Event; null when that was not asked and nobody is known. */
  invitees(eventId: string): string[] | null {
    return this.#invitees.get(shortId(eventId)) ?? null;
  }

  /** A record by id, deleted or not; null when it was not read. */
  record(sobject: MatchedSobject, id: string): FoundRecord | null {
    return this.#byId.get(keyOf(sobject, shortId(id))) ?? null;
  }

  /** Whether a record that was asked for by id may be missing only because more were found than were read. */
  isCut(sobject: MatchedSobject): boolean {
    return this.#cut.has(sobject);
  }

  /** Living records with that sign, in the form in which it is compared. */
  living(sobject: MatchedSobject, sign: Sign, value: string): FoundRecord[] {
    return this.#bySign.get(keyOf(sobject, sign, value)) ?? [];
  }

  /** A record that was made for a booking, and deleted since. */
  deletedFor(sobject: MatchedSobject, externalId: string): FoundRecord | null {
    return this.#deletedByBookingId.get(keyOf(sobject, externalId)) ?? null;
  }

  /** Records that carried a customer's id when they were merged into others. */
  merged(sobject: MatchedSobject, customerId: string): FoundRecord[] {
    return this.#mergedByCustomerId.get(keyOf(sobject, customerId)) ?? [];
  }

  #addSigns(sobject: MatchedSobject, record: FoundRecord): void {
    const { names } = this.org;
    const bookingId = textIn(record, names.name('Booking_Id__c'));
    const customerId = textIn(record, names.name('Booking_Customer_Id__c'));
    if (record['IsDeleted'] === true) {
      if (bookingId !== null) this.#deletedByBookingId.set(keyOf(sobject, bookingId), record);
      const wasMerged = customerId !== null && textIn(record, 'MasterRecordId') !== null;
      if (wasMerged) put(this.#mergedByCustomerId, keyOf(sobject, customerId), record);
      return;
    }
    const add = (sign: Sign, value: string | null) =>
      put(this.#bySign, value === null ? null : keyOf(sobject, sign, value), record);
    const name = textIn(record, 'Name');
    const website = textIn(record, 'Website');
    const phones = (PHONE_FIELDS[sobject] ?? []).map((field) => phoneDigits(textIn(record, field) ?? ''));
    add('bookingId', bookingId);
    add('customerId', customerId);
    add('email', emailIn(sobject, record));
    add('name', name === null ? null : comparableName(name));
    add('website', website === null ? null : domainOfWebsite(website));
    for (const phone of new Set(phones)) add('phone', phone === '' ? null : phone);
  }

  #addInvitee(relation: FoundRecord): void {
    // What stands for an Event that was asked for and has none carries the Event's own id.
    const eventId = shortId(textIn(relation, 'EventId') ?? idOf(relation));
    const relationId = textIn(relation, 'RelationId');
    const known = this.#invitees.get(eventId) ?? [];
    this.#invitees.set(eventId, relationId === null ? known : [...known, relationId]);
  }

  /** The Contacts that came with Cases and Opportunities. */
  *#nested(found: Found): Iterable<FoundRecord> {
    for (const sobject of ['Case', 'Opportunity'] as const) {
      const relation = fieldOf(sobject, 'ContactId', this.org)?.relationshipName ?? null;
      if (relation === null) continue;
      for (const record of found.get(sobject) ?? []) {
        const contact = record[relation];
        if (typeof contact === 'object' && contact !== null && 'Id' in contact) yield contact;
      }
    }
  }
}

/** The e-mail of a person's record, as it is compared. */
export function emailIn(sobject: string, record: FoundRecord): string | null {
  return normalizeEmail(textIn(record, sobject === 'Account' ? 'PersonEmail' : 'Email'));
}

function put(map: Map<string, FoundRecord[]>, key: string | null, record: FoundRecord): void {
  if (key === null) return;
  const records = map.get(key);
  if (records === undefined) map.set(key, [record]);
  else records.push(record);
}

function keyOf(...parts: string[]): string {
  return JSON.stringify(parts);
}
