/**
 * What the caller does next with a refusal.
 *
 * - `retrySoon`: nothing is wrong with what was sent; the same again after seconds.
 * - `retryLater`: the org's daily allowance or login rate is spent; the same again after many minutes.
 * - `signIn`: the session has ended; sign in once, then the same again.
 * - `orgWide`: nothing will work in this org until an admin acts; the lane pauses and says so once.
 * - `scoped`: a field, record type, picklist, right or owner is at fault; the rows it touches wait under one problem.
 * - `booking`: this row's own values are at fault; it waits alone.
 * - `lookAgain`: the org is not as believed; drop cached ids, read again, plan again, at most twice a turn.
 * - `tooMuch`: the org could not bear so many rows at once; halve the batch.
 */
export type ErrorClass =
  'retrySoon' | 'retryLater' | 'signIn' | 'orgWide' | 'scoped' | 'booking' | 'lookAgain' | 'tooMuch';

/** What a refusal means. `cause` and `remedy` are whole sentences for an admin and never hold a value of a record. */
export interface Classification {
  class: ErrorClass;
  cause: string;
  remedy: string;
}

/** A refusal as Salesforce words it. `status` is the HTTP status of the answer that carried it, where that is known. */
export interface ErrorToClassify {
  code: string;
  message: string;
  status?: number;
}

/** A code may mean several things: the first line whose `when` fits the message counts, one without `when` fits all. */
type Line = Classification & ({ when?: never; says?: never } | { when: RegExp; says: string });

/** One line of the table as the page of errors shows it. `says`: what the message tells, where that decides. */
export interface ErrorLine extends Classification {
  code: string;
  says: string | null;
}

/** Codes of our own, for refusals to which Salesforce gave none. */
export const OWN_CODES = {
  /** The answer did not come in time; what was sent may have been done. */
  timeout: 'TIMEOUT',
  /** The connection was refused, cut or never made; what was sent may have been done. */
  connectionLost: 'CONNECTION_LOST',
  /** The answer was a web page or empty, as gateways and maintenance give. */
  notJson: 'NOT_JSON',
  /** The answer has no result for a row that was sent; the row may have been written. */
  rowMissing: 'NO_RESULT_FOR_ROW',
  /** Several records carry the key of an upsert (HTTP 300). */
  multipleChoices: 'MULTIPLE_CHOICES',
  /** A refused row came without any error. */
  noErrorGiven: 'NO_ERROR_GIVEN',
  /** The org shows no field of the package on Event. */
  packageMissing: 'PACKAGE_MISSING',
} as const;

const BUSY: Classification = {
  class: 'retrySoon',
  cause: 'Salesforce was briefly unable to answer.',
  remedy: 'Nothing to do: the connector tries again by itself.',
};

const OUR_MISTAKE: Classification = {
  class: 'booking',
  cause: 'Salesforce could not read what the connector sent.',
  remedy: 'Try again; if it stays, report the problem with its error code.',
};

const BYSTANDER: Classification = {
  class: 'retrySoon',
  cause: 'The record was fine, but Salesforce rolled it back together with another one that was refused.',
  remedy: 'Nothing to do: the connector sends it again without the other one.',
};

const LIMIT_IN_AUTOMATION: Line = {
  when: /System\.LimitException|LimitException|Too many (?:SOQL|DML|query)|CPU time limit|governor limit/i,
  says: 'names a limit of Apex or flows',
  class: 'tooMuch',
  cause: 'The automation of the org (Apex or a flow) used up its limits on so many records at once.',
  remedy: 'The connector sends smaller batches by itself; lighter automation on the object lets them grow again.',
};

const LOCKED: Classification = {
  class: 'tooMuch',
  cause: 'Another user or process was changing the same record or its account.',
  remedy: 'Nothing to do: the connector tries again with smaller batches.',
};

const LOCKED_IN_TEXT: Line = {
  when: /UNABLE_TO_LOCK_ROW|unable to obtain exclusive access/i,
  says: 'names a lock on a record',
  ...LOCKED,
};

const AUTOMATION_REFUSED: Classification = {
  class: 'booking',
  cause: 'An Apex trigger or a flow of the org refused the record.',
  remedy: 'Read the message of the trigger or flow, then change it or the values mapped to the record, and try again.',
};

