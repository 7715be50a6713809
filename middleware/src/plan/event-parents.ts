import { idIn, type BookingInHand } from './planning';
import type { FoundRecord } from '../match/match-types';
import type { EventParent, EventRow } from './plan';
import type { PlannedPerson } from './plan-person';
import type { PlannedRelated } from './plan-related';

/**
 * What a new Event points at. A Lead forbids a related record beside it, and an Opportunity that stands for the customer
 * takes its place: a related record that the link named goes before them, one that the rules made goes behind.
 */
export function newParents(
  { steps }: BookingInHand,
  person: PlannedPerson,
  related: PlannedRelated,
): Pick<EventRow, 'who' | 'what' | 'whatElse'> {
  const { who, what } = person;
  if (related.what === null) return { who, what };
  if (isBeside(person)) return { who, what: related.what, ...(what === null ? {} : { whatElse: what }) };
  if (related.isFromLink) {
    steps.push({ step: `${person.object}`, outcome: 'left out: the Event belongs to the record of the link' });
    return { who: null, what: related.what };
  }
  steps.push({ step: 'WhatId', outcome: `no other record: the Event belongs to the ${person.object}` });
  return { who, what };
}

/** Whether an Event can have a related record besides this person. */
function isBeside({ object }: PlannedPerson): boolean {
  return object !== 'Lead' && object !== 'Opportunity';
}

/**
 * What an existing Event still lacks because it was not there when we wrote it: the contact of a new Person Account, a
 * Case or Opportunity that was refused at first. What somebody took away in Salesforce stays away.
 */
export function missingParents(
  { candidate }: BookingInHand,
  live: FoundRecord,
  person: PlannedPerson,
  related: PlannedRelated,
): { who: EventParent; what: EventParent } {
  const { written } = candidate;
  const [whoId, whatId] = [idIn(live, 'WhoId'), idIn(live, 'WhatId')];
  // Without `written` our last turn may have ended before it was recorded.
  const awaitsContact = written === null || (written.isStale === true && written.whoId === null);
  const isOpen = whatId === null || whatId === person.person?.recordId;
  const isNewlyRelated = !related.isFromLink && isOpen && (written?.related ?? null) === null;
  return {
    who: whoId === null && person.object === 'PersonAccount' && awaitsContact ? person.who : null,
    what: isNewlyRelated && isBeside(person) && whoId?.startsWith(LEAD_PREFIX) !== true ? related.what : null,
  };
}

const LEAD_PREFIX = '00Q';

/** The id of a parent that is there; null for one that the same call creates, and for none. */
export function knownId(parent: EventParent): string | null {
  return parent !== null && 'recordId' in parent ? parent.recordId : null;
}
