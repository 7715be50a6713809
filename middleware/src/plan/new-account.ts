import { createHash } from 'node:crypto';
import type { PartOutcome } from '../booking/outcome';
import { comparableName } from '../match/sought';
import { lackedOfPage, lackOfField, parkedForRights } from './lacked';
import { newRecord, sharedStep } from './new-record';
import type { EventParent } from './plan';
import { mayCreate, type BookingInHand, type PlanContext } from './planning';
import type { Rows } from './rows';

/**
 * The Account of a new Contact: one that is there, or a new one that the whole batch shares by its name. A Contact
 * without one is better than none: what stands in the way is told in a step. A right that is missing is put right, and the
 * Contact gets its Account then. Pure but for `rows`.
 */
export function planAccount(
  inHand: BookingInHand,
  context: PlanContext,
  rows: Rows,
): EventParent | { parked: PartOutcome } {
  const { candidate, match, steps } = inHand;
  const { account } = match;
  const step = 'Account of the new Contact';
  if (account === null) return null;
  const lack = lackOfField(lackedOfPage(candidate.settings.settings, context.org), 'Contact', 'AccountId');
  const forbidden = parkedForRights(lack === null ? [] : [lack]);
  if (forbidden !== null) return { parked: forbidden };
  if (!mayCreate(context.org, 'Contact', 'AccountId')) {
    steps.push({ step, outcome: 'left out: the user may not write the field AccountId' });
    return null;
  }
  if (account.kind === 'found') {
    steps.push({ step, outcome: `${account.recordId}, by ${account.via}` });
    return { recordId: account.recordId };
  }
  const name = comparableName(account.name);
  const keys = [`Account ${name}`];
  const same = rows.created(keys);
  if (same !== null) {
    steps.push(sharedStep('Account'));
    return { row: rows.share(same, keys, candidate.booking.id) };
  }
  const record = newRecord('Account', {}, inHand, context);
  if ('parked' in record) {
    if (record.parked.state === 'parked' && record.parked.code === 'RIGHT_MISSING') return record;
    const why = record.parked.state === 'parked' ? record.parked.cause : '';
    steps.push({ step, outcome: `left out: ${why}` });
    return null;
  }
  const row = rows.create(keys, {
    part: 'person',
    object: 'Account',
    sobject: 'Account',
    recordId: null,
    keyField: 'Booking_Customer_Id__c',
    key: accountKey(candidate.customerId, name),
    fields: record.fields,
    references: {},
    autoAssign: record.autoAssign,
    bookingIds: [candidate.booking.id],
  });
  return { row };
}

/**
 * Not the customer's own id: that names the customer's record, which a company is not. And one for each name, or the
 * customer's next company would rename the last one.
 */
function accountKey(customerId: string, name: string): string {
  return `${customerId}:account:${createHash('sha256').update(name).digest('hex').slice(0, 12)}`;
}
