import type { Actor } from '../security/audit.store';
import { readFindings, type StandingFinding } from '../drift/drift.store';
import type { AdminDeps } from './deps';

/** What has changed in the team's org so that its bookings fail, or lose something: errors first. */
export async function readDrift(
  { store }: Pick<AdminDeps, 'store'>,
  { teamId }: Pick<Actor, 'teamId'>,
): Promise<Omit<StandingFinding, 'teamId'>[]> {
  return (await readFindings(store, teamId)).map(({ teamId: _, ...finding }) => finding);
}
