import type { Candidate } from './candidate';
import { idOf, shortId, textIn } from './found-record';
import type { FollowUp, Found, FoundRecord } from './match-types';
import type { OrgView } from './org-view';
import { inviteesQuery } from './queries';
import { MATCHED_SOBJECTS } from './record-fields';
import { recordsQuery, type ReadQuery } from './records-query';

/** After so many further reads every booking is matched: what is linked behind more records is not followed. */
export const MAX_FOLLOW_UPS = 5;

/** The queries for what a match still has to know, with the fields of the first ones. Pure. */
export function followUpQueries(
  followUps: readonly FollowUp[],
  candidates: readonly Candidate[],
  org: OrgView,
): ReadQuery[] {
  return followUps
    .map(({ sobject, ids }) => {
      const matched = MATCHED_SOBJECTS.find((one) => one === sobject);
      return matched === undefined
        ? inviteesQuery(ids, org)
        : recordsQuery(matched, { living: [], ids, candidates }, org);
    })
    .filter((query) => query !== null);
}

/**
 * What is known once the follow-ups were read. A record that was asked for and did not come counts as deleted for good,
 * so that nothing is asked for twice. Pure.
 */
export function withFollowUps(found: Found, followUps: readonly FollowUp[], read: Found): Found {
  const known = new Map(found);
  for (const { sobject, ids } of followUps) {
    const records = read.get(sobject) ?? [];
    const there = new Set(
      records.map((record) =>
        shortId((sobject === 'EventRelation' ? textIn(record, 'EventId') : null) ?? idOf(record)),
      ),
    );
    const gone = ids.filter((id) => !there.has(shortId(id))).map((Id): FoundRecord => ({ Id, IsDeleted: true }));
    known.set(sobject, [...(known.get(sobject) ?? []), ...records, ...gone]);
  }
  return known;
}
