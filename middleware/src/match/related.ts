import type { Step } from '../booking/outcome';
import { RELATED_OBJECTS, type RelatedObject } from '../settings/objects';
import type { Candidate } from './candidate';
import type { Lookup } from './follow';
import { idOf } from './found-record';
import type { FoundRecord, RelatedMatch } from './match-types';
import { MATCHED_SOBJECTS, type MatchedSobject } from './record-fields';

/** The record a booking is related to, and whether one that was made for it was deleted since. */
export interface RelatedSearch {
  related: RelatedMatch | null;
  isRelatedDeleted: boolean;
}

/** The related record: the one that the link names, else the one that was made for this booking before. */
export function matchRelated(candidate: Candidate, lookup: Lookup, steps: Step[]): RelatedSearch {
  const linked = linkedRecord(candidate, lookup, steps);
  if (linked !== null) return { related: linked, isRelatedDeleted: false };
  const object = candidate.settings.settings.rules.alsoCreate;
  return object === null ? { related: null, isRelatedDeleted: false } : madeRecord(object, candidate, lookup, steps);
}

function linkedRecord({ booking }: Candidate, lookup: Lookup, steps: Step[]): RelatedMatch | null {
  const id = booking.state.recordId;
  const object = id === null ? undefined : RELATED_OBJECTS.find((one) => one === sobjectNamed(id, lookup));
  if (id === null || object === undefined) return null;
  const named = lookup.named(object, id);
  // A Person Account is the customer.
  if (named?.['IsPersonAccount'] === true) return null;
  const record = lookup.reachRelated(object, named);
  steps.push({
    step: `${object} by the record id of the booking link`,
    outcome: record === null ? 'none' : outcomeOf(named, record),
  });
  return record === null ? null : { object, recordId: idOf(record), record, via: 'link' };
}

function madeRecord(
  object: 'Case' | 'Opportunity',
  { externalId }: Candidate,
  lookup: Lookup,
  steps: Step[],
): RelatedSearch {
  const step = `${object} by booking id ${externalId}`;
  const [living] = lookup.index.living(object, 'bookingId', externalId);
  const deleted = living === undefined ? lookup.index.deletedFor(object, externalId) : null;
  const record = living ?? lookup.reachRelated(object, deleted);
  if (record === null) {
    steps.push({ step, outcome: deleted === null ? 'none' : `${idOf(deleted)}, deleted` });
    return { related: null, isRelatedDeleted: deleted !== null };
  }
  steps.push({ step, outcome: outcomeOf(deleted ?? record, record) });
  return { related: { object, recordId: idOf(record), record, via: 'bookingId' }, isRelatedDeleted: false };
}

/** The object whose ids start like this one; null for an id of an object that nothing is looked for in. */
export function sobjectNamed(id: string, { org }: Lookup): MatchedSobject | null {
  return MATCHED_SOBJECTS.find((sobject) => org.schema.objects[sobject]?.keyPrefix === id.slice(0, 3)) ?? null;
}

function outcomeOf(named: FoundRecord | null, record: FoundRecord): string {
  const isMerged = named !== null && idOf(named) !== idOf(record);
  return isMerged ? `${idOf(named)}, merged into ${idOf(record)}` : idOf(record);
}

/** Whether the booking's link names the record that it is related to. */
export function isLinked(related: RelatedMatch | null, ...objects: RelatedObject[]): related is RelatedMatch {
  return related !== null && related.via === 'link' && (objects.length === 0 || objects.includes(related.object));
}
