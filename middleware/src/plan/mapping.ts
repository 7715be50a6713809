import type { JsonValue } from '../booking/booking-event';
import type { FieldValue, Step } from '../booking/outcome';
import type { OrgView } from '../salesforce/org-view';
import { convert, textOf } from '../salesforce/convert';
import type { FieldNames } from '../salesforce/field-names';
import type { FieldSchema } from '../salesforce/schema';
import type { MappingRow } from '../settings/mapping-row';
import { sobjectOf, type MappedObject } from '../settings/objects';
import { OWN_FIELDS } from '../settings/own-fields';
import type { PageSettings } from '../settings/page-settings';
import { placeholderFor } from '../settings/placeholders';
import { fillText } from '../settings/value-names';
import { whenOf } from '../settings/when';
import type { Values } from './values';

/** Field values by API name, as the REST API takes them. */
export type FieldValues = Record<string, FieldValue>;

/** A field that stands in the way of a write: without a value, or with one that does not fit. */
export interface FieldProblem {
  field: string;
  label: string;
  /** Why, without the value itself; null when there is none. */
  problem: string | null;
}

/** What the rows of one object come to. */
export interface MappedFields {
  /** Null for a field that is to be empty. */
  fields: FieldValues;
  /** What set each of the fields, for whoever asks. */
  rules: Record<string, string>;
  /** Values that do not fit, where the rule is to wait for a human. */
  unfit: FieldProblem[];
  /** API names of fields that there is a value for and that the user may not see or write. */
  forbidden: string[];
}

/** What mapping rows are applied to. */
export interface MappingTask {
  object: MappedObject;
  settings: Pick<PageSettings, 'mappings' | 'rules' | 'placeholders'>;
  values: Values;
  /** Whether the record is created or changed: decides which flag of the schema counts, and which rows apply. */
  mode: 'create' | 'update';
  /** The record as it is, when it was read: an `onlyIfEmpty` row writes into an empty field only. */
  existing?: Readonly<Record<string, unknown>> | null;
  now: Date;
}

/**
 * Fills the fields of one object from its mapping rows; of several rows for one field the first with a value counts. A
 * field that the org does not have, or that the user may not write, is left out with a step that says so, and is among
 * the forbidden ones where there is a value for it. Pure.
 */
export function mapFields(task: MappingTask, { schema, names }: OrgView, steps: Step[]): MappedFields {
  const { object, settings, mode } = task;
  const sobject = sobjectOf(object);
  const mapped: MappedFields = { fields: {}, rules: {}, unfit: [], forbidden: [] };
  for (const { name, local, rows } of fieldsOf(settings.mappings[object], names)) {
    const leaveOut = (why: string): void =>
      void steps.push({ step: `${sobject}.${name}`, outcome: `left out: ${why}` });
    if (OWN_FIELDS[object].includes(local)) {
      leaveOut('the connector fills it itself');
      continue;
    }
    const applicable = rows.filter((row) => mode === 'create' || mayChange(row, name, task));
    if (applicable.length === 0) continue;
    const field = schema.objects[sobject]?.fields[name];
    if (isForbidden(field) && applicable.some((row) => hasValue(row, task.values))) mapped.forbidden.push(name);
    if (field === undefined) leaveOut('the org has no such field, or the user may not see it');
    else if (!(mode === 'create' ? field.createable : field.updateable)) leaveOut('the user may not write the field');
    else fill(field, applicable, task, mapped, leaveOut);
  }
  return mapped;
}

/** A field that another right would open: one that only Salesforce fills, or that is for new records only, is none. */
function isForbidden(field: FieldSchema | undefined): boolean {
  if (field === undefined) return true;
  return !field.createable && !field.updateable && field.permissionable && !field.calculated && !field.autoNumber;
}

function hasValue(row: MappingRow, values: Values): boolean {
  return !isEmpty(valueOf(row, values));
}

/** A field that rows are about. */
interface FieldRows {
  /** API name in the org. */
  name: string;
  /** Without the package's namespace. */
  local: string;
  rows: MappingRow[];
}

/** The same for every booking of a page: worked out once for as long as the settings and the org's names live. */
const KNOWN_FIELDS = new WeakMap<FieldNames, WeakMap<MappingRow[], FieldRows[]>>();

function fieldsOf(rows: MappingRow[], names: FieldNames): FieldRows[] {
  const ofOrg = KNOWN_FIELDS.get(names) ?? new WeakMap<MappingRow[], FieldRows[]>();
  KNOWN_FIELDS.set(names, ofOrg);
  const known = ofOrg.get(rows) ?? rowsByField(rows, names);
  ofOrg.set(rows, known);
  return known;
}

function rowsByField(rows: MappingRow[], names: FieldNames): FieldRows[] {
  const byName = new Map<string, FieldRows>();
  for (const row of rows) {
    const name = names.name(row.field);
    const known = byName.get(name);
    if (known === undefined) byName.set(name, { name, local: names.local(name), rows: [row] });
    else known.rows.push(row);
  }
  return [...byName.values()];
}

function mayChange(row: MappingRow, name: string, { object, settings, existing }: MappingTask): boolean {
  const when = whenOf(row, object, settings.rules);
  return when === 'always' || (when === 'onlyIfEmpty' && isEmpty(existing?.[name]));
}

function fill(
  field: FieldSchema,
  rows: MappingRow[],
  { object, settings, values, now }: MappingTask,
  { fields, rules, unfit }: MappedFields,
  leaveOut: (why: string) => void,
): void {
  let isLeftOut = false;
  for (const row of rows) {
    const converted = convert(valueOf(row, values), field, row.cut);
    if ('value' in converted) {
      if (converted.value === null) continue;
      fields[field.name] = converted.value;
      rules[field.name] = row.from ?? 'a text of the mapping';
      return;
    }
    const policy = row.ifBad ?? settings.rules.badValue;
    const placeholder = policy === 'placeholder' ? placeholderOf(field, settings, now) : null;
    if (placeholder !== null) {
      fields[field.name] = placeholder;
      rules[field.name] = `a placeholder: the value of ${row.from ?? 'the text'} ${converted.problem}`;
      return;
    }
    if (policy === 'park') {
      unfit.push({ field: field.name, label: field.label, problem: converted.problem });
      return;
    }
    isLeftOut = true;
    leaveOut(`the value ${converted.problem}`);
  }
  // A field that cannot be empty, such as a checkbox, keeps what it has; so does one that is only to be filled.
  const isOnlyFilled = rows.every((row) => whenOf(row, object, settings.rules) === 'onlyIfEmpty');
  if (isLeftOut || isOnlyFilled || !field.nillable) return;
  fields[field.name] = null;
  rules[field.name] = 'the mapping: the booking gives no value';
}

/** The placeholder of a field as its type takes it; null when its type has none. Pure. */
export function placeholderOf(
  field: FieldSchema,
  { placeholders }: Pick<PageSettings, 'placeholders'>,
  now: Date,
): FieldValue {
  const converted = convert(placeholderFor(field, placeholders, now), field, true);
  return 'value' in converted ? converted.value : null;
}

function valueOf(row: MappingRow, values: Values): JsonValue {
  if (row.from !== undefined) return values.get(row.from) ?? null;
  return fillText(row.text ?? '', (name) => textOf(values.get(name)));
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '';
}
