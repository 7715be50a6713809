import type { OrgView } from '../salesforce/org-view';
import { isGoverned } from './field-security';
import type { MappingRow } from './mapping-row';
import { MAPPED_OBJECTS, sobjectOf, type MappedObject } from './objects';
import { OWN_FIELDS } from './own-fields';
import type { PageSettings } from './page-settings';
import { PHONE_FIELDS } from './phone-fields';
import { rightName, type NeededRight, type Right, type RightPart } from './right';
import type { Rules } from './rules';
import type { Settings } from './settings';
import { creates, scopesOf, useOf } from './use';
import { whenOf } from './when';

/** Settings in one place where they count. */
type Counting = Pick<PageSettings, 'rules' | 'mappings' | 'required'>;

/**
 * Every right that the API user needs for what a team's settings ask for, and no other: those of the team first, then
 * what pages of their own need besides. A right that every user has, or that no permission set governs, is not among
 * them. Pure.
 *
 * @param org as far as its user sees it: what is not seen is judged by what is known of standard objects.
 */
export function neededRights(settings: Settings, org: OrgView): NeededRight[] {
  return merged(scopesOf(settings).flatMap((scope) => rightsOf(scope.settings, org)));
}

/** The rights that bookings of one page need. Pure. */
export function neededRightsOfPage(settings: Counting, org: OrgView): NeededRight[] {
  const ofOrg = KNOWN.get(org) ?? new WeakMap<Rules, { of: Counting; rights: NeededRight[] }>();
  KNOWN.set(org, ofOrg);
  const known = ofOrg.get(settings.rules);
  if (known?.of.mappings === settings.mappings && known.of.required === settings.required) return known.rights;
  const rights = merged(rightsOf(settings, org));
  ofOrg.set(settings.rules, { of: settings, rights });
  return rights;
}

/** Asked for every booking: worked out once for as long as the settings and the schema live. */
const KNOWN = new WeakMap<OrgView, WeakMap<Rules, { of: Counting; rights: NeededRight[] }>>();

/** What a booking link needs that names an Account, a Case or an Opportunity: settings do not tell whether links do. Pure. */
export function rightsOfLinks(org: OrgView): NeededRight[] {
  const list = new Needs(org);
  for (const sobject of ['Account', 'Case', 'Opportunity']) {
    list.object(sobject, 'read', 'related', 'booking links may name such a record');
  }
  list.field('Event', 'WhatId', 'edit', 'related', 'the Event is related to the record that the link names');
  return merged(list.rights);
}

/** Collects needs. */
class Needs {
  readonly rights: NeededRight[] = [];

  constructor(private readonly org: OrgView) {}

  add(right: Right, part: RightPart, reason: string, more: Partial<NeededRight> = {}): void {
    this.rights.push({ right, parts: [part], reasons: [reason], isForReading: false, isByValue: false, ...more });
  }

  object(sobject: string, access: 'read' | 'create' | 'edit', part: RightPart, reason: string): void {
    this.add({ kind: 'object', sobject, access }, part, reason, { isForReading: access === 'read' });
  }

  field(
    sobject: string,
    local: string,
    access: 'read' | 'edit',
    part: RightPart,
    reason: string,
    more: Partial<NeededRight> = {},
  ): void {
    const field = this.org.names.name(local);
    if (!isGoverned(sobject, field, this.org.schema)) return;
    const isForReading = access === 'read';
    this.add({ kind: 'field', sobject, field, access }, part, reason, { isForReading, ...more });
  }

  /** What mapping rows and chosen values write into records of an object. */
  rows(object: MappedObject, rows: readonly MappingRow[], chosen: readonly string[], part: RightPart): void {
    const known = new Set<string>();
    for (const { field, from } of rows) {
      if (known.has(field) || OWN_FIELDS[object].includes(this.org.names.local(field))) continue;
      known.add(field);
      const reason = `a mapping writes ${from ?? 'a text'} into it`;
      this.field(sobjectOf(object), field, 'edit', part, reason, { isByValue: true });
    }
    for (const field of chosen) {
      this.field(sobjectOf(object), field, 'edit', part, 'it is required and has a value of its own', {
        isByValue: true,
      });
    }
  }
}

function rightsOf({ rules, mappings, required }: Counting, org: OrgView): NeededRight[] {
  const needs = new Needs(org);
  needs.add({ kind: 'user', permission: 'ApiEnabled' }, 'api', 'every request goes through the API');
  needs.add(
    { kind: 'user', permission: 'ActivitiesAccess' },
    'api',
    "a booking's Event is looked for before anything is written",
    { isForReading: true },
  );
  needCustomers(needs, rules);
  needNewPersons(needs, { rules, mappings, required });
  needAccountOfContact(needs, { rules, mappings, required });
  needRelated(needs, { rules, mappings, required });
  needChanges(needs, { rules, mappings, required });
  needEvents(needs, { rules, mappings, required });
  needRelations(needs, rules);
  return needs.rights;
}

