import type { PartOutcome } from '../booking/outcome';
import { normalizeEmail } from '../customer/email';
import type { FoundCustomer } from '../match/match-types';
import { sobjectOf, type CustomerObject } from '../settings/objects';
import { planExisting } from './existing-record';
import { newRecord, sharedStep } from './new-record';
import type { EventParent, RecordRow } from './plan';
import { parked, type BookingInHand, type PlanContext } from './planning';
import type { Rows } from './rows';

/** Who an Event will be about, and what the person part comes to without a write. */
export interface PlannedPerson {
  object: CustomerObject | null;
  /** For WhoId: a Lead or Contact, and the person contact of a Person Account. */
  who: EventParent;
  /** For WhatId, where nothing else is related: a new Person Account, an Opportunity that stands for the customer. */
  what: EventParent;
  /** The known record. */
  person: { sobject: string; recordId: string } | null;
  outcome: PartOutcome | null;
  /** It carries the customer's id, or will. */
  holdsKey: boolean;
  /** A new Person Account: its person contact is known only after the write. */
  awaitsContact: boolean;
}

const NOBODY: PlannedPerson = {
  object: null,
  who: null,
  what: null,
  person: null,
  outcome: null,
  holdsKey: false,
  awaitsContact: false,
};

/**
 * Plans the customer's record: what changes on one that is there, or a new one. Pure but for `rows`.
 *
 * @param foundByOthers the record that another booking of the batch led to for the same customer: he is not unknown.
 */
export function planPerson(
  inHand: BookingInHand,
  foundByOthers: FoundCustomer | null,
  context: PlanContext,
  rows: Rows,
): PlannedPerson {
  const { match, live, steps } = inHand;
  const person = match.person.kind === 'create' ? (foundByOthers ?? match.person) : match.person;
  switch (person.kind) {
    case 'found':
      return planFound(person, inHand, context, rows);
    case 'none':
      steps.push({ step: 'person', outcome: person.cause });
      return { ...NOBODY, outcome: { state: 'notWanted', cause: person.cause } };
    case 'ambiguous':
      return {
        ...NOBODY,
        outcome: parked(
          'AMBIGUOUS_MATCH',
          `${person.recordIds.length} ${person.object} records fit equally well: ${person.recordIds.join(', ')}.`,
          'Merge them, put the customer id into the field Booking Customer Id of the right one, or choose a rule for ambiguous matches in the settings; then try again.',
          sobjectOf(person.object),
        ),
      };
    case 'create':
      // An Event that exists keeps the person that the org gives it: somebody may have taken that person away.
      return live === null ? planNew(person.object, inHand, context, rows) : NOBODY;
  }
}

function planFound(person: FoundCustomer, inHand: BookingInHand, context: PlanContext, rows: Rows): PlannedPerson {
  const { object, recordId, record, whoId, isKeyTaken } = person;
  const { customerId } = inHand.candidate;
  const isPlanned =
    record !== null &&
    planExisting({ object, recordId, record, key: isKeyTaken ? null : customerId }, 'person', inHand, context, rows);
  const held = record?.[context.org.names.name('Booking_Customer_Id__c')] ?? null;
  const link = { sobject: object, recordId };
  const isWhat = object === 'Opportunity' || (object === 'PersonAccount' && whoId === null);
  return {
    object,
    who: whoId === null ? null : { recordId: whoId },
    what: isWhat ? { recordId } : null,
    person: link,
    outcome: { state: 'written', ...link },
    holdsKey: held === customerId || isPlanned,
    awaitsContact: false,
  };
}

function planNew(object: CustomerObject, inHand: BookingInHand, context: PlanContext, rows: Rows): PlannedPerson {
  const { candidate, steps } = inHand;
  const email = normalizeEmail(candidate.booking.state.customer?.email ?? null);
  // Two teams' customers with one address are one person.
  const keys = [candidate.customerId, ...(email === null ? [] : [email])].map((key) => `${object} ${key}`);
  const same = rows.shared(keys);
  if (same !== null) {
    same.bookingIds.push(candidate.booking.id);
    steps.push(sharedStep(object));
    return asNew(object, same);
  }
  const customerField = context.org.names.name('Booking_Customer_Id__c');
  // An Opportunity's customer id is not unique, so its key is that of the booking that makes it.
  const given = object === 'Opportunity' ? { [customerField]: candidate.customerId } : {};
  const account = object === 'Contact' ? planAccount(inHand, context, rows) : null;
  const lookup = account !== null && 'recordId' in account ? { AccountId: account.recordId } : {};
  const record = newRecord(object, { ...given, ...lookup }, inHand, context);
  if ('parked' in record) return { ...NOBODY, outcome: record.parked };
  const row = rows.create(keys, {
    part: 'person',
    object,
    sobject: sobjectOf(object),
    recordId: null,
    keyField: object === 'Opportunity' ? 'Booking_Id__c' : 'Booking_Customer_Id__c',
    key: object === 'Opportunity' ? candidate.externalId : candidate.customerId,
    fields: record.fields,
    references: account !== null && 'row' in account ? { Account: account.row } : {},
    autoAssign: record.autoAssign,
    bookingIds: [candidate.booking.id],
  });
  return asNew(object, row);
}

function asNew(object: CustomerObject, row: RecordRow): PlannedPerson {
  const isWho = object === 'Lead' || object === 'Contact';
  return {
    ...NOBODY,
    object,
    who: isWho ? { row } : null,
    what: isWho ? null : { row },
    holdsKey: true,
    awaitsContact: object === 'PersonAccount',
  };
}

/** The Account of a new Contact: one that is there, or a new one that the whole batch shares by its name. */
function planAccount(inHand: BookingInHand, context: PlanContext, rows: Rows): EventParent {
  const { candidate, match, steps } = inHand;
  const { account } = match;
  if (account === null) return null;
  if (account.kind === 'found') {
    steps.push({ step: 'Account of the new Contact', outcome: `${account.recordId}, by ${account.via}` });
    return { recordId: account.recordId };
  }
  const keys = [`Account ${account.name.trim().toLowerCase()}`];
  const same = rows.shared(keys);
  if (same !== null) {
    same.bookingIds.push(candidate.booking.id);
    steps.push(sharedStep('Account'));
    return { row: same };
  }
  const record = newRecord('Account', {}, inHand, context);
  if ('parked' in record) {
    const why = record.parked.state === 'parked' ? record.parked.cause : '';
    steps.push({ step: 'Account of the new Contact', outcome: `left out: ${why}` });
    return null;
  }
  const row = rows.create(keys, {
    part: 'person',
    object: 'Account',
    sobject: 'Account',
    recordId: null,
    keyField: 'Booking_Customer_Id__c',
    // Not the customer's own id: that names the customer's record, which a company is not.
    key: `${candidate.customerId}:account`,
    fields: record.fields,
    references: {},
    autoAssign: record.autoAssign,
    bookingIds: [candidate.booking.id],
  });
  return { row };
}