const PACKAGE_FIELD_MISSING: Classification = {
  class: 'orgWide',
  cause: 'A field of the Booking Connector package on Event is missing, or the API user may not see it.',
  remedy: 'Check that the package is installed and that the API user has its permission set.',
};

const FIELD_MISSING: Classification = {
  class: 'scoped',
  cause: 'A mapped field does not exist any more, or the API user may not see it.',
  remedy: 'Give the API user access to the field, or change the mapping.',
};

const RECORD_GONE: Classification = {
  class: 'lookAgain',
  cause: 'The record was deleted, merged or moved since the connector last saw it.',
  remedy: 'Nothing to do at first: the connector looks for the record again.',
};

const OWNER_REFUSED: Classification = {
  class: 'scoped',
  cause: 'The chosen owner is inactive or of a kind that may not own this record.',
  remedy: 'Link the host to an active standard user, or change the fallback owner.',
};

const NO_RIGHT: Classification = {
  class: 'scoped',
  cause: 'The API user lacks the right to do this on the object, the record or a record it points to.',
  remedy: 'Run the permission check; then give the API user the right it names, or open the sharing of the record.',
};

const VALUE_REFUSED: Classification = {
  class: 'booking',
  cause: 'A value of this booking does not fit its field.',
  remedy: 'Change the mapping of the field or correct the booking, and try again.',
};

const REFUSED_WITHOUT_REASON: Classification = {
  class: 'booking',
  cause: 'Salesforce refused the record and did not say why.',
  remedy: 'Try again; if it stays, look at the automation of the object in the org.',
};

const AMBIGUOUS_KEY: Classification = {
  class: 'booking',
  cause: 'Several records carry the same external id, so Salesforce cannot tell which one is meant.',
  remedy: 'Remove the external id from all but one of the records, and try again.',
};

const API_OFF: Classification = {
  class: 'orgWide',
  cause: 'The API is switched off for the org or for the API user.',
  remedy: 'Check that the edition has API access and that the API user has the permission API Enabled.',
};

const SESSION_NOT_FOR_API: Classification = {
  class: 'orgWide',
  cause: 'The org accepts the sign-in, but not for the API.',
  remedy:
    'Check that the app has the scope "api", that API Access Control allows it, and that the user is no portal user.',
};

/** Our own external ids: a duplicate of one of them means that the record has been written before. */
const OUR_KEY = String.raw`(?:\w{1,15}__)?Booking_(?:Customer_)?Id__c`;

/**
 * The one table of refusals, by error code. Codes and texts are those of the REST API's documentation and of answers
 * recorded from orgs; the HTTP status is not used where a code is known, because the same code comes with several.
 *
 * @see https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_concepts_core_data_objects.htm
 * @see https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm
 */
