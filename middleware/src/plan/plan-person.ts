import type { PartOutcome } from '../booking/outcome';
import type { Candidate } from '../match/candidate';
import type { FoundCustomer } from '../match/match-types';
import { comparableName, soughtOf, type Sought } from '../match/sought';
import { sobjectOf, type CustomerObject } from '../settings/objects';
import { addToNewRecord, planExisting } from './existing-record';
import { blindFor, lackedOfPage, parkedForRights } from './lacked';
import { planAccount } from './new-account';
import { newRecord } from './new-record';
import type { EventParent, RecordRow } from './plan';
import { mayCreate, parked, type BookingInHand, type PlanContext } from './planning';
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
  /** The Account that the known record belongs to. */
  accountId: string | null;
  outcome: PartOutcome | null;
  /** What the outcome becomes once the record is written: something of it could not be. */
  flaw: PartOutcome | null;
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
  accountId: null,
  outcome: null,
  flaw: null,
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
  const isUnknown = match.person.kind === 'create' || match.person.kind === 'none';
  if (isUnknown && foundByOthers !== null) {
    steps.push({ step: foundByOthers.object, outcome: `${foundByOthers.recordId}, by another booking of this batch` });
    return planFound(foundByOthers, inHand, context, rows);
  }
  const { person } = match;
  if (isUnknown && live === null) {
    const blind = parkedForRights(blindFor(lackedOfPage(inHand.candidate.settings.settings, context.org)));
    if (blind !== null) return { ...NOBODY, outcome: blind };
  }
  switch (person.kind) {
    case 'found':
      return planFound(person, inHand, context, rows);
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
    case 'none': {
      const shared = live === null ? planShared(inHand, context, rows) : null;
      if (shared !== null) return shared;
      steps.push({ step: 'person', outcome: person.cause });
      return { ...NOBODY, outcome: { state: 'notWanted', cause: person.cause } };
    }
    case 'create':
      // An Event that exists keeps the person that the org gives it: somebody may have taken that person away.
      if (live !== null) return NOBODY;
      return planShared(inHand, context, rows) ?? planNew(person.object, inHand, context, rows);
  }
}

function planFound(person: FoundCustomer, inHand: BookingInHand, context: PlanContext, rows: Rows): PlannedPerson {
  const { object, recordId, record, whoId, accountId, isKeyTaken } = person;
  const { customerId } = inHand.candidate;
  const planned =
    record === null
      ? null
      : planExisting(
          { object, recordId, record, key: isKeyTaken ? null : customerId },
          'person',
          inHand,
          context,
          rows,
        );
  const held = record?.[context.org.names.name('Booking_Customer_Id__c')] ?? null;
  const link = { sobject: object, recordId };
  const isWhat = object === 'Opportunity' || (object === 'PersonAccount' && whoId === null);
  return {
    object,
    who: whoId === null ? null : { recordId: whoId },
    what: isWhat ? { recordId } : null,
    person: link,
    accountId,
    outcome: { state: 'written', ...link },
    flaw: planned?.flaw ?? null,
    holdsKey: held === customerId || planned?.carriesKey === true,
    awaitsContact: false,
  };
}

/**
 * The new record that an earlier booking of the batch makes of the same customer. He is looked for as the match would
 * had that booking been written before: by his id, then by what others may share, each in the search order.
 */
function planShared(inHand: BookingInHand, context: PlanContext, rows: Rows): PlannedPerson | null {
  const { candidate } = inHand;
  const sought = soughtOf(candidate);
  const keys = candidate.settings.settings.rules.searchOrder.map((object) => keysOf(object, candidate, sought));
  const row = rows.created(keys.map(([byId]) => byId)) ?? rows.created(keys.flatMap(([, ...bySign]) => bySign));
  if (row === null) return null;
  const object = row.object as CustomerObject;
  rows.share(row, keysOf(object, candidate, sought), candidate.booking.id);
  addToNewRecord(row, inHand, context);
  return asNew(object, row);
}

/** By what bookings of one batch mean the same new record: the customer's id, then what the match compares. */
function keysOf(object: CustomerObject, { customerId }: Candidate, { email, name }: Sought): [string, ...string[]] {
  const sign = object !== 'Opportunity' ? email : name === null ? null : comparableName(name);
  return [`${object} id ${customerId}`, ...(sign === null ? [] : [`${object} sign ${sign}`])];
}

function planNew(object: CustomerObject, inHand: BookingInHand, context: PlanContext, rows: Rows): PlannedPerson {
  const { candidate } = inHand;
  const { org } = context;
  const customerField = org.names.name('Booking_Customer_Id__c');
  // An Opportunity's customer id is not unique, so its key is that of the booking that makes it.
  const isByBooking = object === 'Opportunity';
  const given = isByBooking && mayCreate(org, object, customerField) ? { [customerField]: candidate.customerId } : {};
  const record = newRecord(object, given, inHand, context);
  if ('parked' in record) return { ...NOBODY, outcome: record.parked };
  // After the Contact: an Account of a Contact that cannot be made would be nobody's.
  const account = object === 'Contact' ? planAccount(inHand, context, rows) : null;
  if (account !== null && 'parked' in account) return { ...NOBODY, outcome: account.parked };
  const row = rows.create(keysOf(object, candidate, soughtOf(candidate)), {
    part: 'person',
    object,
    sobject: sobjectOf(object),
    recordId: null,
    keyField: isByBooking ? 'Booking_Id__c' : 'Booking_Customer_Id__c',
    key: isByBooking ? candidate.externalId : candidate.customerId,
    fields: {
      ...record.fields,
      ...(account !== null && 'recordId' in account ? { AccountId: account.recordId } : {}),
    },
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
