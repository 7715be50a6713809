import { isRecordId } from '../salesforce/record-id';
import { select, soqlIn } from '../salesforce/soql';
import type { Candidate } from './candidate';
import { fieldOf, type OrgView } from './org-view';
import { fieldsToRead, type MatchedSobject } from './record-fields';

/** One query that the match needs, and the object whose records it gives. */
export interface ReadQuery {
  sobject: string;
  soql: string;
  /** Deleted and archived records too. */
  all: boolean;
}

/** Most records that are read of one object for one booking alone: two equally good ones are ambiguous already. */
export const MAX_RECORDS_OF_ONE = 50;

/** Values that a field is looked for by; the field by the name that this code writes. */
export type Condition = readonly [field: string, values: readonly (string | null)[]];

/** What to look for among the records of one object. */
export interface Search {
  /** Living records only. */
  living: readonly Condition[];
  /** Living records, and deleted ones that were merged into another: they tell which. */
  livingOrMerged?: readonly Condition[];
  /** Records that were made for the bookings, deleted ones too: they are not made again. */
  made?: readonly Condition[];
  /** Deleted ones too: they tell what they were merged into. */
  ids: readonly string[];
  candidates: readonly Candidate[];
}

/**
 * A query for records of one object. Pure.
 *
 * @returns null when there is nothing to ask for, or the user does not see the object.
 */
export function recordsQuery(
  sobject: MatchedSobject,
  { living, livingOrMerged = [], made = [], ids, candidates }: Search,
  org: OrgView,
): ReadQuery | null {
  if (org.schema.objects[sobject] === undefined) return null;
  const named = ids.filter((id) => isRecordId(id));
  const knowsDeleted = fieldOf(sobject, 'IsDeleted', org) !== undefined;
  const signs = anyOf(conditionsOf(sobject, living, org));
  const keys = anyOf(conditionsOf(sobject, livingOrMerged, org));
  const tellsMaster = fieldOf(sobject, 'MasterRecordId', org)?.filterable === true;
  const hasTrail = tellsMaster ? '(IsDeleted = false OR MasterRecordId != null)' : 'IsDeleted = false';
  const parts = [
    ...(keys === '' ? [] : [knowsDeleted ? `(${hasTrail} AND ${keys})` : keys]),
    ...(signs === '' ? [] : [knowsDeleted ? `(IsDeleted = false AND ${signs})` : signs]),
    ...conditionsOf(sobject, made, org),
    ...(named.length > 0 ? [soqlIn('Id', named)] : []),
  ];
  if (parts.length === 0) return null;
  const fields = [
    ...fieldsToRead(sobject, candidates, org),
    ...(named.length > 0 ? contactFields(sobject, candidates, org) : []),
  ];
  const bound = candidates.length === 1 && keys + signs !== '' ? boundOf(sobject, org) : '';
  return { sobject, all: knowsDeleted, soql: select(fields, sobject, parts.join(' OR ') + bound) };
}

/** What the user may not see or filter by is not asked for. */
function conditionsOf(sobject: MatchedSobject, conditions: readonly Condition[], org: OrgView): string[] {
  return conditions.flatMap(([local, values]) => {
    const field = fieldOf(sobject, local, org);
    const given = values.filter((value) => value !== null);
    return field?.filterable === true && given.length > 0 ? [soqlIn(field.name, given)] : [];
  });
}

function anyOf(conditions: string[]): string {
  return conditions.length > 1 ? `(${conditions.join(' OR ')})` : conditions.join('');
}

/**
 * A batch that finds more than a page is made smaller; at one booking that ends here, or it would stop all others.
 * Records that carry the customer's id come first, so that they are never among those that are cut off.
 */
function boundOf(sobject: MatchedSobject, org: OrgView): string {
  const key = fieldOf(sobject, 'Booking_Customer_Id__c', org)?.name;
  const changed = fieldOf(sobject, 'LastModifiedDate', org)?.name;
  const order = [
    ...(key === undefined ? [] : [`${key} DESC NULLS LAST`]),
    ...(changed === undefined ? [] : [`${changed} DESC`]),
  ];
  return `${order.length === 0 ? '' : ` ORDER BY ${order.join(', ')}`} LIMIT ${MAX_RECORDS_OF_ONE}`;
}

/** The Contact of a Case or Opportunity comes with it: otherwise it would cost a call of its own. */
function contactFields(sobject: MatchedSobject, candidates: readonly Candidate[], org: OrgView): string[] {
  const relation = fieldOf(sobject, 'ContactId', org)?.relationshipName ?? null;
  if (relation === null || (sobject !== 'Case' && sobject !== 'Opportunity')) return [];
  return fieldsToRead('Contact', candidates, org).map((field) => `${relation}.${field}`);
}
