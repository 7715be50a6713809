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
    }
  | {
      state: 'parked';
      /** Salesforce's errorCode, or one of our own in the same form. */
      code: string;
      /** For the admin: what is wrong, what to do. May quote values: never logged. */
      cause: string;
      remedy: string;
      sobject: string | null;
      fields: string[];
    }
  | { state: 'notWanted'; cause: string };

export type Parts = Partial<Record<Part, PartOutcome>>;

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
  status: string;
  /** Somebody changed the Event or its person since: the org is read before the next write. */
  isStale?: true;
  /** Field values as last written, by API name. */
  fields: Record<string, FieldValue>;
}

/** A value as the REST API takes it in JSON. */
export type FieldValue = string | number | boolean | null;

/** One line of the decision log: what was looked at or decided, and what came of it. */
export interface Step {
  step: string;
  outcome: string;
}
