import type { Step, Written } from '../booking/outcome';
import type { Candidate } from '../match/candidate';
import { hostOf, type OrgView } from '../match/queries';
import type { PersonObject } from '../settings/settings';
import { eventTimes } from './event-fields';
import type { FieldValues } from './mapping';
import { changedEventFields, eventFields } from './plan-batch';

/** A change of a booking whose Event is known: it can be written without reading first. */
export interface Change {
  candidate: Candidate;
  /** Only what differs from our last write; empty when there is nothing to write. */
  fields: FieldValues;
  /** All fields that follow the booking, as the Event will hold them. */
  expected: FieldValues;
  steps: Step[];
}

/**
 * Plans the one-call way for a booking that was written before: update its Event by id, read back, compare. Pure.
 *
 * @returns null when the org must be read first: the booking is new, was merged into another, is revived, got a new
 *   host, its person is not settled, or its settings depend on what the records hold now.
 */
export function planChange(candidate: Candidate, org: OrgView): Change | null {
  const { written } = candidate;
  if (written === null || written.isStale === true) return null;
  try {
    return mustRead(candidate, written) ? null : changeOf(candidate, written, org);
  } catch {
    // One booking that we cannot plan must not hold up the others: planBatch meets the same fault and parks it.
    return null;
  }
}

function mustRead({ booking, settings }: Candidate, written: Written): boolean {
  if (booking.mergedInto !== null || eventTimes(booking.state) === null) return true;
  if (written.host !== hostOf({ booking })) return true;
  // A canceled Event may have been deleted; then a revived booking gets a new one.
  if (written.status === 'Canceled' && booking.state.status !== 'Canceled') return true;
  if (written.person === null) return true;
  const { mappings } = settings.settings;
  return (
    mappings[written.person.sobject as PersonObject].some(({ when }) => when !== 'onCreate') ||
    mappings.Event.some(({ when }) => when === 'onlyIfEmpty')
  );
}

function changeOf(candidate: Candidate, written: Written, org: OrgView): Change {
  const steps: Step[] = [{ step: 'Event of our last write', outcome: written.eventId }];
  const expected = eventFields(candidate, written.fields, org, steps);
  return { candidate, fields: changedEventFields(expected, written.fields, org), expected, steps };
}
