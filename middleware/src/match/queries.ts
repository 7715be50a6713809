import { normalizeEmail } from '../customer/email';
import type { FieldNames } from '../salesforce/field-names';
import { isRecordId } from '../salesforce/record-id';
import type { OrgSchema } from '../salesforce/schema';
import { select, soqlIn } from '../salesforce/soql';
import { PERSON_OBJECTS, RELATED_OBJECTS, type MappingRow } from '../settings/settings';
import type { Candidate } from './candidate';

/** One query that the match needs, and the object whose records it gives. */
export interface ReadQuery {
  sobject: string;
  soql: string;
  /** Deleted and archived records too. */
  all: boolean;
}

/** The org as far as queries must know it. */
export interface OrgView {
  schema: OrgSchema;
  names: FieldNames;
}

/**
 * Which queries find everything that the candidates' bookings could belong to: at most one per object, and only for
 * objects that somebody asks for. Built from settings and schema: a field that the org or the user lacks is not asked for. Pure.
 *
 * @param knownHosts normalised e-mails whose Salesforce user is known already.
 */
export function queriesFor(candidates: Candidate[], org: OrgView, knownHosts: ReadonlySet<string>): ReadQuery[] {
  return [
    eventQuery(candidates, org),
    ...PERSON_OBJECTS.map((sobject) => personQuery(sobject, candidates, org)),
    ...RELATED_OBJECTS.map((sobject) => relatedQuery(sobject, candidates, org)),
    userQuery(candidates, org, knownHosts),
  ].filter((query) => query !== null);
}

function eventQuery(candidates: Candidate[], { schema, names }: OrgView): ReadQuery {
  const mapped = candidates.flatMap(({ settings }) => fieldsOf(settings.settings.mappings.Event));
  const wanted = ['WhoId', 'WhatId', 'OwnerId', 'IsDeleted', ...EVENT_TIMES, 'Booking_Id__c', ...mapped];
  // Asked for even where the user sees no Events or no key: the org's answer then stops the lane with its cause.
  const fields = ['Id', ...existing('Event', wanted, { schema, names })];
  const key = names.name('Booking_Id__c');
  const byKey = soqlIn(
    key,
    candidates.map(({ externalId }) => externalId),
  );
  const hasChildren = schema.objects['Event']?.fields['IsChild'] !== undefined;
  // An invitee's child Event may carry a copy of the key: it is not the booking's Event.
  return {
    sobject: 'Event',
    all: true,
    soql: select(fields, 'Event', hasChildren ? `IsChild = false AND ${byKey}` : byKey),
  };
}

/** Most records that the e-mail of one booking alone is looked up in: two are ambiguous already. */
const MAX_RECORDS_OF_ONE = 50;

/** The fields that place an Event in time. */
export const EVENT_TIMES = ['StartDateTime', 'EndDateTime', 'IsAllDayEvent'];

function personQuery(sobject: 'Lead' | 'Contact', candidates: Candidate[], org: OrgView): ReadQuery | null {
  const { schema, names } = org;
  if (schema.objects[sobject] === undefined) return null;
  const asked = candidates.filter(({ settings }) => settings.settings.rules.searchOrder.includes(sobject));
  const customerField = names.name('Booking_Customer_Id__c');
  const hasCustomerField = schema.objects[sobject].fields[customerField] !== undefined;
  const emails = asked
    .map(({ booking }) => normalizeEmail(booking.state.customer?.email ?? null))
    .filter((email) => email !== null);
  const ids = idsOf(sobject, candidates, org);
  const conditions = [
    ...(hasCustomerField && asked.length > 0
      ? [
          soqlIn(
            customerField,
            asked.map(({ customerId }) => customerId),
          ),
        ]
      : []),
    ...(emails.length > 0 ? [soqlIn('Email', emails)] : []),
    ...(ids.length > 0 ? [soqlIn('Id', ids)] : []),
  ];
  if (conditions.length === 0) return null;
  const compared = asked.flatMap(({ settings }) =>
    fieldsOf(settings.settings.mappings[sobject].filter(({ when }) => when !== 'onCreate')),
  );
  const wanted = [
    'Id',
    'Email',
    'LastModifiedDate',
    'IsConverted',
    'ConvertedContactId',
    'AccountId',
    'Booking_Customer_Id__c',
    ...compared,
  ];
  // A batch that finds more than a page is made smaller; at one booking that ends here, or it would stop all others.
  const bound = candidates.length === 1 ? ` ORDER BY LastModifiedDate DESC LIMIT ${MAX_RECORDS_OF_ONE}` : '';
  const where = conditions.join(' OR ') + bound;
  return { sobject, all: false, soql: select(existing(sobject, wanted, org), sobject, where) };
}

function relatedQuery(sobject: string, candidates: Candidate[], org: OrgView): ReadQuery | null {
  if (org.schema.objects[sobject] === undefined) return null;
  const ids = idsOf(sobject, candidates, org);
  if (ids.length === 0) return null;
  return {
    sobject,
    all: false,
    soql: select(existing(sobject, ['Id', 'ContactId', 'AccountId'], org), sobject, soqlIn('Id', ids)),
  };
}

/** A refreshed sandbox puts this behind the e-mail of every user, so that nobody gets mail from it. */
export const SANDBOX_SUFFIX = '.invalid';

function userQuery(candidates: Candidate[], { schema }: OrgView, knownHosts: ReadonlySet<string>): ReadQuery | null {
  if (schema.objects['User'] === undefined) return null;
  const emails = candidates.map(hostOf).filter((email) => email !== null && !knownHosts.has(email));
  const usernames = candidates
    .map(({ settings }) => settings.settings.rules.fallbackOwner?.toLowerCase() ?? null)
    .filter((username) => username !== null && !knownHosts.has(username));
  const names = [...emails, ...usernames].filter((name) => name !== null);
  if (names.length === 0) return null;
  const emailsThere = names.flatMap((name) => [name, `${name}${SANDBOX_SUFFIX}`]);
  const who = `(${soqlIn('Email', emailsThere)} OR ${soqlIn('Username', names)})`;
  const fields = ['Id', 'Email', 'Username', 'IsActive', 'UserType'];
  return {
    sobject: 'User',
    all: false,
    soql: select(fields, 'User', `IsActive = true AND UserType = 'Standard' AND ${who}`),
  };
}

/** The host's e-mail as it is compared, null when the source does not tell it. */
export function hostOf({ booking }: Pick<Candidate, 'booking'>): string | null {
  return normalizeEmail(booking.state.host?.email ?? null);
}

/** Ids of one object that the bookings' links and our own memory point to. */
function idsOf(sobject: string, candidates: Candidate[], { schema }: OrgView): string[] {
  const prefix = schema.objects[sobject]?.keyPrefix;
  const hinted = candidates
    .map(({ booking }) => booking.state.recordId)
    .filter((id) => id !== null && prefix !== null && id.slice(0, 3) === prefix);
  const linked = candidates.map(({ link }) => (link?.sobject === sobject ? link.recordId : null));
  return [...hinted, ...linked].filter((id) => id !== null).filter((id) => isRecordId(id));
}

function fieldsOf(rows: MappingRow[]): string[] {
  return rows.map(({ field }) => field);
}

/** The names in the org of those fields that the user may see. */
function existing(sobject: string, fields: string[], { schema, names }: OrgView): string[] {
  return [...new Set(fields)]
    .map((field) => names.name(field))
    .filter((field) => schema.objects[sobject]?.fields[field] !== undefined);
}
