import type { Step, Written } from '../booking/outcome';
import type { Candidate } from '../match/candidate';
import { hostOf } from '../match/sought';
import type { OrgView } from '../salesforce/org-view';
import { EXISTING_OBJECTS } from '../settings/objects';
import { whenOf } from '../settings/when';
import { changedEventFields, eventFields, eventTimes, statusFlaw } from './event-fields';
import { lackedOfPage } from './lacked';
import type { FieldValues } from './mapping';
import { changeSteps } from './planning';
import { campaignOf, hasNewGuests } from './plan-relations';
import { valuesOf } from './values';

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
 *   host, guest or campaign, something of it is not settled, or its settings depend on what the records hold now.
 */
export function planChange(candidate: Candidate, org: OrgView, now: Date): Change | null {
  const { written } = candidate;
  if (written === null || written.isStale === true) return null;
  try {
    return mustRead(candidate, written) || statusFlaw(candidate, org) !== null
      ? null
      : changeOf(candidate, written, org, now);
  } catch {
    // One booking that we cannot plan must not hold up the others: planBatch meets the same fault and parks it.
    return null;
  }
}

function mustRead(candidate: Candidate, written: Written): boolean {
  const { booking, settings } = candidate;
  const { isEnabled, rules, mappings } = settings.settings;
  if (!isEnabled || booking.mergedInto !== null || eventTimes(booking.state) === null) return true;
  if (written.host !== hostOf(candidate)) return true;
  // A canceled Event may have been deleted; then a revived booking gets a new one.
  if (written.status === 'Canceled' && booking.state.status !== 'Canceled') return true;
  if (booking.state.status === 'Canceled' && rules.cancel === 'delete') return true;
  if (written.person === null || hasNewGuests(candidate)) return true;
  if (isNewCampaign(candidate, written)) return true;
  if (rules.alsoCreate !== null && (written.related ?? null) === null) return true;
  const touched = [written.person, written.related ?? null].filter((link) => link !== null);
  return (
    touched.some(({ sobject }) => changesExisting(sobject, settings.settings)) ||
    mappings.Event.some(({ when }) => when === 'onlyIfEmpty')
  );
}

function isNewCampaign(candidate: Candidate, { campaignId = null }: Written): boolean {
  const { booking, settings } = candidate;
  if (settings.settings.rules.campaignMember === null || booking.state.status === 'Canceled') return false;
  const named = campaignOf(candidate);
  return named !== null && named !== campaignId;
}

/** Whether the rules may change a record of that object that is there: then it must be read to know how. */
function changesExisting(object: string, { mappings, rules }: Candidate['settings']['settings']): boolean {
  const known = EXISTING_OBJECTS.find((name) => name === object);
  if (known === undefined) return true;
  return mappings[known].some((row) => whenOf(row, known, rules) !== 'onCreate');
}

function changeOf(candidate: Candidate, written: Written, org: OrgView, now: Date): Change | null {
  if (
    lackedOfPage(candidate.settings.settings, org).some(({ parts, isByValue }) => parts.includes('event') && !isByValue)
  )
    return null;
  const steps: Step[] = [{ step: 'Event of our last write', outcome: written.eventId }];
  const {
    fields: expected,
    rules,
    unfit,
    forbidden,
  } = eventFields({ candidate, values: valuesOf(candidate.booking) }, written.fields, org, now, steps);
  if (unfit.length > 0 || forbidden.length > 0) return null;
  const fields = changedEventFields(expected, written.fields, org);
  steps.push(...changeSteps('Event', fields, written.fields, rules));
  return { candidate, fields, expected, steps };
}