const KEY = 'Booking_Customer_Id__c';
const FOUND_BY_KEY = "the customer's record is found by it, and it is written there";

/** Finding customers, and knowing them again. */
function needCustomers(needs: Needs, { searchOrder, matchPhone }: Rules): void {
  for (const object of searchOrder) {
    const sobject = sobjectOf(object);
    needs.object(sobject, 'read', 'person', `customers are looked for among ${sobject} records`);
    needs.object(sobject, 'edit', 'person', "the customer's id is written into the record that was found");
    needs.field(sobject, KEY, 'edit', 'person', FOUND_BY_KEY, { isForReading: true });
    if (object === 'Opportunity') continue;
    const email = object === 'PersonAccount' ? 'PersonEmail' : 'Email';
    needs.field(sobject, email, 'read', 'person', 'customers are found by their e-mail address');
    if (object !== 'Lead') readAccounts(needs, 'person');
    if (object === 'PersonAccount') {
      needs.object('Contact', 'read', 'person', 'an Event points at the Contact of a Person Account');
    }
    if (!matchPhone) continue;
    for (const field of PHONE_FIELDS[sobject as keyof typeof PHONE_FIELDS]) {
      needs.field(sobject, field, 'read', 'person', 'customers are found by their phone number');
    }
  }
}

/** An org gives rights on these objects only beside the right to read Accounts, and on Case to read Contacts too. */
function readAccounts(needs: Needs, part: RightPart, sobject = 'Contact'): void {
  const reason = 'Salesforce gives rights on Contact, Opportunity and Case only to who may read Account';
  needs.object('Account', 'read', part, reason);
  if (sobject === 'Case') {
    needs.object('Contact', 'read', part, 'Salesforce gives rights on Case only to who may read Contact');
  }
}

function needNewPersons(needs: Needs, { rules, mappings, required }: Counting): void {
  const { unknownCustomer } = rules;
  if (unknownCustomer === 'None') return;
  const sobject = sobjectOf(unknownCustomer);
  needs.object(sobject, 'create', 'person', `an unknown customer becomes a new ${unknownCustomer}`);
  if (unknownCustomer === 'Opportunity') {
    needs.field(sobject, 'Booking_Id__c', 'edit', 'person', 'a new Opportunity is written by it');
    readAccounts(needs, 'person');
  }
  needs.rows(unknownCustomer, mappings[unknownCustomer], Object.keys(required[unknownCustomer] ?? {}), 'person');
}

/** The Account of a new Contact. */
function needAccountOfContact(needs: Needs, { rules, mappings, required }: Counting): void {
  const { unknownCustomer, contactAccount } = rules;
  if (unknownCustomer !== 'Contact' || contactAccount === 'none') return;
  needs.object('Account', 'read', 'person', 'the Account of a new Contact is looked for');
  needs.field('Contact', 'AccountId', 'edit', 'person', 'a new Contact gets its Account', { isByValue: true });
  if (contactAccount === 'emailDomain') {
    needs.field('Account', 'Website', 'read', 'person', 'the Account of a new Contact is found by its website');
  }
  if (contactAccount !== 'create') return;
  needs.object('Account', 'create', 'person', 'the company of a new Contact becomes a new Account');
  needs.field('Account', KEY, 'edit', 'person', 'a new Account is written by it');
  needs.rows('Account', mappings.Account, Object.keys(required.Account ?? {}), 'person');
}

/** The Case or Opportunity that every booking gets. */
function needRelated(needs: Needs, { rules, mappings, required }: Counting): void {
  const { alsoCreate, searchOrder, unknownCustomer } = rules;
  if (alsoCreate === null) return;
  needs.object(alsoCreate, 'read', 'related', `the ${alsoCreate} of a booking is looked for before one is made`);
  needs.object(alsoCreate, 'create', 'related', `every booking gets a new ${alsoCreate}`);
  readAccounts(needs, 'related', alsoCreate);
  needs.field(alsoCreate, 'Booking_Id__c', 'edit', 'related', 'it is found and written by it', { isForReading: true });
  needs.field(alsoCreate, KEY, 'edit', 'related', "the customer's id is written there");
  needs.rows(alsoCreate, mappings[alsoCreate], Object.keys(required[alsoCreate] ?? {}), 'related');
  const persons = new Set<string>([...searchOrder, unknownCustomer]);
  if (!persons.has('Contact') && !persons.has('PersonAccount')) return;
  const whose = { isByValue: true };
  needs.field(alsoCreate, 'AccountId', 'edit', 'related', 'it belongs to the Account of the customer', whose);
  if (persons.has('Contact')) {
    needs.field('Contact', 'AccountId', 'read', 'related', `the ${alsoCreate} belongs to the Account of the Contact`);
  }
  if (alsoCreate === 'Case') needs.field('Case', 'ContactId', 'edit', 'related', 'it belongs to the customer', whose);
}