const TABLE: Readonly<Record<string, Line | readonly Line[]>> = {
  // Session, allowance, org
  INVALID_SESSION_ID: [
    {
      when: /not valid for use with the REST API/i,
      says: 'says "not valid for use with the REST API"',
      ...SESSION_NOT_FOR_API,
    },
    {
      class: 'signIn',
      cause: 'The session with Salesforce has ended.',
      remedy: 'Nothing to do: the connector signs in again.',
    },
  ],
  REQUEST_LIMIT_EXCEEDED: [
    {
      when: /Concurrent/i,
      says: 'names concurrent requests',
      class: 'retrySoon',
      cause: 'Too many long requests were running in the org at the same moment.',
      remedy: 'Nothing to do: the connector tries again shortly.',
    },
    {
      class: 'retryLater',
      cause: 'The org has used up its API calls of the last 24 hours.',
      remedy:
        'Wait for the allowance to free up, lower the use of other integrations, or buy more calls. No booking is lost meanwhile.',
    },
  ],
  API_DISABLED_FOR_ORG: API_OFF,
  API_CURRENTLY_DISABLED: API_OFF,
  ORG_LOCKED: {
    class: 'orgWide',
    cause: 'Salesforce has locked the org.',
    remedy: 'Ask Salesforce support to unlock it.',
  },
  STORAGE_LIMIT_EXCEEDED: {
    class: 'orgWide',
    cause: 'The data storage of the org is full.',
    remedy: 'Delete records or buy storage; the connector then goes on by itself.',
  },
  // A policy may strike some records only; where it refuses a whole call, the lane pauses all the same.
  TXN_SECURITY_NO_ACCESS: {
    class: 'scoped',
    cause: 'A transaction security policy of the org blocked the request.',
    remedy: 'Exempt the API user from the policy, or change the policy.',
  },
  [OWN_CODES.packageMissing]: PACKAGE_FIELD_MISSING,
  UNSUPPORTED_API_VERSION: {
    class: 'orgWide',
    cause: 'The org does not offer the API version that the connector uses.',
    remedy: 'Update the connector, or wait until the org has received the release.',
  },
  ERROR_HTTP_420: {
    class: 'orgWide',
    cause: 'The org does not exist any more, as happens to scratch and trial orgs that have expired.',
    remedy: 'Connect the team to another org.',
  },
  SERVER_UNAVAILABLE: BUSY,
  UNKNOWN_EXCEPTION: [LIMIT_IN_AUTOMATION, LOCKED_IN_TEXT, BUSY],
  FUNCTIONALITY_TEMPORARILY_UNAVAILABLE: BUSY,
  INVALID_QUERY_LOCATOR: BUSY,
  [OWN_CODES.connectionLost]: {
    class: 'retrySoon',
    cause: 'The connection to Salesforce was lost or could not be made.',
    remedy: 'Check the network if it stays; the connector tries again by itself.',
  },
  [OWN_CODES.notJson]: {
    class: 'retrySoon',
    cause: 'Something between the connector and Salesforce answered with a web page instead of data.',
    remedy: 'Check maintenance windows and the proxy if it stays; the connector tries again by itself.',
  },
  [OWN_CODES.timeout]: {
    class: 'tooMuch',
    cause: 'Salesforce took too long to answer.',
    remedy: 'Nothing to do: the connector tries again with smaller batches.',
  },

  // Too much at once
  UNABLE_TO_LOCK_ROW: LOCKED,
  QUERY_TIMEOUT: {
    class: 'tooMuch',
    cause: 'A search in Salesforce took too long.',
    remedy: 'The connector asks for less at once by itself.',
  },
  APEX_ERROR: [LIMIT_IN_AUTOMATION, LOCKED_IN_TEXT, AUTOMATION_REFUSED],
  CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY: [LIMIT_IN_AUTOMATION, LOCKED_IN_TEXT, AUTOMATION_REFUSED],
  CANNOT_EXECUTE_FLOW_TRIGGER: [LIMIT_IN_AUTOMATION, LOCKED_IN_TEXT, AUTOMATION_REFUSED],

  // Look again
  ENTITY_IS_DELETED: RECORD_GONE,
  INVALID_CROSS_REFERENCE_KEY: [
    {
      when: /Record Type ID/i,
      says: 'is about the record type',
      class: 'scoped',
      cause: 'The chosen record type is not available to the API user.',
      remedy: 'Assign the record type to the API user, or choose another one for the page.',
    },
    RECORD_GONE,
  ],
  CANNOT_UPDATE_CONVERTED_LEAD: {
    class: 'lookAgain',
    cause: 'The Lead has been converted.',
    remedy: 'Nothing to do: the connector goes on with the Contact that came of it.',
  },
  NOT_FOUND: [{ when: /external ID field/i, says: 'is about an external id field', ...FIELD_MISSING }, RECORD_GONE],
  DUPLICATES_DETECTED: {
    class: 'lookAgain',
    cause: 'A duplicate rule of the org found a record that looks like the new one.',
    remedy: 'Choose in the rules what happens then: use the found record, wait for a human, or save all the same.',
  },
  DUPLICATE_VALUE: [
    {
      when: /Duplicate external id specified/i,
      says: 'says "Duplicate external id specified"',
      class: 'booking',
      cause: 'Two rows of one request carried the same external id.',
      remedy: 'Nothing to do: the connector sends them one by one.',
    },
    {
      when: new RegExp(`duplicate value found: (?:${OUR_KEY}|<unknown>)`, 'i'),
      says: 'names an external id of the package, or no field',
      class: 'lookAgain',
      cause: 'A record with this external id is there already.',
      remedy: 'Nothing to do at first: the connector looks for the record again.',
    },
    {
      when: /already a campaign member/i,
      says: 'says "Already a campaign member"',
      class: 'lookAgain',
      cause: 'The person is a member of the campaign already.',
      remedy: 'Nothing to do.',
    },
    {
      class: 'booking',
      cause: 'Another record holds the same value in a field whose values must differ.',
      remedy: 'Change the mapping of the field or the other record, and try again.',
    },
  ],
  [OWN_CODES.rowMissing]: {
    class: 'lookAgain',
    cause: 'Salesforce did not say what became of the record.',
    remedy: 'Nothing to do: the connector looks whether it was written.',
  },

  // A field, record type, picklist, right or owner
  INVALID_FIELD: [
    {
      when: /Foreign key external ID/i,
      says: 'says "Foreign key external ID not found"',
      class: 'lookAgain',
      cause: 'The record that this one belongs to was refused or is gone.',
      remedy: 'Solve the problem of that record; this one follows by itself.',
    },
    {
      when: new RegExp(String.raw`No such column '${OUR_KEY}' on (?:sobject of type|entity) '?Event\b`, 'i'),
      says: 'names a field of the package on Event',
      ...PACKAGE_FIELD_MISSING,
    },
    FIELD_MISSING,
  ],
  INVALID_TYPE: {
    class: 'scoped',
    cause: 'An object does not exist in the org, or the API user may not see it.',
    remedy: 'Give the API user access to the object, or choose another one in the rules.',
  },
  INVALID_FIELD_FOR_INSERT_UPDATE: {
    class: 'scoped',
    cause: 'A mapped field may be read, but not written, by the API user.',
    remedy: 'Give the API user edit access to the field, or change the mapping.',
  },
  INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: {
    class: 'scoped',
    cause: 'The value is not among those that the picklist allows.',
    remedy: 'Add the value to the picklist (and to the record type), or map it to one that is there.',
  },
  INSUFFICIENT_ACCESS: NO_RIGHT,
  INSUFFICIENT_ACCESS_OR_READONLY: NO_RIGHT,
  INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY: NO_RIGHT,
  FUNCTIONALITY_NOT_ENABLED: {
    class: 'scoped',
    cause: 'A feature of Salesforce that this needs is switched off in the org.',
    remedy: 'Switch the feature on, or change the rule that needs it.',
  },
  INACTIVE_OWNER_OR_USER: OWNER_REFUSED,
  OP_WITH_INVALID_USER_TYPE_EXCEPTION: OWNER_REFUSED,
  TRANSFER_REQUIRES_READ: OWNER_REFUSED,
  INVALID_OPERATION: [
    { when: /queue|owner/i, says: 'is about the queue or owner', ...OWNER_REFUSED },
    {
      class: 'booking',
      cause: 'Salesforce does not allow this operation on the record in the state that it is in.',
      remedy: 'Read the message, change the record or the rule, and try again.',
    },
  ],

  // This booking
  REQUIRED_FIELD_MISSING: [
    { when: /At least 1 record is required/i, says: 'says "At least 1 record is required"', ...OUR_MISTAKE },
    {
      class: 'scoped',
      cause: 'A field that Salesforce requires got no value.',
      remedy:
        'Map the field, give it a fixed value or a placeholder, or make the question required on the booking page. In Salesforce: make the field optional, give it a default value, or require it on the page layout only.',
    },
  ],
  FIELD_CUSTOM_VALIDATION_EXCEPTION: {
    class: 'booking',
    cause: 'A validation rule of the org refused the record.',
    remedy: 'Read the message of the rule, then change the rule or the values mapped to the record, and try again.',
  },
  FIELD_FILTER_VALIDATION_EXCEPTION: {
    class: 'booking',
    cause: 'A lookup filter of the org does not allow the chosen record.',
    remedy: 'Change the filter or the mapping of the lookup, and try again.',
  },
  FIELD_INTEGRITY_EXCEPTION: [
    {
      when: /country.* must be specified|state value/is,
      says: 'is about a state without its country',
      class: 'booking',
      cause: 'A state was given without its country.',
      remedy: 'Map the country beside the state, and try again.',
    },
    { when: /owner/i, says: 'is about the owner', ...OWNER_REFUSED },
    {
      class: 'booking',
      cause: 'Values of the record contradict each other.',
      remedy: 'Change the mapping of the fields named, and try again.',
    },
  ],
  STRING_TOO_LONG: {
    class: 'booking',
    cause: 'A text is longer than its field.',
    remedy: 'Let the mapping cut the text, or make the field longer, and try again.',
  },
  INVALID_EMAIL_ADDRESS: {
    class: 'booking',
    cause: 'Salesforce does not take the e-mail address as one.',
    remedy: 'Correct the address, and try again.',
  },
  NUMBER_OUTSIDE_VALID_RANGE: VALUE_REFUSED,
  INVALID_CURRENCY_ISO: VALUE_REFUSED,
  [OWN_CODES.noErrorGiven]: REFUSED_WITHOUT_REASON,
  TOO_MANY_ENUM_VALUE: VALUE_REFUSED,
  MALFORMED_ID: [{ when: /owner/i, says: 'is about the owner', ...OWNER_REFUSED }, VALUE_REFUSED],
  DUPLICATE_EXTERNAL_ID: AMBIGUOUS_KEY,
  [OWN_CODES.multipleChoices]: AMBIGUOUS_KEY,
  DELETE_FAILED: {
    class: 'booking',
    cause: 'The org does not let the record be deleted, often because other records depend on it.',
    remedy: 'Delete it by hand, or choose to keep canceled records with their status.',
  },
  MISSING_ARGUMENT: OUR_MISTAKE,
  MALFORMED_QUERY: OUR_MISTAKE,
  INVALID_INPUT: OUR_MISTAKE,
  EXCEEDED_ID_LIMIT: OUR_MISTAKE,
  LIMIT_EXCEEDED: OUR_MISTAKE,
  METHOD_NOT_ALLOWED: OUR_MISTAKE,
  INVALID_QUERY_FILTER_OPERATOR: OUR_MISTAKE,
  JSON_PARSER_ERROR: OUR_MISTAKE,

  // Innocent bystanders
  ALL_OR_NONE_OPERATION_ROLLED_BACK: BYSTANDER,
  PROCESSING_HALTED: [
    {
      when: /Invalid reference/i,
      says: 'says "Invalid reference"',
      class: 'lookAgain',
      cause: 'The record that this one belongs to was refused.',
      remedy: 'Solve the problem of that record; this one follows by itself.',
    },
    BYSTANDER,
  ],
};

