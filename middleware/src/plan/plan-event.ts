import type { PartOutcome } from '../booking/outcome';
import { idOf } from '../match/found-record';
import type { FoundRecord } from '../match/match-types';
import { hostOf } from '../match/queries';
import { changedEventFields, eventFields, eventTimes, withStatus } from './event-fields';
import type { FieldValues } from './mapping';
import { newFields, recordTypeOf } from './new-record';
import { withoutNulls, type Decision, type EventParent, type EventRow } from './plan';
import { changeSteps, idIn, parkedForFields, type BookingInHand, type PlanContext } from './planning';
import type { PlannedPerson } from './plan-person';
import type { PlannedRelated } from './plan-related';

/** An Event's row, null when nothing is to be written; `decision` takes in what it comes to. */
export function planEvent(
  inHand: BookingInHand,
  person: PlannedPerson,
  related: PlannedRelated,
  context: PlanContext,
  decision: Decision,
): EventRow | null {
  return inHand.live === null
    ? planNewEvent(inHand, person, related, context, decision)
    : planLiveEvent(inHand, inHand.live, person, related, context, decision);
}

function planNewEvent(
  inHand: BookingInHand,
  person: PlannedPerson,
  related: PlannedRelated,
  context: PlanContext,
  decision: Decision,
): EventRow | null {
  const { candidate, match } = inHand;
  const { who, what } = parentsOf(inHand, person, related);
  if (who === null && what === null) {
    decision.parts.event = withoutParent(person);
    return null;
  }
  const filled = newFields('Event', eventTimes(candidate.booking.state) ?? {}, inHand, context);
  if (filled.missing.length > 0 || filled.unfit.length > 0) {
    decision.parts.event = parkedForFields('Event', filled.missing, filled.unfit);
    return null;
  }
  const fields = withStatus(filled.fields, candidate, context.org);
  const schema = context.org.schema.objects['Event'];
  const recordType = schema === undefined ? null : recordTypeOf('Event', schema, inHand);
  if (recordType !== null && 'parked' in recordType) {
    decision.parts.event = recordType.parked;
    return null;
  }
  const owned: FieldValues = {
    ...(match.ownerId === null ? {} : { OwnerId: match.ownerId }),
    ...(recordType === null ? {} : { RecordTypeId: recordType.id }),
  };
  const row: EventRow = {
    bookingId: candidate.booking.id,
    recordId: null,
    externalId: candidate.externalId,
    who,
    what,
    fields: withoutNulls({ ...fields, ...owned }),
  };
  inHand.steps.push(...changeSteps('Event', row.fields, null, { ...EVENT_RULES, ...filled.rules }));
  decision.expected = {
    generation: context.generation,
    whoId: knownId(who),
    whatId: knownId(what),
    ownerId: match.ownerId ?? '',
    person: person.person,
    host: hostOf(candidate),
    status: candidate.booking.state.status,
    fields,
    ...rememberedOf(inHand, person, related),
  };
  return row;
}

function planLiveEvent(
  inHand: BookingInHand,
  live: FoundRecord,
  person: PlannedPerson,
  related: PlannedRelated,
  context: PlanContext,
  decision: Decision,
): EventRow | null {
  const { candidate, match, steps } = inHand;
  const { fields, rules, unfit } = eventFields(candidate, live, context.org, context.now, steps);
  decision.eventId = idOf(live);
  if (unfit.length > 0) {
    decision.parts.event = parkedForFields('Event', [], unfit);
    return null;
  }
  const host = hostOf(candidate);
  const hasNewHost = candidate.written !== null && candidate.written.host !== host;
  const owned = match.ownerId !== null && hasNewHost ? { OwnerId: match.ownerId } : {};
  const { who, what } = missingParents(inHand, live, person, related);
  const changed = changedEventFields({ ...fields, ...owned }, live, context.org);
  const row: EventRow = {
    bookingId: candidate.booking.id,
    recordId: idOf(live),
    externalId: candidate.externalId,
    who,
    what,
    fields: changed,
  };
  decision.expected = {
    generation: context.generation,
    whoId: idIn(live, 'WhoId') ?? knownId(who),
    whatId: idIn(live, 'WhatId') ?? knownId(what),
    ownerId: owned.OwnerId ?? idIn(live, 'OwnerId') ?? '',
    person: person.person,
    host,
    status: candidate.booking.state.status,
    fields,
    ...rememberedOf(inHand, person, related),
  };
  if (Object.keys(changed).length === 0 && who === null && what === null) {
    decision.parts.event = { state: 'written', sobject: 'Event', recordId: idOf(live) };
    steps.push({ step: 'Event', outcome: 'as it should be already' });
    return null;
  }
  steps.push(...changeSteps('Event', changed, live, { ...EVENT_RULES, ...rules }));
  return row;
}

