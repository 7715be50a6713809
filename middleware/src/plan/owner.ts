import type { Step } from '../booking/outcome';
import { sobjectOf, type ExistingObject } from '../settings/objects';
import { QUEUE_OBJECTS } from '../settings/owner-rules';
import type { BookingInHand, PlanContext } from './planning';

/** Who shall own a record: a user's or queue's id, or the org's assignment rules; neither: the owner stays. */
export interface PlannedOwner {
  ownerId: string | null;
  autoAssign: boolean;
}

/** Whoever owns the record goes on to; a new one is the API user's. */
export const STAYS: PlannedOwner = { ownerId: null, autoAssign: false };

/**
 * The owner of a record, by the rules of the page. A rule that leads to nobody leaves the owner as it is, with a step:
 * a person without his chosen owner is better than none. Pure.
 */
export function ownerOf(
  object: ExistingObject,
  mode: 'onCreate' | 'onExisting',
  { candidate, match }: BookingInHand,
  { org, directory }: PlanContext,
  steps: Step[],
): PlannedOwner {
  const rule = candidate.settings.settings.rules.owner[object][mode];
  const step = `owner of the ${object}`;
  const asRule = (ownerId: string | null, named: string): PlannedOwner => {
    steps.push({
      step,
      outcome: ownerId === null ? `${named}: none of that name; the owner stays` : `${named}: ${ownerId}`,
    });
    return { ownerId, autoAssign: false };
  };
  if (rule.kind === 'keep') return STAYS;
  if (rule.kind === 'assignmentRules') {
    if (!QUEUE_OBJECTS.has(object)) return STAYS;
    steps.push({ step, outcome: "the org's assignment rules" });
    return { ownerId: null, autoAssign: true };
  }
  const field = org.schema.objects[sobjectOf(object)]?.fields['OwnerId'];
  if (!(mode === 'onCreate' ? field?.createable : field?.updateable)) {
    steps.push({ step, outcome: 'stays: the user may not write the field OwnerId' });
    return STAYS;
  }
  switch (rule.kind) {
    case 'host':
      return asRule(match.ownerId, "the host's user or the fallback owner");
    case 'user':
      return asRule(directory.users.get(rule.username.toLowerCase()) ?? null, `the user ${rule.username}`);
    case 'queue':
      return asRule(directory.queues.get(rule.queue.toLowerCase()) ?? null, `the queue ${rule.queue}`);
  }
}
