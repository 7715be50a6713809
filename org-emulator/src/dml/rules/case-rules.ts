import { toApiDateTime } from '../../records/timestamps';
import { isChanged, valueOf, type Draft, type ObjectRules } from '../draft';

/** Case numbers start where a new org starts. */
const FIRST_CASE_NUMBER = 1_000;

/** Numbers a Case, closes it by its status, and shows its contact's account, address and numbers. */
export const caseRules: ObjectRules = {
  sobject: 'Case',
  beforeSave(draft) {
    const { row, before, context } = draft;
    if (!before) {
      const n = FIRST_CASE_NUMBER + context.org.store.nextNumber('CaseNumber') - 1;
      row.CaseNumber = String(n).padStart(8, '0');
    }
    row.IsClosed = row.Status === 'Closed';
    if (!row.IsClosed) row.ClosedDate = null;
    else if (before?.IsClosed !== true) row.ClosedDate = toApiDateTime(context.org.clock.now());
    if (isChanged(draft, 'ContactId')) copyContact(draft);
  },
};

function copyContact(draft: Draft): void {
  const contactId = valueOf(draft, 'ContactId');
  const contact = typeof contactId === 'string' ? draft.context.org.store.find(contactId)?.row : undefined;
  if (contact && !draft.given.has('AccountId')) draft.row.AccountId = contact.AccountId ?? null;
  draft.row.ContactEmail = contact?.Email ?? null;
  draft.row.ContactPhone = contact?.Phone ?? null;
  draft.row.ContactMobile = contact?.MobilePhone ?? null;
  draft.row.ContactFax = contact?.Fax ?? null;
}
