/** What a problem that the connector finds by itself, before anything is sent, means in general. */
export interface OwnProblem {
  /** As of a refusal: whether one remedy mends it for all bookings of a page, host or object, or it is this booking's own. */
  class: 'scoped' | 'booking';
  cause: string;
  remedy: string;
}

/**
 * Every reason for which a booking waits for a human without having been refused by Salesforce, by code. What is shown
 * for one booking names its fields and records; these are the general words.
 */
export const OWN_PROBLEMS = {
  REQUIRED_FIELD_MISSING: {
    class: 'scoped',
    cause: 'A field that Salesforce requires gets no value from the booking.',
    remedy:
      'Map the field, give it a fixed value under "required" in the settings, allow placeholders, or make the question required on the booking page. In Salesforce: make the field optional, give it a default value, or require it on the page layout only.',
  },
  VALUE_DOES_NOT_FIT: {
    class: 'booking',
    cause: 'A value of the booking does not fit the type, the length or the picklist of its field.',
    remedy:
      'Correct the booking or the mapping of the field, or choose in the settings what becomes of values that do not fit.',
  },
  AMBIGUOUS_MATCH: {
    class: 'booking',
    cause: 'Several records fit the customer equally well.',
    remedy: 'Merge the records, put the customer’s id into the right one, or choose a rule for such cases.',
  },
  OWNER_MISSING: {
    class: 'scoped',
    cause: 'The host is no active Salesforce user, and no fallback owner is set.',
    remedy: 'Set a fallback owner in the settings, or link the host to an active Salesforce user.',
  },
  PACKAGE_MISSING: {
    class: 'scoped',
    cause: 'The org has no field Booking_Id__c on Event, or the API user may not see it.',
    remedy: 'Install the Salesforce package and give the API user its permission set.',
  },
  RIGHT_MISSING: {
    class: 'scoped',
    cause: 'The API user lacks a right in Salesforce that the settings need.',
    remedy:
      'Run "booking-connector doctor": it names every right that is missing. Give them to the API user by a permission set ("booking-connector permissions" writes one), then try again.',
  },
  RECORD_TYPE_UNAVAILABLE: {
    class: 'scoped',
    cause: 'The record type that the rules name does not exist, is inactive, or is not open to the API user.',
    remedy: 'Make the record type available to the API user, or choose another one in the settings.',
  },
  STATUS_NOT_IN_PICKLIST: {
    class: 'scoped',
    cause: 'The Event is written, but its status is not: the picklist of the field lacks it.',
    remedy: 'Add the value to the picklist Event Status of Activity in Setup, then try again.',
  },
  INTERNAL_ERROR: {
    class: 'booking',
    cause: 'The connector could not plan or send this booking.',
    remedy: 'This is a fault of the connector: report it with its message, then try again after an update.',
  },
} as const satisfies Record<string, OwnProblem>;

/** A code of the connector's own. */
export type OwnProblemCode = keyof typeof OWN_PROBLEMS;
