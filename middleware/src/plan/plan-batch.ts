import type { PartOutcome, Step } from '../booking/outcome';
import { normalizeEmail } from '../customer/email';
import type { Candidate } from '../match/candidate';
import { idOf, type FoundRecord, type Match, type PersonMatch } from '../match/match';
import { EVENT_TIMES, hostOf, type OrgView } from '../match/queries';
import { requiredOnCreate } from '../salesforce/schema';
import type { PersonObject } from '../settings/settings';
import { convert, isSame } from './convert';
import { eventTimes } from './event-fields';
import { mapFields, type FieldValues, type MissingField } from './mapping';
import { withoutNulls, type Decision, type EventRow, type EventWho, type PersonRow, type Plan } from './plan';
import { valuesOf } from './values';

/**
 * Decides what to write for a whole batch: people first, one row each however many bookings they have, then each
 * booking's Activity Event. Pure: the same values give the same plan, which is what the dry run shows.
 *
 * @param matches of `match`, one for every candidate.
 */
export function planBatch(
  candidates: Candidate[],
  matches: ReadonlyMap<string, Match>,
  org: OrgView,
  generation: number,
): Plan {
  const planner = new BatchPlanner(org, generation, foundPeople(candidates, matches));
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

type FoundPerson = PersonMatch & { kind: 'found' };

/** The record of each customer that some booking of the batch led to: he is unknown to none of them. */
function foundPeople(candidates: Candidate[], matches: ReadonlyMap<string, Match>): Map<string, FoundPerson> {
  const people = new Map<string, FoundPerson>();
  for (const { booking, customerId } of candidates) {
    const person = matches.get(booking.id)?.person;
    if (person?.kind === 'found' && !people.has(customerId)) people.set(customerId, person);
  }
  return people;
}

/** Who an Event will be about, and what the person part comes to without a write. */
interface PlannedPerson {
  who: EventWho;
  person: { sobject: string; recordId: string } | null;
  outcome: PartOutcome | null;
}

const NO_PERSON: PlannedPerson = { who: null, person: null, outcome: null };

class BatchPlanner {
  readonly plan: Plan = { people: [], events: [], deletions: [], decisions: new Map() };
  /** New people by customer and by comparable e-mail: two teams' customers with one address are one person. */
  readonly #created = new Map<string, PersonRow>();
  readonly #updated = new Map<string, PersonRow>();

  constructor(
    private readonly org: OrgView,
    private readonly generation: number,
    private readonly found: ReadonlyMap<string, FoundPerson>,
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

    if (candidate.booking.mergedInto !== null) return this.#planTwin(candidate, live, decision);
    const hold = this.#holdOf(candidate, match, live);
    if (hold !== null) {
      decision.parts = { event: hold };
      if (hold.state === 'notWanted' && match.event !== null) this.#rememberDeleted(candidate, match.event, decision);
      return;
    }
    const planned = this.#planPerson(candidate, match, live, steps);
    if (planned.outcome !== null) decision.parts.person = planned.outcome;
    if (live === null && planned.who === null) {
      decision.parts.event = { state: 'waiting', cause: 'the Event waits for its person', isRetried: false };
      return;
    }
    this.#planEvent(candidate, match, live, planned, decision);
  }

  /** Why nothing at all can or shall be written for a booking; null when it can. */
  #holdOf({ booking, written }: Candidate, match: Match, live: FoundRecord | null): PartOutcome | null {
    const { schema, names } = this.org;
    if (eventTimes(booking.state) === null) {
      return {
        state: 'waiting',
        cause: 'nothing is known of the times yet: the booking itself has not arrived',
        isRetried: false,
      };
    }
    if (schema.objects['Event']?.fields[names.name('Booking_Id__c')] === undefined) {
      return parked(
        'PACKAGE_MISSING',
        "The org has no field Booking_Id__c on Event, or the connector's user may not see it.",
        'Install the Salesforce package and give the API user the permission set Booking Integration, then try again.',
        'Event',
      );
    }
    const isRevived = written?.status === 'Canceled' && booking.state.status !== 'Canceled';
    if (match.event?.['IsDeleted'] === true && !isRevived) {
      return { state: 'notWanted', cause: 'the Event was deleted in Salesforce' };
    }
    if (live === null && match.ownerId === null) {
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
  #rememberDeleted(candidate: Candidate, event: FoundRecord, decision: Decision): void {
    decision.eventId = idOf(event);
    decision.expected = {
      generation: this.generation,
      whoId: idIn(event, 'WhoId'),
      whatId: idIn(event, 'WhatId'),
      ownerId: idIn(event, 'OwnerId') ?? '',
      person: null,
      host: hostOf(candidate),
      status: candidate.booking.state.status,
      fields: {},
    };
  }

  #planTwin({ booking }: Candidate, live: FoundRecord | null, decision: Decision): void {
    decision.parts.event = {
      state: 'notWanted',
      cause: 'the booking turned out to be the continuation of another one',
    };
    if (live !== null) this.plan.deletions.push({ bookingId: booking.id, recordId: idOf(live) });
  }

  #planPerson(candidate: Candidate, match: Match, live: FoundRecord | null, steps: Step[]): PlannedPerson {
    const person =
      match.person.kind === 'create' ? (this.found.get(candidate.customerId) ?? match.person) : match.person;
    switch (person.kind) {
      case 'found': {
        this.#planPersonUpdate(candidate, person, steps);
        const link = { sobject: person.sobject, recordId: person.recordId };
        return { who: { recordId: person.recordId }, person: link, outcome: { state: 'written', ...link } };
      }
      case 'ambiguous':
        return {
          ...NO_PERSON,
          outcome: parked(
            'AMBIGUOUS_MATCH',
            `${person.recordIds.length} ${person.sobject} records fit equally well: ${person.recordIds.join(', ')}.`,
            'Merge them, put the customer id into the field Booking Customer Id of the right one, or choose a rule for ambiguous matches in the settings; then try again.',
            person.sobject,
          ),
        };
      case 'create':
        // An Event that exists keeps the person that the org gives it: somebody may have taken that person away.
        return live === null ? this.#planPersonCreate(candidate, person.sobject, steps) : NO_PERSON;
    }
  }

  #planPersonCreate(candidate: Candidate, sobject: PersonObject, steps: Step[]): PlannedPerson {
    const { booking, customerId } = candidate;
    const email = normalizeEmail(booking.state.customer?.email ?? null);
    const keys = email === null ? [customerId] : [customerId, email];
    const same = keys.map((key) => this.#created.get(key)).find((row) => row !== undefined);
    if (same !== undefined) {
      for (const key of keys) this.#created.set(key, same);
      same.bookingIds.push(booking.id);
      steps.push({ step: 'person', outcome: `the same new ${same.sobject} as another booking of this batch` });
      return { ...NO_PERSON, who: { sobject: same.sobject, customerId: same.customerId } };
    }
    if (this.org.schema.objects[sobject]?.createable !== true) {
      return {
        ...NO_PERSON,
        outcome: parked(
          'OBJECT_NOT_CREATEABLE',
          `The connector's user may not create ${sobject} records.`,
          `Give the API user the right to create ${sobject} records, or choose another object for unknown customers.`,
          sobject,
        ),
      };
    }
    const { fields, missing } = this.#newPersonFields(candidate, sobject, steps);
    if (missing.length > 0) {
      const labels = missing.map(({ label, field }) => `${label} (${field})`).join(', ');
      return {
        ...NO_PERSON,
        outcome: parked(
          'REQUIRED_FIELD_MISSING',
          `${sobject} needs a value for ${labels}, and this booking gives none.`,
          'Map the field, give it a fixed value under "required" in the settings, or make the question required on the booking page.',
          sobject,
          missing.map(({ field }) => field),
        ),
      };
    }
    const row: PersonRow = {
      sobject,
      recordId: null,
      customerId,
      fields: withoutNulls(fields),
      bookingIds: [booking.id],
    };
    for (const key of keys) this.#created.set(key, row);
    this.plan.people.push(row);
    return { ...NO_PERSON, who: { sobject, customerId } };
  }

  /** The fields of a new person: mapped, and where a required one got nothing, the value chosen for that case. */
  #newPersonFields(
    { booking, settings }: Candidate,
    sobject: PersonObject,
    steps: Step[],
  ): { fields: FieldValues; missing: MissingField[] } {
    const { mappings, required } = settings.settings;
    const values = valuesOf(booking);
    const fields = mapFields({ sobject, rows: mappings[sobject], values, mode: 'create' }, this.org, steps);
    const missing: MissingField[] = [];
    const object = this.org.schema.objects[sobject];
    for (const field of object === undefined ? [] : requiredOnCreate(object)) {
      if ((fields[field.name] ?? null) !== null) continue;
      const chosen = required[sobject]?.[this.org.names.local(field.name)]?.text;
      const converted = convert(chosen, field, true);
      if ('value' in converted && converted.value !== null) {
        fields[field.name] = converted.value;
        steps.push({ step: `${sobject}.${field.name}`, outcome: 'the value chosen for bookings that give none' });
      } else {
        missing.push({ field: field.name, label: field.label });
      }
    }
    return { fields, missing };
  }

  #planPersonUpdate(candidate: Candidate, { sobject, recordId, record, isKeyTaken }: FoundPerson, steps: Step[]): void {
    if (record === null) return;
    const { schema, names } = this.org;
    const rows = candidate.settings.settings.mappings[sobject].filter(({ when }) => when !== 'onCreate');
    const mapped = mapFields(
      { sobject, rows, values: valuesOf(candidate.booking), mode: 'update', existing: record },
      this.org,
      steps,
    );
    const keyField = names.name('Booking_Customer_Id__c');
    // Only into an empty field: somebody else's id there is never overwritten.
    const mayWriteKey =
      !isKeyTaken &&
      schema.objects[sobject]?.fields[keyField]?.updateable === true &&
      (record[keyField] ?? null) === null;
    const fields = {
      // An empty value of ours never clears what a person's record holds.
      ...withoutNulls(changedFields(sobject, mapped, record, this.org)),
      ...(mayWriteKey ? { [keyField]: candidate.customerId } : {}),
    };
    if (Object.keys(fields).length === 0) return;
    const same = this.#updated.get(recordId);
    if (same !== undefined) {
      // The first customer of a record gives it its key; later bookings of the batch add the rest.
      same.fields = { ...fields, ...same.fields };
      same.bookingIds.push(candidate.booking.id);
      return;
    }
    const row: PersonRow = {
      sobject,
      recordId,
      customerId: candidate.customerId,
      fields,
      bookingIds: [candidate.booking.id],
    };
    this.#updated.set(recordId, row);
    this.plan.people.push(row);
  }

  #planEvent(
    candidate: Candidate,
    match: Match,
    live: FoundRecord | null,
    planned: PlannedPerson,
    decision: Decision,
  ): void {
    const { booking, externalId, written } = candidate;
    const fields = eventFields(candidate, live, this.org, decision.steps);
    const host = hostOf(candidate);
    const desired: FieldValues = { ...fields };
    const hasNewHost = live !== null && written !== null && written.host !== host;
    if (match.ownerId !== null && (live === null || hasNewHost)) desired['OwnerId'] = match.ownerId;
    const isLead =
      planned.who !== null && ('sobject' in planned.who ? planned.who.sobject : planned.person?.sobject) === 'Lead';
    if (live === null && match.related !== null) {
      if (isLead)
        decision.steps.push({ step: 'related record', outcome: 'left out: an Event of a Lead cannot have one' });
      else desired['WhatId'] = match.related.recordId;
    }

    const row: EventRow = {
      bookingId: booking.id,
      recordId: live === null ? null : idOf(live),
      externalId,
      who: live === null ? planned.who : null,
      fields: live === null ? withoutNulls(desired) : changedEventFields(desired, live, this.org),
    };
    decision.eventId = row.recordId;
    decision.expected = {
      generation: this.generation,
      whoId: live === null ? whoIdOf(planned.who) : idIn(live, 'WhoId'),
      whatId: live === null ? textIn(desired, 'WhatId') : idIn(live, 'WhatId'),
      ownerId: textIn(desired, 'OwnerId') ?? (live === null ? '' : (idIn(live, 'OwnerId') ?? '')),
      person: planned.person,
      host,
      status: booking.state.status,
      fields,
    };
    if (live !== null && Object.keys(row.fields).length === 0) {
      decision.parts.event = { state: 'written', sobject: 'Event', recordId: idOf(live) };
      decision.steps.push({ step: 'Event', outcome: 'as it should be already' });
      return;
    }
    this.plan.events.push(row);
  }
}

