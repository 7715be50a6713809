import { foldAll } from '../booking/folder';
import type { ChoiceCounts } from '../booking/hold.store';
import { switchTo } from '../connection/switch';
import type { Actor } from '../security/audit.store';
import { readDelivery } from '../source/kinds';
import { readHeldChoices, type Hold } from '../sync/gate.store';
import { compareTarget, lookedAt, type Comparison } from './compare-org';
import type { AdminDeps } from './deps';
import { AdminRefusedError } from './refused';

/** Where a team's bookings go from now on. */
export interface Switched {
  comparison: Comparison;
  /** What is to be chosen from: until then nothing is written. */
  held: Hold & ChoiceCounts;
}

/**
 * Has the team's bookings go to another Salesforce org: that of another connection; or the other one that the present
 * connection leads to, as after the refresh of a sandbox. Settings stay as they are. Nothing is written before the start
 * gate is opened with a choice.
 *
 * @param isAnyway although something is missing there without which bookings would fail.
 * @param salesforceOrgId the org that was looked at before: refused when the connection leads elsewhere by now.
 * @throws NotFoundError; AdminRefusedError; SalesforceError when the org cannot be asked: nothing is switched then.
 */
export async function switchOrg(
  deps: AdminDeps,
  {
    id,
    anyway: isAnyway,
    salesforceOrgId,
  }: { id: string; anyway: boolean; salesforceOrgId?: string | null | undefined },
  actor: Pick<Actor, 'via'>,
): Promise<Switched> {
  const { store, teamId, now, wake } = deps;
  const target = await lookedAt(deps, id, actor);
  const { org, other, present } = target;
  const isMove = present?.id !== id;
  if (!isMove && other === null) throw new AdminRefusedError(`Bookings go to the org ${id} already.`);
  if (salesforceOrgId != null && salesforceOrgId !== org.salesforceOrgId)
    throw new AdminRefusedError(
      `The connection ${id} leads to the Salesforce org ${org.salesforceOrgId ?? 'nobody knows'} by now, and not to ${salesforceOrgId}. Compare it again.`,
    );
  // The org of before is not asked: it may be gone.
  const comparison = await compareTarget(deps, target, { isBeside: false });
  if (!comparison.isReady && !isAnyway) throw new AdminRefusedError(notReady(comparison));
  // What is on disk by now is part of what is chosen from.
  await foldAll(store, readDelivery);
  const otherId = other?.salesforceOrgId ?? null;
  if (!(await switchTo(store, { teamId, orgId: id, otherId, isMove }, now())))
    throw new AdminRefusedError(`The connection ${id} leads elsewhere again. Compare it again.`);
  wake();
  const held = await readHeldChoices(store, teamId, now());
  if (held === null) throw new AdminRefusedError('Somebody has chosen already which bookings are written.');
  return { comparison, held };
}

function notReady({ org, differences }: Comparison): string {
  const failures = differences.filter(({ state }) => state === 'failure');
  return [
    `Bookings still go where they went: ${failures.length === 1 ? 'something is' : `${failures.length} things are`} missing in ${org.id} without which bookings would fail.`,
    ...failures.map(({ check, why, remedy }) => `  ${check}: ${why} What to do: ${remedy}`),
    'Put it right, or switch all the same with --anyway.',
  ].join('\n');
}
