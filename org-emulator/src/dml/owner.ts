import { isChanged, valueOf, type Draft } from './draft';
import { RowError } from './row-error';

/**
 * Refuses an owner who cannot own: an inactive user, or a user who is not of type Standard (Chatter, portal, guest).
 * Queues own what their object lets them.
 */
export function checkOwner(draft: Draft): void {
  if (!draft.object.field('OwnerId') || !isChanged(draft, 'OwnerId')) return;
  const { org } = draft.context;
  const ownerId = valueOf(draft, 'OwnerId');
  if (typeof ownerId !== 'string') return;
  const users = org.object('User');
  if (org.schema.objectOfId(ownerId)?.name === 'Group') {
    checkQueue(draft, ownerId);
    return;
  }
  if (org.schema.objectOfId(ownerId) !== users) return;
  const owner = org.store.table(users).get(ownerId);
  // A missing user is refused as any missing reference is.
  if (!owner) return;
  if (owner.IsActive !== true) {
    throw new RowError(
      'INACTIVE_OWNER_OR_USER',
      `operation performed with inactive user [${ownerId.slice(0, 15)}] as owner of ${draft.object.flags.label.toLowerCase()}`,
    );
  }
  if (owner.UserType !== 'Standard') {
    throw new RowError('OP_WITH_INVALID_USER_TYPE_EXCEPTION', 'Operation not valid for this user type');
  }
}

/** A queue owns rows of the objects that it is set up for. */
function checkQueue(draft: Draft, queueId: string): void {
  const { org } = draft.context;
  const queues = org.object('QueueSobject');
  const queue = queues.field('QueueId');
  const supported = (queue && org.store.table(queues).lookup(queue, queueId)) ?? [];
  if (supported.some((row) => row.SobjectType === draft.object.name)) return;
  throw new RowError('INVALID_OPERATION', 'Queue not associated with this SObject type', ['OwnerId']);
}
