import type { Step } from '../booking/outcome';
import type { Candidate } from '../match/candidate';
import { hostOf, type OrgView } from '../match/queries';
import type { PersonObject } from '../settings/settings';
import { isSame } from './convert';
import { eventTimes } from './event-fields';
import type { FieldValues } from './mapping';
import { eventFields } from './plan-batch';

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
 * @returns null when the org must be read first: the booking is new, was merged into another, got a new host, or its
 * settings may change the person as well.
 */
export function planChange(candidate: Candidate, org: OrgView): Change | null {
  const { booking, written, settings } = candidate;
  if (written === null || booking.mergedInto !== null || eventTimes(booking.state) === null) return null;
  if (written.host !== hostOf(candidate)) return null;
  const person = written.person?.sobject as PersonObject | undefined;
  if (person !== undefined && settings.settings.mappings[person].some(({ when }) => when !== 'onCreate')) return null;
  const steps: Step[] = [{ step: 'Event of our last write', outcome: written.eventId }];
  const expected = eventFields(candidate, 'update', org, steps);
  const fields = Object.fromEntries(
    Object.entries(expected).filter(([name, value]) => {
      const type = org.schema.objects['Event']?.fields[name]?.type;
      return !isSame(written.fields[name] ?? null, value, type);
    }),
  );
  return { candidate, fields, expected, steps };
}
