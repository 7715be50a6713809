import type { Settlement } from '../booking/booking.store';
import type { Store } from '../store/store';
import type { OrgSession } from './org-session';

/** What a turn works with. */
export interface ReconcileDeps {
  store: Store;
  session: OrgSession;
  now: () => Date;
  random: () => number;
  /** Throws when the lane is not ours any more: called before each write. */
  assertHeld: () => void;
  /** API calls that the turn may still make. */
  callsLeft: () => number;
}

/** What a turn came to, before it is recorded. */
export interface TurnOutcome {
  settlements: Settlement[];
  isTooMuch: boolean;
}
