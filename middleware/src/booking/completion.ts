import { type BookingDetails, type BookingEvent, type JsonValue, NO_DETAILS } from './booking-event';

/** The API of a scheduling system, for one configured source. */
export interface SourceApi {
  /**
   * @param path from the host on, with its query.
   * @returns the answer's JSON.
   * @throws SourceApiError when there is none.
   */
  get(path: string): Promise<JsonValue>;
}

/** What the API of a scheduling system was asked for and did not give. The message holds no secrets and no answers. */
export class SourceApiError extends Error {
  override readonly name = 'SourceApiError';

  constructor(
    message: string,
    /** Asking again will not help: the key is refused, there is no such booking. */
    readonly isFinal: boolean,
  ) {
    super(message);
  }
}

/** How the API of a scheduling system is reached. */
export interface SourceApiAccess {
  /** `https://` and the host: nothing else is ever asked. */
  baseUrl: string;
  /** What the admin gives, in words: `the API key`. */
  credentialName: string;
  /** @returns null when the credential cannot be one. */
  headersOf(credential: string): Record<string, string> | null;
}

/** How a source learns what its bodies leave open. Pure but for the API. */
export interface Completion {
  access: SourceApiAccess;
  /**
   * Nothing can be written without the answer: then nobody gives up while the API may come back. Otherwise a booking is
   * written without it after some minutes.
   */
  isEssential: boolean;
  /** Whether an event leaves open what the API tells. Never of an event that `ask` returned. */
  isNeeded(event: BookingEvent): boolean;
  /**
   * Asks for what an event leaves open.
   *
   * @param askedAt now, before asking.
   * @returns booking events to be stored beside that one.
   * @throws SourceApiError when there is no answer, or one that says nothing.
   */
  ask(event: BookingEvent, api: SourceApi, askedAt: Date): Promise<BookingEvent[]>;
}

/** The answer was understood, and is not what was asked for. */
export function noUse(what: string): SourceApiError {
  return new SourceApiError(`The answer of the API has no ${what}.`, true);
}

/** Access by an API key that is the whole value of a header; one that no header can hold is none. */
export function keyInHeader(name: string): SourceApiAccess['headersOf'] {
  return (credential) => (/^[!-~]+$/.test(credential) ? { [name]: credential } : null);
}

/**
 * What an answer adds to an event, as an event beside it: of the same moment, so that whatever happened later keeps the
 * last word, however late the answer comes.
 */
export function answerTo(
  { bookingKey, sequence, occurredAt }: BookingEvent,
  told: Partial<BookingDetails>,
): BookingEvent {
  return {
    ...{ ...NO_DETAILS, ...told },
    ...{ kind: 'updated', bookingKey, replacesKey: null, replacedByKey: null },
    ...{ sequence, occurredAt, reason: null, actor: null },
  };
}
