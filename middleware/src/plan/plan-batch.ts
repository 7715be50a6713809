import type { PartOutcome } from '../booking/outcome';
import type { Candidate } from '../match/candidate';
import type { FoundCustomer, FoundRecord, Match } from '../match/match-types';
import { idOf } from '../match/found-record';
import { hostOf } from '../match/sought';
import { lackInWords } from '../settings/right';
import { eventTimes } from './event-fields';
import { isBlinding, lackedOfPage } from './lacked';
import type { Decision, EventRow, Plan } from './plan';
import { changeSteps, idIn, parked, type BookingInHand, type PlanContext } from './planning';
import { keptOf, planEvent } from './plan-event';
import { planPerson } from './plan-person';
import { planRelated } from './plan-related';
import { planRelations } from './plan-relations';
import { Rows } from './rows';
import { valuesOf } from './values';

/**
 * Decides what to write for a whole batch: people first, one row each however many bookings they have, then related
 * records, each booking's Activity Event, and what is between them. Pure: the same values give the same plan, which is
 * what the dry run shows.
 *
 * @param matches of `match`, one for every candidate.
 */
export function planBatch(candidates: Candidate[], matches: ReadonlyMap<string, Match>, context: PlanContext): Plan {
  const planner = new BatchPlanner(context, foundPeople(candidates, matches));
  for (const candidate of candidates) {
    const match = matches.get(candidate.booking.id);
    if (match === undefined) continue;
    try {
      planner.add(candidate, match);
    } catch (error) {
      // One booking that we cannot plan must not hold up the others.
      planner.refuse(candidate, match, error);
    }
  }
  return planner.plan;
}

/** The record of each customer that some booking of the batch led to: he is unknown to none of them. */
function foundPeople(candidates: Candidate[], matches: ReadonlyMap<string, Match>): Map<string, FoundCustomer> {
  const people = new Map<string, FoundCustomer>();
  for (const { booking, customerId } of candidates) {
    const person = matches.get(booking.id)?.person;
    if (person?.kind === 'found' && !people.has(customerId)) people.set(customerId, person);
  }
  return people;
}

class BatchPlanner {
  readonly #rows = new Rows();
  readonly plan: Plan = {
    records: this.#rows.all,
    events: [],
    deletions: [],
    relations: [],
    decisions: new Map(),
  };

  constructor(
    private readonly context: PlanContext,
    private readonly found: ReadonlyMap<string, FoundCustomer>,
  ) {}

  refuse(candidate: Candidate, match: Match, error: unknown): void {
    const cause = `The connector could not plan this booking: ${error instanceof Error ? error.message : 'unknown fault'}.`;
    const remedy = 'This is a fault of the connector: report it with this message, then try again after an update.';
    const event = parked('INTERNAL_ERROR', cause, remedy, 'Event');
    this.plan.decisions.set(candidate.booking.id, {
      parts: { event },
      expected: null,
      eventId: null,
      steps: match.steps,
    });
  }

  add(candidate: Candidate, match: Match): void {
    const steps = [...match.steps];
    const decision: Decision = { parts: {}, expected: null, eventId: null, steps };
    this.plan.decisions.set(candidate.booking.id, decision);
    const live = match.event !== null && match.event['IsDeleted'] !== true ? match.event : null;
    const inHand: BookingInHand = { candidate, match, values: valuesOf(candidate.booking), live, steps };

    if (candidate.booking.mergedInto !== null) return this.#planTwin(inHand, decision);
    const hold = this.#holdOf(inHand);
    if (hold !== null) {
      decision.parts = { event: hold };
      // Of a page that is switched off nothing is remembered: what was written goes on to be what we know.
      if (hold.state === 'notWanted' && match.event !== null && candidate.settings.settings.isEnabled)
        this.#remember(inHand, match.event, decision);
      return;
    }
    if (isToBeDeleted(candidate)) return this.#planDeletion(inHand, decision);
    this.#planWrite(inHand, decision);
  }