const EVENT_RULES: Readonly<Record<string, string>> = {
  StartDateTime: 'the times of the booking',
  EndDateTime: 'the times of the booking',
  IsAllDayEvent: 'the times of the booking',
  OwnerId: "the host's user or the fallback owner",
  RecordTypeId: 'the rule recordTypes',
};

/**
 * What a new Event points at. A Lead forbids a related record beside it: one that the link named goes before the Lead,
 * one that the rules made goes behind it.
 */
function parentsOf(
  { steps }: BookingInHand,
  person: PlannedPerson,
  related: PlannedRelated,
): { who: EventParent; what: EventParent } {
  const { who } = person;
  const what = related.what ?? person.what;
  if (person.object !== 'Lead' || who === null || what === null) return { who, what };
  if (related.isFromLink) {
    steps.push({ step: 'WhoId', outcome: 'left out: an Event of a related record cannot have a Lead' });
    return { who: null, what };
  }
  steps.push({ step: 'WhatId', outcome: 'left out: an Event of a Lead cannot have a related record' });
  return { who, what: null };
}

/**
 * What an existing Event still lacks because it was not there when we wrote it: the contact of a new Person Account, a
 * Case or Opportunity that was refused at first. What somebody took away in Salesforce stays away.
 */
function missingParents(
  { candidate }: BookingInHand,
  live: FoundRecord,
  person: PlannedPerson,
  related: PlannedRelated,
): { who: EventParent; what: EventParent } {
  const [whoId, whatId] = [idIn(live, 'WhoId'), idIn(live, 'WhatId')];
  const isOfAccount = person.object === 'PersonAccount' && whatId !== null && whatId === person.person?.recordId;
  const isNewlyRelated = !related.isFromLink && whatId === null && (candidate.written?.related ?? null) === null;
  // A Lead forbids a related record beside it.
  const isOfLead = whoId?.startsWith(LEAD_PREFIX) === true;
  return {
    who: whoId === null && isOfAccount ? person.who : null,
    what: isNewlyRelated && !isOfLead ? related.what : null,
  };
}

const LEAD_PREFIX = '00Q';

/** Why a booking without anybody and anything has no Event. */
function withoutParent({ outcome }: PlannedPerson): PartOutcome {
  return outcome?.state === 'notWanted'
    ? { state: 'notWanted', cause: outcome.cause }
    : { state: 'waiting', cause: 'the Event waits for its person', isRetried: false };
}

function rememberedOf(
  { candidate }: BookingInHand,
  person: PlannedPerson,
  related: PlannedRelated,
): Pick<
  NonNullable<Decision['expected']>,
  'related' | 'campaignId' | 'guests' | 'isStale' | 'cannotDelete' | 'holdsKey'
> {
  const { written } = candidate;
  return {
    related: related.related ?? written?.related ?? null,
    ...(written?.campaignId === undefined ? {} : { campaignId: written.campaignId }),
    ...(written?.guests === undefined ? {} : { guests: written.guests }),
    ...(written?.cannotDelete === true ? { cannotDelete: true as const } : {}),
    ...(person.holdsKey ? { holdsKey: true as const } : {}),
    ...(person.awaitsContact ? { isStale: true as const } : {}),
  };
}

function knownId(parent: EventParent): string | null {
  return parent !== null && 'recordId' in parent ? parent.recordId : null;
}
