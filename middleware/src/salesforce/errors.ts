import { classifyError, type Classification, type ErrorClass } from './error-table';

/** What every error of this folder carries. Messages hold no token and no value of a record: they may be logged. */
export abstract class SalesforceError extends Error {
  /** Salesforce's own code, or one of `OWN_CODES` where it gave none. */
  readonly errorCode: string;
  /** What the caller does next. */
  readonly class: ErrorClass;
  /** The cause in plain words, for an admin. (`cause` is the error below, as everywhere in JavaScript.) */
  readonly reason: string;
  /** What to do about it, for an admin. */
  readonly remedy: string;

  constructor(
    errorCode: string,
    { class: errorClass, cause, remedy }: Classification,
    message: string,
    below?: unknown,
  ) {
    super(message, below === undefined ? undefined : { cause: below });
    this.name = new.target.name;
    this.errorCode = errorCode;
    this.class = errorClass;
    this.reason = cause;
    this.remedy = remedy;
  }
}

/**
 * The org could not be asked, or refused the whole call for a reason that lies in the org and not in what was sent.
 * Nothing was learnt: no row may be taken as refused, absent or written, and all of them stay to be done.
 */
export class OrgUnavailableError extends SalesforceError {
  /** HTTP status of the answer, null when none came. */
  readonly status: number | null;
  /** How long to wait at least, in milliseconds, where the org said so (`Retry-After`). */
  readonly retryAfterMs?: number;

  /** @param failure `class` and `says` take the place of what the table gives. */
  constructor(failure: {
    code: string;
    message: string;
    status?: number | undefined;
    retryAfterMs?: number | undefined;
    class?: ErrorClass;
    says?: { cause: string; remedy: string } | undefined;
    cause?: unknown;
  }) {
    const { code, message, status } = failure;
    const known = {
      ...classifyError(status === undefined ? { code, message } : { code, message, status }),
      ...failure.says,
    };
    const at = status === undefined ? '' : `, HTTP ${status}`;
    super(
      code,
      { ...known, class: failure.class ?? known.class },
      `Salesforce could not be asked (${code}${at}): ${known.cause}`,
      failure.cause,
    );
    this.status = failure.status ?? null;
    if (failure.retryAfterMs !== undefined) this.retryAfterMs = failure.retryAfterMs;
  }
}

/**
 * The whole call was refused for what was in it, before any row was looked at. The same call fails again: send less of
 * it to find the row at fault. Nothing of it was written.
 */
export class CallRefusedError extends SalesforceError {
  readonly status: number;

  constructor(refusal: { code: string; message: string; status: number }) {
    super(
      refusal.code,
      classifyError(refusal),
      `Salesforce refused the whole call (${refusal.code}, HTTP ${refusal.status}): ${redact(refusal.message)}`,
    );
    this.status = refusal.status;
  }
}

/** A query or describe inside a call was refused: "could not look", which is never "nobody found". */
export class QueryFailedError extends SalesforceError {
  /** Which subrequest it was. */
  readonly referenceId: string;

  constructor(referenceId: string, refusal: { code: string; message: string; status: number }) {
    super(
      refusal.code,
      classifyError(refusal),
      `Salesforce refused the query ${referenceId} (${refusal.code}, HTTP ${refusal.status}): ${redact(refusal.message)}`,
    );
    this.referenceId = referenceId;
  }
}

/** A query found more rows than one page holds. Ask for fewer keys at once. */
export class TooManyRowsError extends SalesforceError {
  readonly referenceId: string;
  /** Rows of the whole result. */
  readonly totalSize: number;

  constructor(referenceId: string, totalSize: number) {
    super(
      'TOO_MANY_ROWS',
      {
        class: 'tooMuch',
        cause: 'A search found more records than Salesforce hands out at once.',
        remedy:
          'The connector asks for less at once by itself; many records with the same e-mail address slow it down.',
      },
      `The query ${referenceId} found ${totalSize} rows, more than one page`,
    );
    this.referenceId = referenceId;
    this.totalSize = totalSize;
  }
}

