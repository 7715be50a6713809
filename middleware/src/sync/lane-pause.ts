import {
  CallRefusedError,
  OrgUnavailableError,
  QueryFailedError,
  SalesforceError,
  SignInRefusedError,
  TooManyRowsError,
} from '../salesforce/errors';
import { retryDelayMs } from './settle';

/** How long the lane sleeps when the org refused everything and an admin has to act. */
export const LONG_PAUSE_MS = 5 * 60_000;
/** How often a lane looks that may not spend: an admin, or another lane, may have found room. */
export const LOOK_AGAIN_MS = 60_000;
/** How long it sleeps when a sign-in was refused again: Salesforce counts them. */
const SIGN_IN_PAUSE_MS = 10 * 60_000;
/** The longest wait that an org may ask for. */
const MAX_RETRY_AFTER_MS = 30 * 60_000;

/** Why nothing is sent though nothing is wrong, for the admin. */
export const SPENT = {
  cap: {
    cause: 'The connector has made as many API calls in 24 hours as you allow it.',
    remedy:
      'Raise the cap with "booking-connector budget --cap N", or wait: calls of a day ago fall out by themselves.',
  },
  reserve: {
    cause: 'Of the org’s API calls of the last 24 hours only the reserve for other applications is left.',
    remedy:
      'Lower the reserve with "booking-connector budget --reserve N" or the use of other applications, or buy more calls. No booking is lost meanwhile.',
  },
};

/** Whether an error lies in a booking of the batch, and not in the org, the store or the network. Pure. */
export function isAboutContent(error: unknown): error is Error {
  return (
    error instanceof CallRefusedError ||
    error instanceof TooManyRowsError ||
    // A query that holds something of a booking which the org cannot even read.
    (error instanceof QueryFailedError && error.class === 'booking') ||
    error instanceof TypeError ||
    error instanceof RangeError
  );
}

/**
 * Whether the org could not bear the call, and not for what is in it: a search that finds too many rows always will.
 * Pure.
 */
export function isTooMuch(error: unknown): error is SalesforceError {
  return error instanceof SalesforceError && error.class === 'tooMuch' && !(error instanceof TooManyRowsError);
}

/** Whether what is known of the org is to be asked for anew: a query may name a missing field, a session be replaced. Pure. */
export function isOrgInDoubt({ class: errorClass }: SalesforceError): boolean {
  return errorClass !== 'retrySoon' && errorClass !== 'tooMuch' && errorClass !== 'retryLater';
}

/**
 * How long a lane waits that could not ask the org, or was refused as a whole, in milliseconds. Pure.
 *
 * @param failures in a row, this one among them.
 */
export function pauseMs(error: SalesforceError, failures: number, random: () => number): number {
  const asked = error instanceof OrgUnavailableError ? (error.retryAfterMs ?? 0) : 0;
  return Math.max(ownPauseMs(error, failures, random), Math.min(asked, MAX_RETRY_AFTER_MS));
}

function ownPauseMs(error: SalesforceError, failures: number, random: () => number): number {
  const { class: errorClass } = error;
  // When it is tried again is kept for the org, so that its other lane waits as well: see turn-decision.ts.
  if (errorClass === 'retryLater') return LOOK_AGAIN_MS;
  // What looks like the org's refusal may be our outdated schema: that is read anew once before the long wait.
  const isStale = errorClass === 'scoped' && failures === 1;
  if (errorClass === 'orgWide' || (errorClass === 'scoped' && !isStale)) return LONG_PAUSE_MS * (0.9 + 0.2 * random());
  // It may pass by itself, as login hours do; most refusals do not.
  if (error instanceof SignInRefusedError && failures > 1) return SIGN_IN_PAUSE_MS * (0.9 + 0.2 * random());
  return retryDelayMs(Math.min(failures - 1, 5), random);
}
