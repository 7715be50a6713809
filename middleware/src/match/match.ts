import type { Step } from '../booking/outcome';
import { matchAccount } from './account';
import type { Candidate } from './candidate';
import { Lookup } from './follow';
import { idOf } from './found-record';
import { matchGuests } from './guests';
import type { Directory, FollowUp, Found, FoundRecord, Match, Matches } from './match-types';
import type { OrgView } from './org-view';
import { matchOwner } from './owner';
import { matchPerson } from './person';
import { RecordIndex } from './record-index';
import { matchRelated } from './related';
import { soughtOf } from './sought';

/**
 * Finds the records that each candidate belongs to, in the order of `MATCH_STEPS`, else a new one. Pure; every step is
 * recorded.
 *
 * @param found what the queries of `queriesFor` gave: an empty list is "nobody found"; "could not look" never gets here.
 * @param directory hosts, guests, fallback owners and queues, see `directoryIn`.
 * @returns the matches, and what has to be read before the rest can be made: see `withFollowUps`, then call again.
 */
export function match(candidates: readonly Candidate[], found: Found, directory: Directory, org: OrgView): Matches {
  const index = new RecordIndex(found, org, candidates.length === 1);
  const matches = new Map<string, Match>();
  const followUps: FollowUp[] = [];
  for (const candidate of candidates) {
    const lookup = new Lookup(index, org);
    const matched = matchOne(candidate, lookup, directory);
    // What was decided without what is missing is void.
    if (lookup.isWaiting) followUps.push(...lookup.followUps);
    else matches.set(candidate.booking.id, matched);
  }
  return { matches, followUps: joined(followUps) };
}

function matchOne(candidate: Candidate, lookup: Lookup, directory: Directory): Match {
  const steps: Step[] = [];
  const sought = soughtOf(candidate);
  const event = lookup.index.event(candidate.externalId);
  steps.push({ step: `Event by booking id ${candidate.externalId}`, outcome: describeEvent(event) });
  const { related, isRelatedDeleted } = matchRelated(candidate, lookup, steps);
  const person = matchPerson(candidate, sought, related, lookup, steps);
  const account = matchAccount(candidate, sought, person, related, lookup, steps);
  const ownerId = matchOwner(candidate, directory, steps);
  const guests = matchGuests(candidate, sought, { person, ownerId, event }, directory, lookup, steps);
  // An Opportunity that is the customer is not the related record as well: it would be written twice.
  const isCustomer = person.kind === 'found' && person.recordId === related?.recordId;
  return { person, related: isCustomer ? null : related, isRelatedDeleted, account, event, ownerId, ...guests, steps };
}

function describeEvent(event: FoundRecord | null): string {
  if (event === null) return 'none';
  return event['IsDeleted'] === true ? `${idOf(event)}, deleted` : idOf(event);
}

/** One follow-up per object, each id once. */
function joined(followUps: FollowUp[]): FollowUp[] {
  const sobjects = [...new Set(followUps.map(({ sobject }) => sobject))];
  return sobjects.map((sobject) => ({
    sobject,
    ids: [...new Set(followUps.filter((one) => one.sobject === sobject).flatMap(({ ids }) => ids))],
  }));
}