  #planWrite(inHand: BookingInHand, decision: Decision): void {
    const { candidate, live } = inHand;
    const person = planPerson(inHand, this.found.get(candidate.customerId) ?? null, this.context, this.#rows);
    if (person.outcome !== null) decision.parts.person = person.outcome;
    if (person.flaw !== null) decision.flaws = { ...decision.flaws, person: person.flaw };
    const related = planRelated(inHand, person, this.context, this.#rows);
    if (related.outcome !== null) decision.parts.related = related.outcome;
    if (related.flaw !== null) decision.flaws = { ...decision.flaws, related: related.flaw };
    if (candidate.settings.settings.rules.event === 'off' && live === null) {
      decision.parts.event = { state: 'notWanted', cause: 'Events are switched off for this page' };
      return;
    }
    const row = planEvent(inHand, person, related, this.context, decision);
    if (row !== null) this.plan.events.push(row);
    if (decision.expected === null) return;
    const relations = planRelations(inHand, person, this.context);
    if (relations.outcome !== null) decision.parts.relations = relations.outcome;
    this.plan.relations.push(...relations.rows);
    Object.assign(decision.expected, relations.done);
    if (person.awaitsContact) {
      decision.parts.relations = {
        state: 'waiting',
        cause: 'the contact of the new Person Account is read in the next turn',
        isRetried: true,
      };
    }
  }

  /** Why nothing at all can or shall be written for a booking; null when it can. */
  #holdOf({ candidate, match, live }: BookingInHand): PartOutcome | null {
    const { booking, written, settings } = candidate;
    const { schema, names } = this.context.org;
    const { isEnabled, rules } = settings.settings;
    if (!isEnabled) return { state: 'notWanted', cause: 'the page is switched off' };
    if (eventTimes(booking.state) === null) {
      return {
        state: 'waiting',
        cause: 'nothing is known of the times yet: the booking itself has not arrived',
        isRetried: false,
      };
    }
    if (schema.objects['Event']?.fields[names.name('Booking_Id__c')] === undefined) {
      const lacked = lackedOfPage(settings.settings, this.context.org).filter(isBlinding);
      const cause = lacked.filter(({ parts }) => parts.includes('api') || parts.includes('event')).map(lackInWords);
      return parked(
        'PACKAGE_MISSING',
        cause.join(' '),
        'Install the Salesforce package and give the API user the permission set Booking Integration, then try again.',
        'Event',
      );
    }
    const isRevived = written?.status === 'Canceled' && booking.state.status !== 'Canceled';
    if (match.event?.['IsDeleted'] === true && !isRevived) {
      return { state: 'notWanted', cause: 'the Event was deleted in Salesforce' };
    }
    if (live === null && isToBeDeleted(candidate)) {
      return { state: 'notWanted', cause: 'canceled before it was written; the rules keep no canceled Events' };
    }
    if (live === null && match.ownerId === null && rules.event === 'write') {
      return parked(
        'OWNER_MISSING',
        'The host is no active Salesforce user, and no fallback owner is set.',
        "Set a fallback owner in the settings, or give the host's Salesforce user the e-mail address that the scheduling system has.",
        'Event',
        ['OwnerId'],
      );
    }
    return null;
  }

  /** The status above all: a booking that was canceled without its Event may be revived with a new one. */
  #remember({ candidate }: BookingInHand, event: FoundRecord, decision: Decision): void {
    const { written } = candidate;
    decision.eventId = idOf(event);
    decision.expected = {
      ...keptOf(written),
      generation: this.context.generation,
      whoId: idIn(event, 'WhoId'),
      whatId: idIn(event, 'WhatId'),
      ownerId: idIn(event, 'OwnerId') ?? '',
      person: null,
      host: written === null ? hostOf(candidate) : written.host,
      status: candidate.booking.state.status,
      fields: {},
    };
  }

  #planDeletion(inHand: BookingInHand, decision: Decision): void {
    const { candidate, live, steps } = inHand;
    decision.parts.event = { state: 'notWanted', cause: 'canceled: the rules keep no canceled Events' };
    if (live === null) return;
    this.#remember(inHand, live, decision);
    if (isRestored(candidate)) {
      steps.push({ step: 'Event', outcome: 'left alone: it was deleted, and somebody restored it' });
      return;
    }
    this.plan.deletions.push({ bookingId: candidate.booking.id, recordId: idOf(live) });
    steps.push({ step: 'Event', outcome: 'to be deleted, as the rule cancel says' });
  }

  #planTwin(inHand: BookingInHand, decision: Decision): void {
    const { candidate, live } = inHand;
    decision.parts.event = {
      state: 'notWanted',
      cause: 'the booking turned out to be the continuation of another one',
    };
    if (live === null) return;
    this.#remember(inHand, live, decision);
    if (candidate.written?.cannotDelete !== true) {
      this.plan.deletions.push({ bookingId: candidate.booking.id, recordId: idOf(live) });
      return;
    }
    const row = this.#pointer(inHand, live);
    if (row !== null) this.plan.events.push(row);
  }

  /** A twin's Event that may not be deleted says that it does not count. */
  #pointer({ candidate, steps }: BookingInHand, live: FoundRecord): EventRow | null {
    const { names, schema } = this.context.org;
    const status = names.name('Event_Status__c');
    if (live[status] === 'Canceled') return null;
    const prefix = candidate.settings.settings.rules.canceledPrefix ?? 'Canceled: ';
    const wanted: Record<string, string> = {
      [status]: 'Canceled',
      Subject: `${prefix}this booking goes on in another Event`,
      Description: 'The scheduling system continued this booking under another id. Its Event is the one to look at.',
    };
    const fields = Object.fromEntries(
      Object.entries(wanted).filter(([field]) => schema.objects['Event']?.fields[field]?.updateable === true),
    );
    steps.push(...changeSteps('Event', fields, live, {}));
    return {
      bookingId: candidate.booking.id,
      recordId: idOf(live),
      externalId: candidate.externalId,
      who: null,
      what: null,
      fields,
    };
  }
}

function isToBeDeleted({ booking, settings, written }: Candidate): boolean {
  return (
    booking.state.status === 'Canceled' && settings.settings.rules.cancel === 'delete' && written?.cannotDelete !== true
  );
}

/** Whether the Event of a canceled booking was gone already: no field of it is remembered. */
function isRestored({ written }: Candidate): boolean {
  return written?.status === 'Canceled' && Object.keys(written.fields).length === 0;
}
