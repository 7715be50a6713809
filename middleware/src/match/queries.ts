import { websiteSpellings } from '../customer/email-domain';
import { select, soqlIn } from '../salesforce/soql';
import { sobjectOf, type CustomerObject } from '../settings/objects';
import type { Candidate } from './candidate';
import { askedOf, SANDBOX_SUFFIX, type Asked } from './directory';
import type { Directory } from './match-types';
import { isVisible, visibleFields, type OrgView } from './org-view';
import { PHONE_FIELDS, type MatchedSobject } from './record-fields';
import { recordsQuery, type Condition, type ReadQuery } from './records-query';
import { soughtOf } from './sought';

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
  return [
    eventQuery(candidates, org),
    personQuery('Lead', candidates, org),
    personQuery('Contact', candidates, org),
    accountQuery(candidates, org),
    opportunityQuery(candidates, org),
    caseQuery(candidates, org),
    userQuery(asked, org),
    queueQuery(asked, org),
    inviteesQuery(eventsWithGuests(candidates), org),
  ].filter((query) => query !== null);
}

function eventQuery(candidates: readonly Candidate[], org: OrgView): ReadQuery {
  const mapped = candidates.flatMap(({ settings }) => settings.settings.mappings.Event.map(({ field }) => field));
  const wanted = ['WhoId', 'WhatId', 'OwnerId', 'IsDeleted', ...EVENT_TIMES, 'Booking_Id__c', ...mapped];
  // Asked for even where the user sees no Events or no key: the org's answer then stops the lane with its cause.
  const fields = ['Id', ...visibleFields('Event', wanted, org)];
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

function personQuery(sobject: 'Lead' | 'Contact', candidates: readonly Candidate[], org: OrgView): ReadQuery | null {
  const asked = searching(sobject, candidates);
  const guests = candidates.flatMap((candidate) => soughtOf(candidate).guests);
  const living: Condition[] = [
    ['Booking_Customer_Id__c', asked.map(({ customerId }) => customerId)],
    ['Email', [...asked.map((candidate) => soughtOf(candidate).email), ...guests]],
    ...phoneConditions(sobject, asked),
  ];
  return recordsQuery(sobject, { living, ids: idsOf(sobject, candidates, org), candidates }, org);
}

function accountQuery(candidates: readonly Candidate[], org: OrgView): ReadQuery | null {
  const asked = isVisible('PersonAccount', org) ? searching('PersonAccount', candidates) : [];
  const sought = candidates.map(soughtOf);
  const living: Condition[] = [
    ['Booking_Customer_Id__c', asked.map(({ customerId }) => customerId)],
    ['PersonEmail', asked.map((candidate) => soughtOf(candidate).email)],
    ...phoneConditions('Account', asked),
    ['Name', sought.map(({ company }) => company)],
    ['Website', sought.flatMap(({ domain }) => (domain === null ? [] : websiteSpellings(domain)))],
  ];
  return recordsQuery('Account', { living, ids: idsOf('Account', candidates, org), candidates }, org);
}

function opportunityQuery(candidates: readonly Candidate[], org: OrgView): ReadQuery | null {
  const asked = searching('Opportunity', candidates);
  const making = candidates.filter(({ settings }) => settings.settings.rules.alsoCreate === 'Opportunity');
  const living: Condition[] = [
    ['Booking_Customer_Id__c', asked.map(({ customerId }) => customerId)],
    ['Name', asked.map((candidate) => soughtOf(candidate).name)],
  ];
  const made: Condition[] = [['Booking_Id__c', [...asked, ...making].map(({ externalId }) => externalId)]];
  return recordsQuery('Opportunity', { living, made, ids: idsOf('Opportunity', candidates, org), candidates }, org);
}

function caseQuery(candidates: readonly Candidate[], org: OrgView): ReadQuery | null {
  const making = candidates.filter(({ settings }) => settings.settings.rules.alsoCreate === 'Case');
  const made: Condition[] = [['Booking_Id__c', making.map(({ externalId }) => externalId)]];
  return recordsQuery('Case', { living: [], made, ids: idsOf('Case', candidates, org), candidates }, org);
}

function userQuery({ emails, usernames }: Asked, { schema }: OrgView): ReadQuery | null {
  const names = [...emails, ...usernames].flatMap((name) => [name, name + SANDBOX_SUFFIX]);
  if (names.length === 0 || schema.objects['User'] === undefined) return null;
  const who = `(${soqlIn('Email', names)} OR ${soqlIn('Username', names)})`;
  const fields = ['Id', 'Email', 'Username', 'IsActive', 'UserType'];
  return {
    sobject: 'User',
    all: false,
    soql: select(fields, 'User', `IsActive = true AND UserType = 'Standard' AND ${who}`),
  };
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
function eventsWithGuests(candidates: readonly Candidate[]): string[] {
  return candidates
    .filter((candidate) => soughtOf(candidate).guests.length > 0)
    .map(({ written }) => written?.eventId ?? null)
    .filter((id) => id !== null);
}

function searching(object: CustomerObject, candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter(({ settings }) => settings.settings.rules.searchOrder.includes(object));
}

function phoneConditions(sobject: MatchedSobject, asked: readonly Candidate[]): Condition[] {
  const spellings = asked.flatMap((candidate) => soughtOf(candidate).phone?.spellings ?? []);
  return (PHONE_FIELDS[sobject] ?? []).map((field) => [field, spellings]);
}

/** Ids of one object that the bookings' links, our own memory and the org's duplicate rules point to. */
function idsOf(sobject: string, candidates: readonly Candidate[], { schema }: OrgView): string[] {
  const prefix = schema.objects[sobject]?.keyPrefix ?? null;
  return candidates.flatMap(({ booking, link, adopted }) => {
    const hint = booking.state.recordId;
    const known = [link, adopted].filter((one) => one !== null && sobjectOf(one.sobject as CustomerObject) === sobject);
    return [
      ...(hint !== null && prefix !== null && hint.startsWith(prefix) ? [hint] : []),
      ...known.map((one) => one?.recordId ?? ''),
    ];
  });
}
