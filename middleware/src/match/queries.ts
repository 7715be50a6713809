import { websiteSpellings } from '../customer/email-domain';
import { select, soqlIn } from '../salesforce/soql';
import { sobjectOf, type CustomerObject } from '../settings/objects';
import type { Candidate } from './candidate';
import { askedOf, SANDBOX_SUFFIX, type Asked } from './directory';
import type { Directory } from './match-types';
import { isVisible, visibleFields, type OrgView } from './org-view';
import { PHONE_FIELDS, type MatchedSobject } from './record-fields';
import { recordsQuery, type Condition, type ReadQuery } from './records-query';
import { soughtOf, type Sought } from './sought';

export { SANDBOX_SUFFIX } from './directory';
export type { OrgView } from './org-view';
export type { ReadQuery } from './records-query';
export { hostOf } from './sought';

/** The fields that place an Event in time. */
export const EVENT_TIMES = ['StartDateTime', 'EndDateTime', 'IsAllDayEvent'];

/**
 * Which queries find everything that the candidates' bookings could belong to: at most one per object, and only for
 * objects that somebody asks for. Built from settings and schema: a field that the org or the user lacks is not asked for. Pure.
 *
 * @param directory users and queues that are known already.
 */
export function queriesFor(candidates: readonly Candidate[], org: OrgView, directory: Directory): ReadQuery[] {
  const asked = askedOf(candidates, directory);
  const wanted = candidates.map((candidate) => ({ candidate, sought: soughtOf(candidate) }));
  return [
    eventQuery(candidates, org),
    personQuery('Lead', wanted, org),
    personQuery('Contact', wanted, org),
    accountQuery(wanted, org),
    opportunityQuery(wanted, org),
    caseQuery(wanted, org),
    userQuery(asked, org),
    queueQuery(asked, org),
    inviteesQuery(eventsWithGuests(wanted), org),
  ].filter((query) => query !== null);
}

/** A booking, and what is looked for. */
interface Wanted {
  candidate: Candidate;
  sought: Sought;
}

function eventQuery(candidates: readonly Candidate[], org: OrgView): ReadQuery {
  const mapped = candidates.flatMap(({ settings }) => settings.settings.mappings.Event.map(({ field }) => field));
  const ids = ['WhoId', 'WhatId', 'OwnerId', 'CreatedById', 'LastModifiedById'];
  const fieldNames = [...ids, 'IsDeleted', ...EVENT_TIMES, 'Booking_Id__c', ...mapped];
  // Asked for even where the user sees no Events or no key: the org's answer then stops the lane with its cause.
  const fields = ['Id', ...visibleFields('Event', fieldNames, org)];
  const byKey = soqlIn(
    org.names.name('Booking_Id__c'),
    candidates.map(({ externalId }) => externalId),
  );
  const hasChildren = org.schema.objects['Event']?.fields['IsChild'] !== undefined;
  // An invitee's child Event may carry a copy of the key: it is not the booking's Event.
  return {
    sobject: 'Event',
    all: true,
    soql: select(fields, 'Event', hasChildren ? `IsChild = false AND ${byKey}` : byKey),
  };
}

function personQuery(sobject: 'Lead' | 'Contact', wanted: readonly Wanted[], org: OrgView): ReadQuery | null {
  const asked = searching(sobject, wanted);
  const emails = asked.map(({ sought }) => sought.email);
  const living: Condition[] = [
    ['Email', [...emails, ...wanted.flatMap(({ sought }) => sought.guests)]],
    ...phoneConditions(sobject, asked),
  ];
  return recordsQuery(sobject, { living, livingOrMerged: customerIds(asked), ...named(sobject, wanted, org) }, org);
}

function accountQuery(wanted: readonly Wanted[], org: OrgView): ReadQuery | null {
  const asked = isVisible('PersonAccount', org) ? searching('PersonAccount', wanted) : [];
  const domains = wanted.map(({ sought }) => sought.domain).filter((domain) => domain !== null);
  const living: Condition[] = [
    ['PersonEmail', asked.map(({ sought }) => sought.email)],
    ...phoneConditions('Account', asked),
    ['Name', wanted.map(({ sought }) => sought.company)],
    ['Website', domains.flatMap(websiteSpellings)],
  ];
  return recordsQuery('Account', { living, livingOrMerged: customerIds(asked), ...named('Account', wanted, org) }, org);
}

