import type { Candidate } from '../../src/match/candidate';
import { MAX_FOLLOW_UPS, withFollowUps } from '../../src/match/follow-ups';
import { match } from '../../src/match/match';
import type { FollowUp, FoundRecord, Match } from '../../src/match/match-types';
import type { OrgView } from '../../src/match/org-view';
import { ACCOUNT_ID, CASE_ID, CONTACT_ID, found, HOST, HOST_ID, LEAD_ID, OPPORTUNITY_ID } from './candidate';
import { orgView } from './schema';

/** The e-mail of the customer of `candidate('alpha')`. */
export const EMAIL = 'alpha@example.test';

const COMMON = {
  IsDeleted: false,
  MasterRecordId: null,
  LastModifiedDate: '2026-09-01T00:00:00.000+0000',
  Booking_Customer_Id__c: null,
};

/** The Lead of the customer of `candidate('alpha')`; each case spoils or adds one thing, as with all below. */
export const lead = (more: FoundRecord = {}): FoundRecord => ({
  Id: LEAD_ID,
  Email: EMAIL,
  IsConverted: false,
  ConvertedContactId: null,
  ConvertedAccountId: null,
  ...COMMON,
  ...more,
});
/** His Contact, of a company. */
export const contact = (more: FoundRecord = {}): FoundRecord => ({
  Id: CONTACT_ID,
  Email: EMAIL,
  AccountId: null,
  IsPersonAccount: false,
  ...COMMON,
  ...more,
});
/** A company. */
export const account = (more: FoundRecord = {}): FoundRecord => ({
  Id: ACCOUNT_ID,
  Name: 'Example Offices KK',
  Website: 'https://www.example.test',
  IsPersonAccount: false,
  PersonContactId: null,
  PersonEmail: null,
  ...COMMON,
  ...more,
});
/** His Person Account. */
export const personAccount = (more: FoundRecord = {}): FoundRecord =>
  account({
    Name: 'Visitor alpha',
    Website: null,
    IsPersonAccount: true,
    PersonContactId: CONTACT_ID,
    PersonEmail: EMAIL,
    ...more,
  });
/** The Contact that belongs to it. */
export const personContact = (more: FoundRecord = {}): FoundRecord =>
  contact({ AccountId: ACCOUNT_ID, IsPersonAccount: true, ...more });
/** An Opportunity of nobody. */
export const opportunity = (more: FoundRecord = {}): FoundRecord => ({
  Id: OPPORTUNITY_ID,
  Name: 'Visitor alpha',
  AccountId: null,
  ContactId: null,
  Booking_Id__c: null,
  ...COMMON,
  ...more,
});
/** A Case of nobody. */
export const caseRecord = (more: FoundRecord = {}): FoundRecord => ({
  Id: CASE_ID,
  AccountId: null,
  ContactId: null,
  Booking_Id__c: null,
  ...COMMON,
  ...more,
});
/** As SOQL shows a record that was merged into another, or deleted for good. */
export const deleted = (record: FoundRecord, MasterRecordId: string | null = null): FoundRecord => ({
  ...record,
  IsDeleted: true,
  MasterRecordId,
});
/** A Lead that became a Contact. */
export const converted = (more: FoundRecord = {}): FoundRecord =>
  lead({ IsConverted: true, ConvertedContactId: CONTACT_ID, ...more });

/** An org that has person accounts. */
export const PERSON_ORG = orgView({ personAccounts: true });

export interface MatchOptions {
  org?: OrgView;
  users?: [string, string | null][];
  /** What the org has besides: a follow-up reads it. */
  later?: Record<string, FoundRecord[]>;
}

/** Matches one booking with what was read, and reads on as the caller of `match` does; tells what it read. */
export function matchAndFollow(
  one: Candidate,
  records: Record<string, FoundRecord[]> = {},
  { org = orgView(), users = [[HOST, HOST_ID]], later = {} }: MatchOptions = {},
): { match: Match; read: FollowUp[][] } {
  let known = found(records);
  const read: FollowUp[][] = [];
  for (;;) {
    const { matches, followUps } = match([one], known, { users: new Map(users), queues: new Map() }, org);
    const matched = matches.get(one.booking.id);
    if (matched !== undefined) return { match: matched, read };
    if (followUps.length === 0 || read.length === MAX_FOLLOW_UPS) throw new Error('Expected a match, got none.');
    read.push(followUps);
    const there = followUps.map(({ sobject, ids }): [string, FoundRecord[]] => [
      sobject,
      (later[sobject] ?? []).filter((record) => ids.includes(String(record['EventId'] ?? record['Id']))),
    ]);
    known = withFollowUps(known, followUps, new Map(there));
  }
}

/** The match alone. */
export function matchOf(
  one: Candidate,
  records: Record<string, FoundRecord[]> = {},
  options: MatchOptions = {},
): Match {
  return matchAndFollow(one, records, options).match;
}
