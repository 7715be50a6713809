import type { BookingEvent } from '../booking/booking-event';
import type { Completion } from '../booking/completion';

/** Request headers as Node gives them; names are compared without case. */
export type DeliveryHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** One thing wrong with a body: the path of the field in the words of the sender, and what to do about it. No values. */
export interface FieldError {
  field: string;
  error: string;
}

/**
 * What a delivery says: what happened to bookings (at least one event), or why it says nothing about a booking, or
 * what is wrong with it. Never an exception: whatever the bytes are, it is one of the three.
 */
export type Translation = { events: BookingEvent[] } | { ignored: string } | { refused: FieldError[] };

/** How a delivery came, for the sources whose bodies do not tell everything. */
export interface Arrival {
  headers: DeliveryHeaders;
  receivedAt: Date;
}

/** What a signature that holds tells. */
export interface Verification {
  /** Position of the secret that signed, among those given: after a rotation it shows whether the old one is in use. */
  secretIndex: number;
}

/**
 * Why a delivery is not believed:
 * - `missing`: there is no signature header;
 * - `unsigned`: the sender could sign, says that it does not, and needs a secret;
 * - `malformed`: the header is not of the documented form;
 * - `mismatch`: no secret made this signature over these bytes;
 * - `stale`: the signature holds, its time is further from ours than the window.
 */
export type SignatureFault = 'missing' | 'unsigned' | 'malformed' | 'mismatch' | 'stale';

/**
 * A delivery that is not from the scheduling system, or not from now; the HTTP layer answers 401.
 *
 * Thrown and not returned, because a caller that forgets to look at a returned refusal would store a forged
 * delivery; a caller that forgets to catch this one stores nothing.
 */
export class SignatureMismatchError extends Error {
  override readonly name = 'SignatureMismatchError';

  constructor(
    readonly code: SignatureFault,
    message: string,
  ) {
    super(message);
  }
}

/** The face that every scheduling system has. All of it is pure: no I/O, and the clock is an argument. */
export interface SourceKind {
  /** Short name in settings and on the command line, e.g. `calcom`. */
  kind: string;

  /**
   * Checks that the delivery was signed with one of our secrets, in constant time and over the bytes as received.
   *
   * @param secrets all that are valid now (two during a rotation); empty ones are never used.
   * @param now read only where the scheme has a time.
   * @throws SignatureMismatchError, and nothing else.
   */
  verify(headers: DeliveryHeaders, rawBody: Buffer, secrets: readonly string[], now: Date): Verification;

  /**
   * Tells what a believed delivery says. Never throws.
   * @param arrival read by mapped sources and Acuity only: without it expressions see no headers and no time of receipt.
   */
  translate(rawBody: Buffer, arrival?: Arrival): Translation;

  /**
   * The deduplication key of a delivery within its source: the same for a redelivery, different for another fact.
   * At most 300 ASCII characters. A body that names none of its own is known by the SHA-256 of its bytes.
   * @param receivedAt read by mapped sources and Acuity only, where a sender repeats bodies to the letter.
   */
  deliveryKey(headers: DeliveryHeaders, rawBody: Buffer, receivedAt?: Date): string;

  /**
   * Whether a delivery is read before it is answered, where the answer is to say what was understood, or where reading
   * takes headers, which are not kept. All others are kept first, and read when they are folded into bookings.
   */
  isReadAtOnce?: true;

  /** How to learn what the bodies leave open, where the system has an API for it. */
  complete?: Completion;
}
