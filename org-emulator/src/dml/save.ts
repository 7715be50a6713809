import { canEditRow } from '../org/sharing';
import { toApiDateTime } from '../records/timestamps';
import type { FieldValue, StoredRecord } from '../records/table';
import type { ObjectSchema } from '../schema/object-schema';
import { applyAssignmentRule } from './assignment-rules';
import type { Draft } from './draft';
import { checkDuplicateRules } from './duplicate-rules';
import { rulesOf } from './object-rules';
import { checkOwner } from './owner';
import type { ParsedRow } from './parse-row';
import { entityIsDeleted, invalidCrossReference, RowError } from './row-error';
import { checkAddresses } from './rules/address-rules';
import { validateDraft } from './validate';
import { checkValidationRules } from './validation-rules';
import type { WriteContext } from './write-context';

/** Stores a new row and returns its id. Throws RowError and leaves nothing behind when it is refused. */
export function insertRow(context: WriteContext, object: ObjectSchema, values: ParsedRow): string {
  if (!object.flags.createable) throw cannotInsert(object);
  const { org } = context;
  const id = org.store.nextId(object);
  const full = org.object(object.name);
  const row = { ...defaultsOf(context, full), ...Object.fromEntries(values) };
  save({ context, object: full, id, before: undefined, row: { ...row, Id: id }, given: new Set(values.keys()) });
  return id;
}

/** Changes a row. Throws RowError when it is refused: the record gone, in the bin, or a value not allowed. */
export function updateRow(context: WriteContext, object: ObjectSchema, id: string, values: ParsedRow): void {
  const before = existingRow(context, object, id);
  if (!object.flags.updateable || !canEditRow(context.org, context.access, object, before)) throw noAccess(context);
  const row = { ...before, ...Object.fromEntries(values) };
  save({ context, object: context.org.object(object.name), id, before, row, given: new Set(values.keys()) });
}

/** The row to write. Throws RowError when there is none, or when it is in the recycle bin. */
export function existingRow(context: WriteContext, object: ObjectSchema, id: string): StoredRecord {
  const row = context.org.store.table(object).get(id);
  if (!row) throw invalidCrossReference(404);
  if (row.IsDeleted === true) throw entityIsDeleted();
  return row;
}

function save(draft: Draft): void {
  const { context, object, id } = draft;
  const { store } = context.org;
  store.transaction(() => {
    const fault = context.rowFaults?.({
      sobject: object.name,
      id,
      values: draft.row,
      rowsInTransaction: context.rowsInTransaction ?? 1,
    });
    if (fault) throw fault;
    const rules = rulesOf(object.name);
    for (const rule of rules) rule.beforeSave?.(draft);
    applyAssignmentRule(draft);
    checkAddresses(draft);
    validateDraft(draft);
    checkOwner(draft);
    checkValidationRules(draft);
    checkDuplicateRules(draft);
    stampAudit(draft);
    store.put(object, id, draft.row as StoredRecord);
    for (const rule of rules) rule.afterSave?.(draft);
  });
}

function defaultsOf(context: WriteContext, object: ObjectSchema): Record<string, FieldValue> {
  const row: Record<string, FieldValue> = {};
  for (const field of object.fields) {
    const fromPicklist = field.picklistValues.find((value) => value.defaultValue)?.value;
    const value = field.defaultValue ?? fromPicklist ?? null;
    if (value !== null) row[field.name] = value;
  }
  if (object.field('OwnerId')) row.OwnerId = context.userId;
  return row;
}

function stampAudit(draft: Draft): void {
  const { context, object, row } = draft;
  const now = toApiDateTime(context.org.clock.now());
  const stamp = (field: string, value: FieldValue): void => {
    if (object.field(field)) row[field] = value;
  };
  if (!draft.before) {
    stamp('CreatedDate', now);
    stamp('CreatedById', context.userId);
    stamp('IsDeleted', false);
  }
  stamp('LastModifiedDate', now);
  stamp('LastModifiedById', context.userId);
  stamp('SystemModstamp', now);
}

function cannotInsert(object: ObjectSchema): RowError {
  return new RowError('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', `entity type cannot be inserted: ${object.flags.label}`);
}

/** The user may not change this row. */
export function noAccess(context: WriteContext): RowError {
  return new RowError('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id', [], {
    status: context.org.settings.noAccessStatus,
  });
}
