import type { Express } from 'express';
import type { EmulatedOrg } from '../server/emulated-org';

/**
 * Where the org's own pages are mounted: after the API and the control addresses, before the answer for unknown
 * addresses. `emulated.org` gives records and schema, `emulated.org.store.onChange` tells of every committed change. The
 * org has no pages so far.
 */
export function registerPages(_app: Express, _emulated: EmulatedOrg): void {
  // Nothing is mounted: every address outside the API is unknown.
}
