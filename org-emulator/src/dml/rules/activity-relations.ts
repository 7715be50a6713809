import { isChanged, valueOf, type Draft } from '../draft';
import { RowError } from '../row-error';

/**
 * What an activity may be related to: beside a Lead in WhoId nothing in WhatId, and no Lead that was converted.
 *
 * @see Object Reference, Event and Task (WhoId)
 */
export function checkRelations(draft: Draft): void {
  const { org } = draft.context;
  const whoId = valueOf(draft, 'WhoId');
  const whatId = valueOf(draft, 'WhatId');
  if (whoId === null) return;
  const who = org.store.find(String(whoId));
  if (org.schema.objectOfId(String(whoId))?.name !== 'Lead') return;
  if (who?.row.IsConverted === true && isChanged(draft, 'WhoId')) {
    throw new RowError('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead');
  }
  if (whatId === null || !(isChanged(draft, 'WhoId') || isChanged(draft, 'WhatId'))) return;
  throw new RowError(
    'FIELD_INTEGRITY_EXCEPTION',
    'Related To ID: An activity that is related to a lead cannot be related to another record.',
    ['WhatId'],
  );
}

/** The account of the related record, else that of the contact. */
export function deriveAccount(draft: Draft): void {
  const { store } = draft.context.org;
  if (!isChanged(draft, 'WhoId') && !isChanged(draft, 'WhatId')) return;
  const accountOf = (id: unknown): string | null => {
    const found = typeof id === 'string' ? store.find(id) : undefined;
    if (!found) return null;
    if (found.object.name === 'Account') return found.row.Id;
    const account = found.row.AccountId;
    return typeof account === 'string' ? account : null;
  };
  draft.row.AccountId = accountOf(valueOf(draft, 'WhatId')) ?? accountOf(valueOf(draft, 'WhoId'));
}
