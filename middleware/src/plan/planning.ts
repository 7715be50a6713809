import type { PartOutcome, Step } from '../booking/outcome';
import type { Candidate } from '../match/candidate';
import type { Directory, FoundRecord, Match } from '../match/match-types';
import type { OrgView } from '../salesforce/org-view';
import { isSame } from '../salesforce/convert';
import { sobjectOf, type MappedObject } from '../settings/objects';
import type { FieldProblem, FieldValues } from './mapping';
import { OWN_PROBLEMS, type OwnProblemCode } from './own-problems';
import type { RecordRow } from './plan';
import type { Values } from './values';

/** What a plan of a batch is made against. */
export interface PlanContext {
  org: OrgView;
  directory: Directory;
  /** Of the connection. */
  generation: number;
  now: Date;
}

/** One booking while it is planned. */
export interface BookingInHand {
  candidate: Candidate;
  match: Match;
  values: Values;
  /** The Event as it is in the org; null when there is none, or a deleted one. */
  live: FoundRecord | null;
  steps: Step[];
}

/** A row for a part, or why there is none; both null when there is nothing to write. */
export interface PlannedRow {
  row: RecordRow | null;
  parked: PartOutcome | null;
}

/** A part that waits for a human. */
export function parked(
  code: OwnProblemCode,
  cause: string,
  remedy: string,
  sobject: string | null,
  fields: string[] = [],
): PartOutcome {
  return { state: 'parked', class: OWN_PROBLEMS[code].class, code, cause, remedy, sobject, fields };
}

/** A part whose fields stand in its way: required ones without a value first, then values that do not fit. */
export function parkedForFields(object: MappedObject, missing: FieldProblem[], unfit: FieldProblem[]): PartOutcome {
  const named = (problems: FieldProblem[]): string =>
    problems
      .map(({ label, field, problem }) => `${label} (${field})${problem === null ? '' : ` ${problem}`}`)
      .join(', ');
  if (missing.length > 0) {
    return parked(
      'REQUIRED_FIELD_MISSING',
      `${object} needs a value for ${named(missing)}, and this booking gives none.`,
      'Map the field, give it a fixed value under "required" in the settings, allow placeholders, or make the question required on the booking page.',
      sobjectOf(object),
      missing.map(({ field }) => field),
    );
  }
  return parked(
    'VALUE_DOES_NOT_FIT',
    `A value of this booking does not fit its field: ${named(unfit)}.`,
    'Correct the booking or the mapping of the field, or choose in the settings what becomes of values that do not fit.',
    sobjectOf(object),
    unfit.map(({ field }) => field),
  );
}

/** Those of the desired values that the record does not hold. */
export function changedFields(
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

/** A step for each field that is written: what it holds, what it will hold, and what set it. */
export function changeSteps(
  sobject: string,
  fields: FieldValues,
  record: Readonly<Record<string, unknown>> | null,
  rules: Readonly<Record<string, string>>,
): Step[] {
  return Object.entries(fields).map(([field, after]) => ({
    step: `${sobject}.${field}`,
    outcome: `set by ${rules[field] ?? 'the connector'}`,
    before: record?.[field] ?? null,
    after,
  }));
}

/** Whether a new record may be given a value for the field. */
export function mayCreate({ schema }: OrgView, sobject: string, field: string): boolean {
  return schema.objects[sobject]?.fields[field]?.createable === true;
}

/** An id in a field of a record, null when it is empty. */
export function idIn(record: FoundRecord, field: string): string | null {
  const id = record[field];
  return typeof id === 'string' && id !== '' ? id : null;
}
