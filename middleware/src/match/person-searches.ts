import type { RecordLink } from '../customer/customer.store';
import type { Step } from '../booking/outcome';
import { sobjectOf, type CustomerObject } from '../settings/objects';
import type { Candidate } from './candidate';
import { customerSobject, isOfPersonAccount, type CustomerSobject, type Lookup, type Reached } from './follow';
import { textIn } from './found-record';
import type { FoundCustomer, FoundRecord, RelatedMatch } from './match-types';
import type { MatchVia } from './match-steps';
import { isLinked, sobjectNamed } from './related';
import { comparableName, type Sought } from './sought';

/** Records of one object that a step led to. */
export interface Group {
  object: CustomerObject;
  records: Reached[];
  via?: FoundCustomer['via'];
}

/** What a step comes to: groups in the search order, or why it was not taken. */
export type Search = Group[] | { skipped: string } | null;

/** Who is looked for, and what may be looked at. */
export interface Asker {
  candidate: Candidate;
  sought: Sought;
  related: RelatedMatch | null;
  lookup: Lookup;
  /** Objects of the search order that the user sees. */
  order: CustomerObject[];
  steps: Step[];
}

/** How each step looks for the customer. Null: the rules do not want the step. */
export const SEARCHES: Readonly<Record<MatchVia, (asker: Asker) => Search>> = {
  link: byLink,
  customerId: byCustomerId,
  storedLink: ({ candidate: { link }, lookup, order }) => {
    const object = order.find((one) => one === link?.sobject);
    if (link === null) return { skipped: 'there is none' };
    if (object === undefined) return { skipped: `a ${link.sobject}, which is not looked for` };
    return [{ object, records: list(lookup.reach(customerSobject(object), link.recordId)) }];
  },
  duplicateRule: ({ candidate: { adopted }, lookup }) => (adopted === null ? null : byDuplicateRule(adopted, lookup)),
  email: ({ sought: { email }, ...asker }) =>
    email === null
      ? { skipped: 'the booking has none' }
      : asker.order
          .filter((object) => object !== 'Opportunity')
          .map((object) => ({ object, records: bySign(object, 'email', [email], asker) })),
  phone: ({ sought: { phone }, ...asker }) => {
    if (!asker.candidate.settings.settings.rules.matchPhone) return null;
    if (phone === null) return { skipped: 'the booking has none that could be somebody’s own' };
    return asker.order
      .filter((object) => object !== 'Opportunity')
      .map((object) => ({ object, records: bySign(object, 'phone', [...phone.digits], asker) }));
  },
  name: ({ sought: { name }, ...asker }) => {
    if (!asker.order.includes('Opportunity')) return null;
    return name === null
      ? { skipped: 'the booking has none' }
      : [{ object: 'Opportunity', records: bySign('Opportunity', 'name', [comparableName(name)], asker) }];
  },
};

/** A link is a hint that any visitor can edit: it counts only when no record on its way contradicts the e-mail given. */
function byLink(asker: Asker): Search {
  const { candidate, sought, related, lookup, order, steps } = asker;
  const id = candidate.booking.state.recordId;
  if (id === null) return { skipped: 'the booking has none' };
  const sobject = sobjectNamed(id, lookup);
  if (sobject === null) return { skipped: 'it is of no object that is looked for' };
  const believed = (reached: Reached | null): Reached[] => {
    const isOther = reached !== null && sought.email !== null && contradicts(reached, sought.email);
    if (isOther) steps.push({ step: describe(reached), outcome: 'not believed: it has another e-mail' });
    return isOther ? [] : list(reached);
  };
  if (sobject === 'Lead' || sobject === 'Contact' || (sobject === 'Account' && !isLinked(related)))
    return [{ object: objectIn(sobject), records: believed(lookup.reach(sobject, id)) }];

  const contactId = isLinked(related) ? textIn(related.record, 'ContactId') : null;
  const contact = contactId === null ? null : lookup.discovered('Contact', contactId);
  const ofRelated: Group = {
    object: 'Contact',
    // Fewer hops: to come to the Contact may have cost reads already.
    records: contact === null ? [] : believed(lookup.reach('Contact', contact, 2)),
    via: 'related',
  };
  const isClient = isLinked(related, 'Opportunity') && order.includes('Opportunity');
  if (!isClient) return contactId === null ? { skipped: 'it names no person' } : [ofRelated];
  const client: Group = { object: 'Opportunity', records: list(lookup.reach('Opportunity', related.recordId)) };
  return isBefore('Contact', 'Opportunity', order) ? [ofRelated, client] : [client, ofRelated];
}