/** The org refused the sign-in itself. Trying again changes nothing until an admin acts, except where `class` says so. */
export class SignInRefusedError extends SalesforceError {
  /** The `error` of the answer, as `invalid_grant`. */
  readonly oauthError: string;
  /** The refresh token is good for nothing any more: only a person can sign in again. */
  readonly isTokenDead: boolean;

  constructor(oauthError: string, classification: Classification, { isTokenDead = false } = {}) {
    super(oauthError, classification, `Salesforce refused the sign-in (${oauthError}): ${classification.cause}`);
    this.oauthError = oauthError;
    this.isTokenDead = isTokenDead;
  }
}

/** What stands for something that was left out of a message. */
const LEFT_OUT = '<value>';

/** Messages quote values of up to 32,000 characters; what is looked at is bounded, because patterns take their time. */
const LONGEST_READ = 2_000;

/**
 * Takes values of records out of a message of Salesforce's, for logs and thrown errors: quoted values, e-mail addresses,
 * phone numbers, links, tokens and excerpts of queries. Names of fields and objects, codes, record ids and lengths stay.
 * What an org's own automation writes without quotes stays too, so keep even a redacted message from people who may not
 * see the org. At most 500 characters come back.
 */
export function redact(message: string): string {
  // A refused query is quoted around the place of the error, cut anywhere, so that quotes cannot be trusted in it.
  const excerptEnd = message.slice(0, LONGEST_READ).search(/ERROR at Row:\d+:Column:\d+/);
  return message
    .slice(Math.max(0, excerptEnd), LONGEST_READ)
    .replace(/(data value too large: )[\s\S]*?( \(max length=\d+\))?$/, `$1${LEFT_OUT}$2`)
    .replace(/(bad value for restricted picklist field: )[\s\S]*/, `$1${LEFT_OUT}`)
    .replace(/(invalid email address: )[\s\S]*/i, `$1${LEFT_OUT}`)
    .replace(/(Duplicate external id specified: )[\s\S]*/i, `$1${LEFT_OUT}`)
    .replace(/(Foreign key external ID: )[\s\S]*?( not found for field |$)/i, `$1${LEFT_OUT}$2`)
    .replace(/^[\s\S]*(: more than one record found for external id field: )/i, `${LEFT_OUT}$1`)
    .replace(
      /(Cannot deserialize instance of \S+ from \S+ value )[\s\S]*?(?= or request may be missing| at \[|$)/,
      `$1${LEFT_OUT}`,
    )
    .replace(/\b00D[A-Za-z0-9]{12,15}![\w.]+/g, '<token>')
    .replace(/\bBearer\s+\S+/gi, 'Bearer <token>')
    .replace(/\bhttps?:\/\/[^\s'"<>]+/gi, '<link>')
    .replace(/[^\s<>()[\]'",:;=@]+@[^\s<>()[\]'",;]+/g, '<e-mail>')
    .replace(/(?<!\w)'((?:[^'\\]|\\.)*)(?:'|$)/g, (quoted, inner: string, at: number, all: string) =>
      isName(inner, all.slice(Math.max(0, at - 20), at)) ? quoted : `'${LEFT_OUT}'`,
    )
    .replace(/"(?:[^"\\]|\\.)*(?:"|$)/g, `"${LEFT_OUT}"`)
    .replace(/(?<![\w.])\+?\(?\d[\d\s().-]{6,}\d(?!\w)/g, '<number>')
    .trim()
    .slice(0, 500);
}

/** Whether a quoted text is the name of a field or object: by its own look, or by the word before it. */
function isName(text: string, before: string): boolean {
  return (
    /^[A-Za-z]\w*__[a-z]{1,3}$/.test(text) ||
    (/(?:column|type|entity|relation\w*) $/i.test(before) && /^[A-Za-z]\w*$/.test(text))
  );
}
