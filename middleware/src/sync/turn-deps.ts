import type { Settlement } from '../booking/booking.store';
import type { OrgUnavailableError } from '../salesforce/errors';
import type { OrgView } from '../salesforce/org-view';
import type { Store } from '../store/store';
import type { OrgSession } from './org-session';

/** What a turn works with. */
export interface ReconcileDeps {
  store: Store;
  session: OrgSession;
  now: () => Date;
  random: () => number;
  /** Throws when the lane is not ours any more, or bookings of the turn go to another org by now: awaited before each write. */
  beforeWrite: () => Promise<void>;
  /** API calls that the turn may still make. */
  callsLeft: () => number;
  /** Whether the org takes nested keys for the parents of an Event; null: not known yet. */
  takesNestedKeys: boolean | null;
  /** Called once the write is under way: the time until its answer can be used. */
  whileWriting?: () => void;
  /** Called once the org has answered for good: it would have nothing to do until that is recorded. */
  whileSettling?: (org: OrgView) => void;
}

/** What became of a booking in its turns so far. */
export interface Tried {
  /** How often it failed in a row. */
  attempts: number;
  /** How often in a row Salesforce was read again for it, because it was not as believed. */
  looks: number;
}

/** What is known of a booking that was never tried. */
export const UNTRIED: Tried = { attempts: 0, looks: 0 };

/** What a turn came to, before it is recorded. */
export interface TurnOutcome {
  settlements: Settlement[];
  isTooMuch: boolean;
  /** A row was refused for a reason that strikes every row of the org; null when none was. */
  refusal: OrgUnavailableError | null;
  /** What was learnt of nested keys; null: nothing. */
  takesNestedKeys: boolean | null;
}
