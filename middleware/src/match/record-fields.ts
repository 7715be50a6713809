import type { MappedObject } from '../settings/objects';
import { PHONE_FIELDS as PHONES } from '../settings/phone-fields';
import { whenOf } from '../settings/when';
import type { Candidate } from './candidate';
import { visibleFields, type OrgView } from './org-view';

/** What every record says of itself. */
const EVERY = ['Id', 'OwnerId', 'RecordTypeId', 'LastModifiedDate', 'IsDeleted', 'MasterRecordId'];

const KEYS = ['Booking_Customer_Id__c', 'Booking_Id__c'];

/** Objects that a match reads records of, by API name, with what it needs to know of each. */
const NEEDED = {
  Lead: ['Email', 'IsConverted', 'ConvertedContactId', 'ConvertedAccountId'],
  Contact: ['Email', 'AccountId', 'IsPersonAccount'],
  Account: ['Name', 'Website', 'IsPersonAccount', 'PersonContactId', 'PersonEmail'],
  Opportunity: ['Name', 'AccountId', 'ContactId'],
  Case: ['AccountId', 'ContactId'],
} as const;
/** An object whose records can be a booking's customer or related record, by API name. */
export type MatchedSobject = keyof typeof NEEDED;
export const MATCHED_SOBJECTS = Object.keys(NEEDED) as MatchedSobject[];

/** Whose mapping rows are about records of the object. */
const MAPPED: Readonly<Record<MatchedSobject, MappedObject[]>> = {
  Lead: ['Lead'],
  Contact: ['Contact'],
  Account: ['Account', 'PersonAccount'],
  Opportunity: ['Opportunity'],
  Case: ['Case'],
};

/** Where a phone number is looked for; nowhere in the others. */
export const PHONE_FIELDS: Readonly<Partial<Record<MatchedSobject, readonly string[]>>> = PHONES;

/**
 * The fields to read of records of an object, by their names in the org: what the match looks at, and what mapping
 * rows compare before they write. Fields that the user may not see are not among them. Pure.
 */
export function fieldsToRead(sobject: MatchedSobject, candidates: readonly Candidate[], org: OrgView): string[] {
  const settings = candidates.map((candidate) => candidate.settings.settings);
  const compared = settings.flatMap(({ mappings, rules }) =>
    MAPPED[sobject].flatMap((object) =>
      mappings[object].filter((row) => whenOf(row, object, rules) !== 'onCreate').map(({ field }) => field),
    ),
  );
  const phones = settings.some(({ rules }) => rules.matchPhone) ? (PHONE_FIELDS[sobject] ?? []) : [];
  return visibleFields(sobject, [...EVERY, ...NEEDED[sobject], ...phones, ...KEYS, ...compared], org);
}
