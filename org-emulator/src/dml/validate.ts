import { canReadRow } from '../org/sharing';
import type { Field } from '../schema/field';
import type { FieldValue } from '../records/table';
import { isChanged, type Draft } from './draft';
import { entityIsDeleted, invalidCrossReference, RowError } from './row-error';

const TEXT_TYPES = new Set(['string', 'textarea', 'email', 'phone', 'url', 'combobox', 'picklist', 'encryptedstring']);
// What the platform calls an address; stricter checks belong to mail servers.
const EMAIL = /^[^\s@,;<>()[\]\\"]+@[^\s@,;<>()[\]\\".]+(\.[^\s@,;<>()[\]\\".]+)+$/;

/**
 * Checks a draft against its fields: required values, lengths, addresses, picklists, numbers, references and uniqueness.
 * An update checks the fields that it changes.
 *
 * @throws RowError with the platform's code and words for the first thing that is wrong.
 */
export function validateDraft(draft: Draft): void {
  requireFields(draft);
  for (const field of draft.object.fields) {
    if (!isChanged(draft, field.name)) continue;
    const value = draft.row[field.name] ?? null;
    if (value === null) continue;
    checkValue(field, value);
    if (field.type === 'reference' && draft.given.has(field.name)) checkReference(draft, field, String(value));
    if (field.unique) checkUnique(draft, field, value);
  }
}

function requireFields(draft: Draft): void {
  const missing = draft.object.fields.filter(
    (field) =>
      !field.nillable &&
      field.type !== 'boolean' &&
      (field.createable || field.updateable) &&
      (draft.before === undefined || draft.given.has(field.name)) &&
      (draft.row[field.name] ?? null) === null,
  );
  if (missing.length === 0) return;
  const names = missing.map((field) => field.name);
  throw new RowError('REQUIRED_FIELD_MISSING', `Required fields are missing: [${names.join(', ')}]`, names);
}

function checkValue(field: Field, value: Exclude<FieldValue, null>): void {
  if (TEXT_TYPES.has(field.type) && typeof value === 'string') {
    if (field.length > 0 && value.length > field.length) {
      throw new RowError(
        'STRING_TOO_LONG',
        `${field.label}: data value too large: ${value} (max length=${field.length})`,
        [field.name],
      );
    }
    if (field.type === 'email' && !EMAIL.test(value)) {
      throw new RowError('INVALID_EMAIL_ADDRESS', `${field.label}: invalid email address: ${value}`, [field.name]);
    }
  }
  if (field.restrictedPicklist) checkPicklist(field, String(value));
  if (typeof value === 'number') checkNumber(field, value);
}

function checkPicklist(field: Field, value: string): void {
  const given = field.type === 'multipicklist' ? value.split(';') : [value];
  const allowed = new Set(field.picklistValues.filter((entry) => entry.active).map((entry) => entry.value));
  const bad = given.find((entry) => !allowed.has(entry));
  if (bad === undefined) return;
  throw new RowError(
    'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
    `${field.label}: bad value for restricted picklist field: ${bad}`,
    [field.name],
  );
}

function checkNumber(field: Field, value: number): void {
  const wholeDigits = field.type === 'int' ? field.digits : field.precision - field.scale;
  if (wholeDigits <= 0 || Math.abs(value) < 10 ** wholeDigits) return;
  throw new RowError(
    'NUMBER_OUTSIDE_VALID_RANGE',
    `${field.label}: value outside of valid range on numeric field: ${value}`,
    [field.name],
  );
}

function checkReference(draft: Draft, field: Field, id: string): void {
  const { org } = draft.context;
  const target = org.schema.objectOfId(id);
  const isTarget = target && field.referenceTo.some((name) => name.toLowerCase() === target.name.toLowerCase());
  if (!isTarget) {
    throw new RowError('MALFORMED_ID', `${field.label}: id value of incorrect type: ${id}`, [field.name]);
  }
  if (target.name === 'RecordType') {
    checkRecordType(draft, field, id);
    return;
  }
  const row = org.store.table(target).get(id);
  if (!row) throw invalidCrossReference(400, [field.name]);
  // A reference to a binned record is this row's fault, not a missing target: 400 where the target itself gives 404.
  if (row.IsDeleted === true) throw new RowError('ENTITY_IS_DELETED', entityIsDeleted().message, [field.name]);
  const { access } = draft.context;
  if (access.rights(target.name).read && canReadRow(org, access, target, row)) return;
  throw new RowError(
    'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
    `insufficient access rights on cross-reference id: ${id.slice(0, 15)}`,
  );
}

/** A record type must be one of the object's own, active and available. */
function checkRecordType(draft: Draft, field: Field, id: string): void {
  const info = draft.object.recordTypeInfos.find(({ recordTypeId }) => recordTypeId === id);
  if (info?.available) return;
  throw new RowError('INVALID_CROSS_REFERENCE_KEY', `${field.label}: this ID value isn't valid for the user: ${id}`, [
    field.name,
  ]);
}

function checkUnique(draft: Draft, field: Field, value: Exclude<FieldValue, null>): void {
  const others = draft.context.org.store.table(draft.object).lookup(field, value) ?? [];
  const other = others.find((row) => row.Id !== draft.id && row.IsDeleted !== true);
  if (!other) return;
  throw new RowError(
    'DUPLICATE_VALUE',
    `duplicate value found: ${field.name} duplicates value on record with id: ${other.Id.slice(0, 15)}`,
  );
}
