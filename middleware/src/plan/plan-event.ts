import type { PartOutcome, Written } from '../booking/outcome';
import { idOf } from '../match/found-record';
import type { FoundRecord } from '../match/match-types';
import { hostOf } from '../match/sought';
import { knownId, missingParents, newParents } from './event-parents';
import { changedEventFields, eventFields, eventTimes, statusFlaw, withStatus } from './event-fields';
import type { FieldValues } from './mapping';
import { lackedOfPage, lackOfField, lacksOfFields, parkedForRights } from './lacked';
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
  const flaw = statusFlaw(inHand.candidate, context.org);
  if (flaw !== null) decision.flaws = { ...decision.flaws, event: flaw };
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
  const { who, what, ...otherwise } = newParents(inHand, person, related);
  if (person.outcome?.state === 'parked' || (who === null && what === null)) {
    decision.parts.event = withoutParent(person);
    return null;
  }
  const filled = newFields('Event', eventTimes(candidate.booking.state) ?? {}, inHand, context);
  const forbidden = forbiddenOf(inHand, context, filled.forbidden, { who, what });
  if (forbidden !== null || filled.missing.length > 0 || filled.unfit.length > 0) {
    decision.parts.event = forbidden ?? parkedForFields('Event', filled.missing, filled.unfit);
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
    ...otherwise,
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
  const { fields, rules, unfit, forbidden } = eventFields(inHand, live, context.org, context.now, steps);
  decision.eventId = idOf(live);
  const { who, what } = missingParents(inHand, live, person, related);
  const lacking = forbiddenOf(inHand, context, forbidden, { who, what });
  if (lacking !== null || unfit.length > 0) {
    decision.parts.event = lacking ?? parkedForFields('Event', [], unfit);
    return null;
  }
  const host = hostOf(candidate);
  const owned = match.ownerId !== null && isForHost(inHand, live) ? { OwnerId: match.ownerId } : {};
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
    whoId: who === null ? idIn(live, 'WhoId') : knownId(who),
    whatId: what === null ? idIn(live, 'WhatId') : knownId(what),
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

/** What the API user lacks of what this Event needs, as the outcome that it makes; null when it lacks nothing. */
function forbiddenOf(
  { candidate }: BookingInHand,
  { org }: PlanContext,
  forbidden: readonly string[],
  { who, what }: { who: EventParent; what: EventParent },
): PartOutcome | null {
  const lacked = lackedOfPage(candidate.settings.settings, org);
  const lookups = [...(who === null ? [] : ['WhoId']), ...(what === null ? [] : ['WhatId'])];
  return parkedForRights([
    ...lacked.filter(({ parts, isByValue }) => parts.includes('event') && !isByValue),
    ...lookups.flatMap((field) => lackOfField(lacked, 'Event', field) ?? []),
    ...lacksOfFields(lacked, 'Event', forbidden),
  ]);
}

const EVENT_RULES: Readonly<Record<string, string>> = {
  StartDateTime: 'the times of the booking',
  EndDateTime: 'the times of the booking',
  IsAllDayEvent: 'the times of the booking',
  OwnerId: "the host's user or the fallback owner",
  RecordTypeId: 'the rule recordTypes',
};

/**
 * Whether the owner is ours to set: the host is another one than at our last write, or his user is and nobody gave the
 * Event to somebody else meanwhile, or the owner that the Event has may come from a write of ours that nobody told us of.
 * Where that was the first one, the owner is still the one that we gave it if nobody but its maker has touched the Event.
 */
function isForHost({ candidate }: BookingInHand, live: FoundRecord): boolean {
  const { written } = candidate;
  if (written !== null) {
    const isOurs = written.isOwnerStale === true && idIn(live, 'OwnerId') === written.ownerId;
    return written.isOwnerInDoubt === true || written.host !== hostOf(candidate) || isOurs;
  }
  const maker = idIn(live, 'CreatedById');
  return maker !== null && maker === idIn(live, 'LastModifiedById');
}

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
): Partial<NonNullable<Decision['expected']>> {
  const { written } = candidate;
  return {
    ...keptOf(written),
    related: related.related ?? written?.related ?? null,
    ...(person.holdsKey ? { holdsKey: true as const } : {}),
    ...(person.awaitsContact ? { isStale: true as const } : {}),
  };
}

/** What stays true of a booking whatever is written of it. */
export function keptOf(written: Written | null): Partial<Written> {
  return {
    related: written?.related ?? null,
    ...(written?.campaignId === undefined ? {} : { campaignId: written.campaignId }),
    ...(written?.guests === undefined ? {} : { guests: written.guests }),
    ...(written?.cannotDelete === true ? { cannotDelete: true as const } : {}),
  };
}
