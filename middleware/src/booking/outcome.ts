/** The parts of a booking in Salesforce. Each has an outcome of its own: one refused part costs the others nothing. */
export const PARTS = ['person', 'related', 'event', 'relations'] as const;
export type Part = (typeof PARTS)[number];

/** What became of one part. */
export type PartOutcome =
  | { state: 'written'; sobject: string; recordId: string }
  | {
      state: 'waiting';
      cause: string;
      /** Whether the loop tries again by itself; otherwise something else has to happen first. */
      isRetried: boolean;
      /** How often in a row Salesforce was read again because it was not as believed. */
      looks?: number;
    }
  | {
      state: 'parked';
      /**
       * `scoped`: a field, record type, picklist, right or owner is at fault, and one remedy mends it for every booking
       * that it strikes. `booking`: it is this booking's own.
       */
      class: 'scoped' | 'booking';
      /** Salesforce's errorCode, or one of our own in the same form. */
      code: string;
      /** For the admin: what is wrong, what to do. May quote values: never logged. */
      cause: string;
      remedy: string;
      sobject: string | null;
      fields: string[];
      /** Of a scoped one: the org's schema under which it was parked. Another schema may have mended it. */
      schemaStamp?: string | null;
    }
  | { state: 'notWanted'; cause: string };

export type Parts = Partial<Record<Part, PartOutcome>>;

/** Whether a part waits for something that lies in the org, and may concern other bookings as well. */
export function isScoped(outcome: PartOutcome): outcome is PartOutcome & { state: 'parked'; class: 'scoped' } {
  return outcome.state === 'parked' && outcome.class === 'scoped';
}

/** What we believe Salesforce holds of a booking, since our last write or read. */
export interface Written {
  /** Of the connection it was written through: another generation makes it void. */
  generation: number;
  eventId: string;
  whoId: string | null;
  whatId: string | null;
  ownerId: string;
  /** The person record behind `whoId`. */
  person: { sobject: string; recordId: string } | null;
  /** Comparable form of the host at the last write: while it stays, the org's owner stays. */
  host: string | null;
  /** A write of ours that changes the owner was sent, and nobody knows yet whether it was done. */
  isOwnerInDoubt?: true;
  status: string;
  /** The org is read before the next write: somebody changed the Event or its person, or something is outstanding. */
  isStale?: true;
  /** The owner that we gave it is to be chosen anew, as the host's user came or went; one whom somebody else gave it stays. */
  isOwnerStale?: true;
  /** The person record carries the customer's id. */
  holdsKey?: true;
  /** The Case or Opportunity of the booking, where it has one. */
  related?: { sobject: string; recordId: string } | null;
  /** The campaign that its person was added to. */
  campaignId?: string | null;
  /** Guests who were invited, as normalised e-mails. */
  guests?: string[];
  /** Salesforce refused to delete the Event: it is kept with its status instead. */
  cannotDelete?: true;
  /** Field values as last written, by API name. */
  fields: Record<string, FieldValue>;
}

/** A value as the REST API takes it in JSON. */
export type FieldValue = string | number | boolean | null;

/** One line of the decision log: what was looked at or decided, and what came of it. */
export interface Step {
  step: string;
  outcome: string;
  /** Where a field is written: what the record holds now (null for a new record), and what it will hold. */
  before?: unknown;
  after?: FieldValue;
}
