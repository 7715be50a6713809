import type { PartOutcome, Step } from '../booking/outcome';
import { convert } from '../salesforce/convert';
import type { ObjectSchema } from '../salesforce/schema';
import { sobjectOf, type ExistingObject, type MappedObject } from '../settings/objects';
import { findRecordType } from '../settings/record-type';
import { requiredFields } from '../settings/required-fields';
import { lackedOfPage, lackedToCreate, lacksOfFields, parkedForRights } from './lacked';
import { mapFields, placeholderOf, type FieldProblem, type FieldValues } from './mapping';
import { ownerOf } from './owner';
import { withoutNulls } from './plan';
import { changeSteps, parked, parkedForFields, type BookingInHand, type PlanContext } from './planning';

/** The fields of a record to create, or why it cannot be. */
export type NewRecord = { fields: ReturnType<typeof withoutNulls>; autoAssign: boolean } | { parked: PartOutcome };

/**
 * A new record of a booking: mapped fields, and where a required one got nothing the value chosen for that case, else
 * a placeholder if the rules ask for one; its record type and owner. Pure.
 *
 * @param given fields that follow from the plan itself, such as a lookup to a record that is there.
 */
export function newRecord(
  object: ExistingObject,
  given: FieldValues,
  inHand: BookingInHand,
  context: PlanContext,
): NewRecord {
  const sobject = sobjectOf(object);
  const schema = context.org.schema.objects[sobject];
  const lacked = lackedOfPage(inHand.candidate.settings.settings, context.org);
  const filled = newFields(object, given, inHand, context);
  const forbidden = parkedForRights([
    ...lackedToCreate(lacked, sobject),
    // Of an object that is not seen, no field is.
    ...(schema === undefined ? [] : lacksOfFields(lacked, sobject, filled.forbidden)),
  ]);
  if (forbidden !== null) return { parked: forbidden };
  if (filled.missing.length > 0 || filled.unfit.length > 0) {
    return { parked: parkedForFields(object, filled.missing, filled.unfit) };
  }
  const recordType = schema === undefined ? null : recordTypeOf(object, schema, inHand);
  if (recordType !== null && 'parked' in recordType) return recordType;
  const { ownerId, autoAssign } = ownerOf(object, 'onCreate', inHand, context, inHand.steps);
  const fields = withoutNulls({
    ...filled.fields,
    ...(recordType === null ? {} : { RecordTypeId: recordType.id }),
    ...(ownerId === null ? {} : { OwnerId: ownerId }),
  });
  const rules = { ...filled.rules, RecordTypeId: 'the rule recordTypes', OwnerId: 'the rule owner' };
  inHand.steps.push(...changeSteps(sobject, fields, null, rules));
  return { fields, autoAssign };
}

/** What a new record gets, and what stands in the way of it. */
export interface NewFields {
  fields: FieldValues;
  rules: Record<string, string>;
  missing: FieldProblem[];
  unfit: FieldProblem[];
  forbidden: string[];
}

/** Mapped fields, with required ones filled as chosen; used for Events too. */
export function newFields(
  object: MappedObject,
  given: FieldValues,
  { candidate, values, steps }: BookingInHand,
  { org, now }: PlanContext,
): NewFields {
  const settings = candidate.settings.settings;
  const mapped = mapFields({ object, settings, values, mode: 'create', now }, org, steps);
  const fields: FieldValues = { ...mapped.fields, ...given };
  const rules: Record<string, string> = { ...mapped.rules };
  const missing: FieldProblem[] = [];
  for (const field of requiredFields(object, org)) {
    if ((fields[field.name] ?? null) !== null) continue;
    const chosen = settings.required[object]?.[org.names.local(field.name)]?.text;
    const converted = convert(chosen, field, true);
    if ('value' in converted && converted.value !== null) {
      fields[field.name] = converted.value;
      rules[field.name] = 'the value chosen for bookings that give none';
      continue;
    }
    const placeholder = settings.rules.missingRequired === 'placeholder' ? placeholderOf(field, settings, now) : null;
    if (placeholder === null) missing.push({ field: field.name, label: field.label, problem: null });
    else {
      fields[field.name] = placeholder;
      rules[field.name] = 'the placeholder for required fields';
    }
  }
  return { fields, rules, missing, unfit: mapped.unfit, forbidden: mapped.forbidden };
}

/** The record type that the page's rules name, by id or developer name; null when they name none. */
export function recordTypeOf(
  object: MappedObject,
  schema: ObjectSchema,
  { candidate }: Pick<BookingInHand, 'candidate'>,
): { id: string } | { parked: PartOutcome } | null {
  const named = candidate.settings.settings.rules.recordTypes[object];
  if (named === undefined) return null;
  const search = findRecordType(schema, named);
  if (search.kind === 'found') return { id: search.recordType.id };
  const [cause, remedy] =
    search.kind === 'ambiguous'
      ? [
          `Several record types of ${schema.name} are called ${named}.`,
          'Name the record type by its id in the settings.',
        ]
      : [
          `The record type ${named} of ${schema.name} does not exist, is inactive, or is not open to the API user.`,
          'Make the record type available to the API user, or choose another one in the settings.',
        ];
  return { parked: parked('RECORD_TYPE_UNAVAILABLE', cause, remedy, schema.name, ['RecordTypeId']) };
}

/** Names a step of a record that several bookings of the batch share. */
export function sharedStep(object: MappedObject): Step {
  return { step: object, outcome: `the same new ${object} as another booking of this batch` };
}
