import type { Step } from '../booking/outcome';
import { hasPersonAccounts } from '../salesforce/schema';
import type { Candidate } from './candidate';
import { equallyGood } from './equally-good';
import type { Lookup } from './follow';
import { idOf, textIn } from './found-record';
import type { AccountMatch, FoundRecord, PersonMatch, RelatedMatch } from './match-types';
import { isLinked } from './related';
import { comparableName, type Sought } from './sought';

/** The Account of a Contact that is to be created, as the rule `contactAccount` says. */
export function matchAccount(
  { settings }: Candidate,
  { company, domain }: Sought,
  person: PersonMatch,
  related: RelatedMatch | null,
  lookup: Lookup,
  steps: Step[],
): AccountMatch | null {
  const { contactAccount, ambiguous } = settings.settings.rules;
  if (person.kind !== 'create' || person.object !== 'Contact' || contactAccount === 'none') return null;
  const linkedId = linkedAccountId(related, lookup);
  if (linkedId !== null) {
    steps.push({ step: 'Account of the new Contact: that of the booking link', outcome: linkedId });
    return { kind: 'found', recordId: linkedId, via: 'link' };
  }
  const isByDomain = contactAccount === 'emailDomain';
  const value = isByDomain ? domain : company;
  const step = `Account of the new Contact: by ${isByDomain ? 'the domain of the e-mail' : 'the name of the company'}`;
  if (value === null) {
    steps.push({
      step,
      outcome: isByDomain ? 'none: the e-mail says nothing of a company' : 'none: the booking names no company',
    });
    return null;
  }
  const found = isByDomain
    ? lookup.index.living('Account', 'website', value)
    : lookup.index.living('Account', 'name', comparableName(value));
  const accounts = found.filter(isOfCompany).map((record) => ({ recordId: idOf(record), record }));
  const chosen = equallyGood(accounts, ambiguous);
  if (chosen === 'ambiguous') {
    steps.push({ step, outcome: `none: ${accounts.length} Accounts equally good` });
    return null;
  }
  if (chosen !== null) {
    const others = accounts.length > 1 ? `, changed last of ${accounts.length}` : '';
    steps.push({ step, outcome: `${chosen.recordId}${others}` });
    return { kind: 'found', recordId: chosen.recordId, via: isByDomain ? 'emailDomain' : 'companyName' };
  }
  steps.push({ step, outcome: contactAccount === 'create' ? 'a new Account' : 'none' });
  return contactAccount === 'create' ? { kind: 'create', name: value } : null;
}

function linkedAccountId(related: RelatedMatch | null, lookup: Lookup): string | null {
  if (!isLinked(related)) return null;
  if (related.object === 'Account') return related.recordId;
  const accountId = textIn(related.record, 'AccountId');
  if (accountId === null || !hasPersonAccounts(lookup.org.schema)) return accountId;
  // A Contact cannot belong to a Person Account, and only the Account itself tells which it is.
  const account = lookup.discovered('Account', accountId);
  return account !== null && account['IsDeleted'] !== true && isOfCompany(account) ? accountId : null;
}

function isOfCompany(account: FoundRecord): boolean {
  return account['IsPersonAccount'] !== true;
}
