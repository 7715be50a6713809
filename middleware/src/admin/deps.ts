import type { Connect } from '../connection/connect';
import type { SecretBox } from '../security/secret-box';
import type { Store } from '../store/store';
import type { LaneState } from '../sync/lane';
import type { OrgReader } from '../sync/org-reader';

/** What the orders of an admin need. */
export interface AdminDeps {
  store: Store;
  /** Whose orders they are: nothing of another team is read or changed. */
  teamId: string;
  secrets: SecretBox;
  now: () => Date;
  /** Where scheduling systems reach this server, without a trailing slash. */
  baseUrl: string;
  /** Makes the lanes try at once, also out of a pause: an admin who acts may have put things right. */
  wake: () => void;
  /** What the lanes do, by org; empty when no server runs. */
  laneStates: () => Record<string, LaneState>;
  /** Opens a connection to an org. */
  connect: Connect;
  /** Whether an org on this machine, the emulator, may be connected. */
  allowLoopback: boolean;
  /** The team's org as its API user sees it. */
  org: OrgReader;
}

/** The team that everything belongs to until an admin makes others. */
export const DEFAULT_TEAM = 'default';

/** Where Salesforce returns to after somebody signed in there. */
export function callbackUrlOf({ baseUrl }: Pick<AdminDeps, 'baseUrl'>): string {
  return `${baseUrl}/console/salesforce/callback`;
}
