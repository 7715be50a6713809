import type { Draft } from './draft';

/**
 * Lets the active assignment rule of the object take the row, as REST writes do unless `Sforce-Auto-Assign: FALSE` was
 * sent. The org's settings say which owner the rule gives.
 */
export function applyAssignmentRule(draft: Draft): void {
  const { org, autoAssign } = draft.context;
  const ownerId = org.settings.assignmentRules[draft.object.name];
  if (autoAssign && ownerId !== undefined) draft.row.OwnerId = ownerId;
}