function contradicts({ emails }: Reached, email: string): boolean {
  return emails.length > 0 && !emails.includes(email);
}

/**
 * Who carries the id is meant. Where nobody does and we remember no record, because we were never told that ours was
 * made, one that carried the id when it was merged away leads to the customer.
 */
function byCustomerId({ candidate, lookup, order }: Asker): Group[] {
  const holders = order.map((object) => ({ object, records: holdersOf(object, candidate, lookup) }));
  if (candidate.link !== null || holders.some(({ records }) => records.length > 0)) return holders;
  return order.map((object) => {
    const sobject = customerSobject(object);
    const merged = lookup.index.merged(sobject, candidate.customerId);
    return { object, records: merged.flatMap((record) => list(lookup.reach(sobject, record))) };
  });
}

/** An Opportunity's customer id is not unique and may have been emptied: the one made for this booking is its own. */
function holdersOf(object: CustomerObject, { customerId, externalId }: Candidate, lookup: Lookup): Reached[] {
  const sobject = customerSobject(object);
  const holders = lookup.index.living(sobject, 'customerId', customerId);
  const records =
    holders.length === 0 && object === 'Opportunity' ? lookup.index.living(sobject, 'bookingId', externalId) : holders;
  return records.flatMap((record) => list(lookup.reach(sobject, record)));
}

function byDuplicateRule(adopted: RecordLink, lookup: Lookup): Search {
  const sobject = sobjectOf(adopted.sobject as CustomerObject) as CustomerSobject;
  return [{ object: objectIn(sobject), records: list(lookup.reach(sobject, adopted.recordId)) }];
}

/**
 * Living records with a sign that others may share. A converted Lead is found by what names it, never by what it had in
 * common with the Contact it became; the Contact of a Person Account is found as that Account.
 */
function bySign(
  object: CustomerObject,
  sign: 'email' | 'phone' | 'name',
  values: string[],
  { lookup, order, steps }: Omit<Asker, 'sought'>,
): Reached[] {
  const sobject = customerSobject(object);
  const records = [...new Set(values.flatMap((value) => lookup.index.living(sobject, sign, value)))];
  const counts = (record: FoundRecord): boolean => {
    if (sobject === 'Account') return record['IsPersonAccount'] === true;
    if (record['IsConverted'] === true) return false;
    return sobject !== 'Contact' || !isOfPersonAccount(record, lookup.org);
  };
  const left = records.length - records.filter(counts).length;
  if (sobject === 'Contact' && left > 0 && !order.includes('PersonAccount'))
    steps.push({
      step: `Contact by the ${sign === 'email' ? 'e-mail' : 'phone number'}`,
      outcome: `${left} left out: of Person Accounts, which are not looked for`,
    });
  return records.filter(counts).flatMap((record) => list(lookup.reach(sobject, record)));
}

function isBefore(one: CustomerObject, other: CustomerObject, order: CustomerObject[]): boolean {
  return order.includes(one) && order.indexOf(one) < order.indexOf(other);
}

function describe({ object, recordId }: Reached): string {
  return `${object} ${recordId} of the booking link`;
}

function objectIn(sobject: CustomerSobject): CustomerObject {
  return sobject === 'Account' ? 'PersonAccount' : sobject;
}

function list<T>(one: T | null): T[] {
  return one === null ? [] : [one];
}