/** Every line of the table, in its order. */
export function errorLines(): ErrorLine[] {
  return Object.entries(TABLE).flatMap(([code, lines]) =>
    [lines].flat().map(({ class: errorClass, cause, remedy, says }) => ({
      code,
      says: says ?? null,
      class: errorClass,
      cause,
      remedy,
    })),
  );
}

/**
 * What a refusal means and what to do about it. Knows codes, not callers: what a class leads to is the loop's business.
 * A code that is not in the table is judged by the status, and without one counts as this booking's own problem, so
 * that it is seen and stops nothing else.
 */
export function classifyError(error: ErrorToClassify): Classification {
  const lines = Object.hasOwn(TABLE, error.code) ? TABLE[error.code] : undefined;
  const line = [lines ?? []].flat().find((one) => one.when === undefined || one.when.test(error.message));
  if (line !== undefined) return { class: line.class, cause: line.cause, remedy: line.remedy };
  return byStatus(error.status);
}

function byStatus(status: number | undefined): Classification {
  if (status === 401) {
    return {
      class: 'signIn',
      cause: 'Salesforce does not accept the session.',
      remedy: 'Nothing to do at first: the connector signs in again.',
    };
  }
  if (status === 429 || (status !== undefined && status >= 500)) return BUSY;
  if (status === 413 || status === 414 || status === 431) {
    return {
      class: 'tooMuch',
      cause: 'A request was larger than Salesforce takes.',
      remedy: 'Nothing to do: the connector tries again with smaller batches.',
    };
  }
  if (status === 403) return NO_RIGHT;
  if (status === 404 || status === 410) return RECORD_GONE;
  return {
    class: 'booking',
    cause: 'Salesforce refused the record for a reason that the connector does not know.',
    remedy: 'Read the message and the error code, change the mapping or the record, and try again.',
  };
}

/**
 * Whether the refusal says that this org does not take references by external id where several types are possible
 * (`Who`, `What`): from then on Events are sent after the new records that they point at, by their ids.
 */
export function refusesNestedKey({ code, message, fields = [] }: ErrorToClassify & { fields?: string[] }): boolean {
  if (code === 'JSON_PARSER_ERROR') return /polymorphic foreign key/i.test(message);
  if (code !== 'INVALID_FIELD' || /Foreign key external ID/i.test(message)) return false;
  return /'(?:Who|What)'/.test(message) || fields.some((field) => field === 'Who' || field === 'What');
}
