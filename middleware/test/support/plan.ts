import { planBatch } from '../../src/plan/plan-batch';
import type { Decision, Plan, RecordRow } from '../../src/plan/plan';
import type { Candidate } from '../../src/match/candidate';
import type {
  Directory,
  FoundCustomer,
  FoundRecord,
  Match,
  PersonMatch,
  RelatedMatch,
} from '../../src/match/match-types';
import type { ExistingObject } from '../../src/settings/objects';
import type { OwnerRules } from '../../src/settings/rules';
import { DEFAULT_SETTINGS, type Settings } from '../../src/settings/settings';
import type { OrgView } from '../../src/salesforce/org-view';
import { ACCOUNT_ID, CONTACT_ID, EVENT_FIELDS, EVENT_ID, HOST_ID, LEAD_ID, matched } from './candidate';
import { orgView } from './schema';

export const NOW = new Date('2026-10-05T01:12:11.000Z');
export const OTHER_HOST_ID = '005000000000009AAA';

/** What a cancel changes on the Event. */
export const CANCELED = { Event_Status__c: 'Canceled', Subject: 'Canceled: Product demo' };

/** The Event of the first candidate as the org has it: in its own way of writing instants. */
export const liveEvent = (more: FoundRecord = {}): FoundRecord => ({
  ...EVENT_FIELDS,
  StartDateTime: '2026-10-07T04:30:00.000+0000',
  EndDateTime: '2026-10-07T05:00:00.000+0000',
  Id: EVENT_ID,
  Booking_Id__c: 'cal:uid-alpha',
  WhoId: LEAD_ID,
  WhatId: null,
  OwnerId: HOST_ID,
  IsDeleted: false,
  ...more,
});

/** The Lead of the first candidate, which carries his id. */
export function foundPerson(more: Partial<FoundCustomer> = {}, record: FoundRecord = {}): FoundCustomer {
  const recordId = more.recordId ?? LEAD_ID;
  return {
    kind: 'found',
    object: 'Lead',
    recordId,
    whoId: recordId,
    accountId: null,
    record: { Id: recordId, Email: 'alpha@example.test', Booking_Customer_Id__c: 'c-alpha', ...record },
    via: 'customerId',
    isKeyTaken: false,
    ...more,
  };
}

/** The same customer as a Contact. */
export const foundContact = (more: Partial<FoundCustomer> = {}): FoundCustomer =>
  foundPerson({ object: 'Contact', recordId: CONTACT_ID, ...more });

/** The same customer as a Person Account. */
export const foundPersonAccount = (more: Partial<FoundCustomer> = {}): FoundCustomer =>
  foundPerson({ object: 'PersonAccount', recordId: ACCOUNT_ID, whoId: CONTACT_ID, accountId: ACCOUNT_ID, ...more });

/** Two records that could both be the customer. */
export const AMBIGUOUS: PersonMatch = {
  kind: 'ambiguous',
  object: 'Contact',
  recordIds: [CONTACT_ID, '003000000000002AAA'],
  via: 'email',
};

/** A record that the link of a booking names. */
export const linked = (
  object: RelatedMatch['object'],
  recordId: string,
  record: FoundRecord | null = null,
): RelatedMatch => ({ object, recordId, record, via: 'link' });

/** Plans bookings, each with what its match differs in from a new Lead without Event. */
export function plan(
  pairs: [Candidate, Partial<Match>?][],
  org: OrgView = orgView(),
  directory: Directory = { users: new Map(), queues: new Map() },
): Plan {
  const matches = new Map(pairs.map(([one, match]) => [one.booking.id, matched(match)]));
  return planBatch(
    pairs.map(([one]) => one),
    matches,
    { org, directory, generation: 1, now: NOW },
  );
}

/** What was decided for a booking. */
export function decisionOf({ decisions }: Plan, { booking }: Candidate): Decision {
  const decision = decisions.get(booking.id);
  if (decision === undefined) throw new Error('Expected a decision, got none.');
  return decision;
}

/** The one record row of an object. */
export function recordOf({ records }: Plan, object: RecordRow['object']): RecordRow {
  const [row, ...others] = records.filter((record) => record.object === object);
  if (row === undefined || others.length > 0)
    throw new Error(`Expected one ${object}, got ${row === undefined ? 0 : 1 + others.length}.`);
  return row;
}

/** The default owner rules with those of one object changed. */
export function ownerOf(object: ExistingObject, rules: Partial<OwnerRules>): Settings['rules']['owner'] {
  const { owner } = DEFAULT_SETTINGS.rules;
  return { ...owner, [object]: { ...owner[object], ...rules } };
}
