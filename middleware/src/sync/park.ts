import { readDueBookings, settleBookings, type LaneHold } from '../booking/booking.store';
import type { PartOutcome } from '../booking/outcome';
import { SalesforceError } from '../salesforce/errors';
import type { Store } from '../store/store';

/**
 * Parks the booking that the next turn would begin with: a turn of it alone has failed for what is in it. It is tried
 * again when it changes, or when somebody asks for it.
 */
export async function parkNextBooking(
  hold: LaneHold,
  error: Error,
  { store, now }: { store: Store; now: () => Date },
): Promise<void> {
  const [due] = await readDueBookings(store, hold, 1, now());
  if (due === undefined) return;
  const isKnown = error instanceof SalesforceError;
  const cause = isKnown ? error.reason : `The connector could not write this booking: ${error.message}`;
  const remedy = isKnown
    ? error.remedy
    : 'This is a fault of the connector: report it with this message, then try again after an update.';
  const code = isKnown ? error.errorCode : 'INTERNAL_ERROR';
  const event: PartOutcome = { state: 'parked', class: 'booking', code, cause, remedy, sobject: null, fields: [] };
  await settleBookings(
    store,
    hold,
    [
      {
        bookingId: due.booking.id,
        revision: due.booking.revision,
        settingsVersion: 0,
        parts: { ...due.parts, event },
        written: due.written,
        dueAt: null,
        attempts: 0,
        steps: [{ step: 'turn of this booking alone', outcome: code }],
      },
    ],
    now(),
  );
}