/** Records that are there and that rules let a booking change. */
function needChanges(needs: Needs, { rules, mappings }: Counting): void {
  for (const object of MAPPED_OBJECTS) {
    if (object === 'Event') continue;
    const part = object === 'Account' || object === 'Case' || object === 'Opportunity' ? 'related' : 'person';
    const isReached =
      part === 'related' ||
      (rules.searchOrder as readonly MappedObject[]).includes(object) ||
      creates(rules).has(object);
    if (isReached && rules.owner[object].onExisting.kind !== 'keep') change(needs, object, part, 'owners');
    if (!useOf(object, rules, mappings[object]).isChanged) continue;
    change(needs, object, part, 'values');
    needs.rows(
      object,
      mappings[object].filter((row) => whenOf(row, object, rules) !== 'onCreate'),
      [],
      part,
    );
  }
}

function change(needs: Needs, object: MappedObject, part: RightPart, what: string): void {
  const sobject = sobjectOf(object);
  needs.object(sobject, 'read', part, `existing ${object} records get ${what} of bookings`);
  needs.object(sobject, 'edit', part, `existing ${object} records get ${what} of bookings`);
  if (sobject !== 'Lead' && sobject !== 'Account') readAccounts(needs, part, sobject);
}

function needEvents(needs: Needs, { rules, mappings, required }: Counting): void {
  const { event, searchOrder, unknownCustomer, alsoCreate } = rules;
  if (event === 'off') {
    const reason = 'the Event of a booking is looked for by it';
    needs.field('Event', 'Booking_Id__c', 'read', 'api', reason);
    return;
  }
  const persons = new Set<string>([...searchOrder, unknownCustomer]);
  const isAboutContacts = persons.has('Contact') || persons.has('PersonAccount');
  needs.add({ kind: 'user', permission: 'EditEvent' }, 'event', 'every booking becomes an Event');
  needs.field('Event', 'Booking_Id__c', 'edit', 'event', 'the Event of a booking is found and written by it', {
    isForReading: true,
  });
  needs.field('Event', 'IsAllDayEvent', 'edit', 'event', 'every Event says whether it is all day');
  if (persons.has('Lead') || isAboutContacts) {
    needs.field('Event', 'WhoId', 'edit', 'event', 'the Event belongs to the customer', { isByValue: true });
  }
  if (persons.has('PersonAccount') || persons.has('Opportunity') || (alsoCreate !== null && isAboutContacts)) {
    needs.field('Event', 'WhatId', 'edit', 'event', 'the Event belongs to its related record', { isByValue: true });
  }
  needs.rows('Event', mappings.Event, Object.keys(required.Event ?? {}), 'event');
}

function needRelations(needs: Needs, { guests, campaignMember, event }: Rules): void {
  if (guests === 'invite' && event === 'write') {
    for (const sobject of ['Lead', 'Contact']) {
      needs.object(sobject, 'read', 'relations', 'guests are looked for, to be invited');
      needs.field(sobject, 'Email', 'read', 'relations', 'guests are found by their e-mail address');
    }
    readAccounts(needs, 'relations');
  }
  if (campaignMember !== null) {
    needs.object('Campaign', 'read', 'relations', 'customers become members of a campaign');
  }
}

/** The part that comes first counts: what stops a person stops what follows. */
const PART_ORDER: readonly RightPart[] = ['api', 'person', 'related', 'event', 'relations'];

/** Each right once; of a field the strongest. */
function merged(rights: readonly NeededRight[]): NeededRight[] {
  const byName = new Map<string, NeededRight>();
  for (const needed of rights) {
    const { right } = needed;
    const key = right.kind === 'field' ? `${right.sobject}.${right.field}` : rightName(right);
    const known = byName.get(key);
    byName.set(key, known === undefined ? needed : both(known, needed));
  }
  return [...byName.values()].sort((a, b) => place(a.parts) - place(b.parts));
}

function place(parts: readonly RightPart[]): number {
  return Math.min(...parts.map((part) => PART_ORDER.indexOf(part)));
}

function both(known: NeededRight, more: NeededRight): NeededRight {
  const isEdit = more.right.kind === 'field' && more.right.access === 'edit';
  // Reading is always needed where it is needed at all; writing perhaps for some values only.
  const edits = [known, more].filter(({ right }) => right.kind === 'field' && right.access === 'edit');
  return {
    right: isEdit ? more.right : known.right,
    reasons: [...new Set([...known.reasons, ...more.reasons])],
    parts: PART_ORDER.filter((part) => known.parts.includes(part) || more.parts.includes(part)),
    isForReading: known.isForReading || more.isForReading,
    isByValue: edits.length > 0 ? edits.every(({ isByValue }) => isByValue) : false,
  };
}
