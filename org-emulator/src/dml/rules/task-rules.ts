import { toApiDateTime } from '../../records/timestamps';
import type { ObjectRules } from '../draft';
import { checkRelations, deriveAccount } from './activity-relations';

/** What the platform demands of a Task and derives from it. */
export const taskRules: ObjectRules = {
  sobject: 'Task',
  beforeSave(draft) {
    checkRelations(draft);
    deriveAccount(draft);
    const { row, context, before } = draft;
    row.IsClosed = row.Status === 'Completed';
    row.IsHighPriority = row.Priority === 'High';
    row.TaskSubtype ??= 'Task';
    if (!row.IsClosed) row.CompletedDateTime = null;
    else if (before?.IsClosed !== true) row.CompletedDateTime = toApiDateTime(context.org.clock.now());
  },
};