function opportunityQuery(wanted: readonly Wanted[], org: OrgView): ReadQuery | null {
  const asked = searching('Opportunity', wanted);
  const living: Condition[] = [...customerIds(asked), ['Name', asked.map(({ sought }) => sought.name)]];
  const made = bookingIds([...asked, ...making('Opportunity', wanted)]);
  return recordsQuery('Opportunity', { living, made, ...named('Opportunity', wanted, org) }, org);
}

function caseQuery(wanted: readonly Wanted[], org: OrgView): ReadQuery | null {
  const made = bookingIds(making('Case', wanted));
  return recordsQuery('Case', { living: [], made, ...named('Case', wanted, org) }, org);
}

function userQuery({ emails, ids, usernames }: Asked, { schema }: OrgView): ReadQuery | null {
  const names = [...emails, ...usernames].flatMap((name) => [name, name + SANDBOX_SUFFIX]);
  if (names.length + ids.length === 0 || schema.objects['User'] === undefined) return null;
  const who = whoIs(names, ids);
  const fields = ['Id', 'Email', 'Username', 'IsActive', 'UserType'];
  return {
    sobject: 'User',
    all: false,
    soql: select(fields, 'User', `IsActive = true AND UserType = 'Standard' AND ${who}`),
  };
}

/** The condition for users of these names, as e-mail or username, or ids. Not for none at all. */
export function whoIs(names: readonly string[], ids: readonly string[]): string {
  const byName = names.length === 0 ? [] : [soqlIn('Email', names), soqlIn('Username', names)];
  const byId = ids.length === 0 ? [] : [soqlIn('Id', ids)];
  return `(${[...byName, ...byId].join(' OR ')})`;
}

function queueQuery({ queues }: Asked, { schema }: OrgView): ReadQuery | null {
  if (queues.length === 0 || schema.objects['Group'] === undefined) return null;
  const where = `Type = 'Queue' AND ${soqlIn('DeveloperName', queues)}`;
  return { sobject: 'Group', all: false, soql: select(['Id', 'DeveloperName'], 'Group', where) };
}

/** Who is invited to Events already; null when nobody asks, or the user does not see it. */
export function inviteesQuery(eventIds: readonly string[], { schema }: OrgView): ReadQuery | null {
  if (eventIds.length === 0 || schema.objects['EventRelation'] === undefined) return null;
  const fields = ['Id', 'EventId', 'RelationId'];
  return {
    sobject: 'EventRelation',
    all: false,
    soql: select(fields, 'EventRelation', soqlIn('EventId', eventIds)),
  };
}

/** The known Events of bookings whose guests may have to be invited. */
function eventsWithGuests(wanted: readonly Wanted[]): string[] {
  return wanted
    .filter(({ sought }) => sought.guests.length > 0)
    .map(({ candidate }) => candidate.written?.eventId ?? null)
    .filter((id) => id !== null);
}

function searching(object: CustomerObject, wanted: readonly Wanted[]): Wanted[] {
  return wanted.filter(({ candidate }) => candidate.settings.settings.rules.searchOrder.includes(object));
}

function making(object: 'Case' | 'Opportunity', wanted: readonly Wanted[]): Wanted[] {
  return wanted.filter(({ candidate }) => candidate.settings.settings.rules.alsoCreate === object);
}

function customerIds(asked: readonly Wanted[]): Condition[] {
  return [['Booking_Customer_Id__c', asked.map(({ candidate }) => candidate.customerId)]];
}

function bookingIds(wanted: readonly Wanted[]): Condition[] {
  return [['Booking_Id__c', wanted.map(({ candidate }) => candidate.externalId)]];
}

function phoneConditions(sobject: MatchedSobject, asked: readonly Wanted[]): Condition[] {
  const spellings = asked.flatMap(({ sought }) => sought.phone?.spellings ?? []);
  return (PHONE_FIELDS[sobject] ?? []).map((field) => [field, spellings]);
}

/** The bookings, and ids of one object that their links, our own memory and the org's duplicate rules point to. */
function named(
  sobject: MatchedSobject,
  wanted: readonly Wanted[],
  { schema }: OrgView,
): { ids: string[]; candidates: Candidate[] } {
  const prefix = schema.objects[sobject]?.keyPrefix ?? null;
  const candidates = wanted.map(({ candidate }) => candidate);
  const ids = candidates.flatMap(({ booking, link, adopted }) => {
    const hint = booking.state.recordId;
    const known = [link, adopted]
      .filter((one) => one !== null)
      .filter((one) => sobjectOf(one.sobject as CustomerObject) === sobject);
    return [
      ...(hint !== null && prefix !== null && hint.startsWith(prefix) ? [hint] : []),
      ...known.map(({ recordId }) => recordId),
    ];
  });
  return { ids, candidates };
}
