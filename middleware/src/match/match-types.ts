import type { Step } from '../booking/outcome';
import type { CustomerObject, RelatedObject } from '../settings/objects';

/** A record as the REST API answers it, by field name. */
export type FoundRecord = Readonly<Record<string, unknown>>;

/** Everything that was read for a batch, by the API name of the object. An object that was not asked for has no records. */
export type Found = ReadonlyMap<string, readonly FoundRecord[]>;

/** The customer's record as the org has it. */
export interface FoundCustomer {
  kind: 'found';
  object: CustomerObject;
  /** Of a Person Account the Account's id. */
  recordId: string;
  /** What an Event's WhoId takes: of a Person Account its PersonContactId; null for an Opportunity. */
  whoId: string | null;
  /** The Account that the person belongs to, where it is known. */
  accountId: string | null;
  /** Null when the record was named but could not be read. */
  record: FoundRecord | null;
  via: 'link' | 'customerId' | 'storedLink' | 'email' | 'phone' | 'name' | 'duplicateRule' | 'related';
  /** Another record of the object carries the customer's id, which is unique: this one cannot have it. */
  isKeyTaken: boolean;
}

/** Who the booking's customer is in Salesforce. */
export type PersonMatch =
  | FoundCustomer
  | { kind: 'create'; object: CustomerObject }
  | { kind: 'ambiguous'; object: CustomerObject; recordIds: string[]; via: string }
  /** Unknown, and the rules create nobody; or the related record that the link names is enough. */
  | { kind: 'none'; cause: string };

/** The record that the booking is related to. */
export interface RelatedMatch {
  object: RelatedObject;
  recordId: string;
  record: FoundRecord | null;
  /** The booking's link named it, or it was created for this very booking before. */
  via: 'link' | 'bookingId';
}

/** The Account of a Contact that is to be created. */
export type AccountMatch = { kind: 'found'; recordId: string; via: string } | { kind: 'create'; name: string };

/** Which records a booking belongs to, and why. */
export interface Match {
  person: PersonMatch;
  related: RelatedMatch | null;
  /** The Case or Opportunity that was made for this booking was deleted since: it is not made again. */
  isRelatedDeleted: boolean;
  /** Null: the new Contact gets none, or no Contact is created. */
  account: AccountMatch | null;
  /** The booking's Activity Event as the org has it, deleted or not; null when there is none. */
  event: FoundRecord | null;
  /** Id of the user who shall own the Event; null when nobody can. */
  ownerId: string | null;
  /** Contacts, Leads and users who are guests: ids that an invitee can have. */
  guestIds: string[];
  /** Ids that are invitees of the Event already. */
  invitedIds: string[];
  steps: Step[];
}

/**
 * What a match needs to know before it can be made: records by id, to be read in a further call. Of `EventRelation`
 * the ids are those of Events.
 */
export interface FollowUp {
  sobject: string;
  ids: string[];
}

/** What came of matching a batch. */
export interface Matches {
  /** By booking id. A booking that waits for a follow-up is not in it: what is not known yet is never "nobody". */
  matches: Map<string, Match>;
  /** What is still to be read; empty when every booking is matched. */
  followUps: FollowUp[];
}

/** Users and queues by the comparable form of their names: an id, or null when there is none. */
export interface Directory {
  /** By e-mail, by username and by id. Active Standard users only. */
  users: ReadonlyMap<string, string | null>;
  /** By developer name in lower case. */
  queues: ReadonlyMap<string, string | null>;
}
