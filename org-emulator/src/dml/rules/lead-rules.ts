import type { ObjectRules } from '../draft';
import { RowError } from '../row-error';

/** A converted lead is read-only for everybody who has no right to edit converted leads. */
export const leadRules: ObjectRules = {
  sobject: 'Lead',
  beforeSave(draft) {
    if (draft.before?.IsConverted === true) {
      throw new RowError('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead');
    }
  },
};