/**
 * The fields of an Activity Event that follow the booking: times and mapped values; not the person, record and owner.
 *
 * @param existing the Event as it is, or as we last wrote it; null for one that is to be created.
 */
export function eventFields(
  { booking, settings }: Candidate,
  existing: Readonly<Record<string, unknown>> | null,
  org: OrgView,
  steps: Step[],
): FieldValues {
  const rows = settings.settings.mappings.Event;
  const mode = existing === null ? 'create' : 'update';
  const mapped = mapFields({ sobject: 'Event', rows, values: valuesOf(booking), mode, existing }, org, steps);
  return { ...mapped, ...eventTimes(booking.state) };
}

/** Those of an Event's desired values that it does not hold. */
export function changedEventFields(
  desired: FieldValues,
  held: Readonly<Record<string, unknown>>,
  org: OrgView,
): FieldValues {
  const changed = changedFields('Event', desired, held, org);
  if (!EVENT_TIMES.some((name) => name in changed)) return changed;
  // Together: a start that moves alone keeps the length, and so moves the end.
  return { ...changed, ...Object.fromEntries(EVENT_TIMES.map((name) => [name, desired[name] ?? null])) };
}

/** Those of the desired values that the record does not hold. */
function changedFields(
  sobject: string,
  desired: FieldValues,
  record: Readonly<Record<string, unknown>>,
  { schema }: OrgView,
): FieldValues {
  return Object.fromEntries(
    Object.entries(desired).filter(
      ([name, value]) => !isSame(record[name], value, schema.objects[sobject]?.fields[name]?.type),
    ),
  );
}

function parked(code: string, cause: string, remedy: string, sobject: string, fields: string[] = []): PartOutcome {
  return { state: 'parked', code, cause, remedy, sobject, fields };
}

function whoIdOf(who: EventWho): string | null {
  return who !== null && 'recordId' in who ? who.recordId : null;
}

function idIn(record: FoundRecord, field: string): string | null {
  const id = record[field];
  return typeof id === 'string' && id !== '' ? id : null;
}

function textIn(fields: FieldValues, field: string): string | null {
  const value = fields[field];
  return typeof value === 'string' ? value : null;
}
