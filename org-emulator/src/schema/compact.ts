import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { AUDIT_FIELD_NAMES, auditFields } from './audit-fields';
import { makeField, picklistValue, type Field, type FieldInit, type FieldType } from './field';
import {
  makeChildRelationship,
  makeObjectFlags,
  masterRecordType,
  ObjectSchema,
  type ObjectFlags,
} from './object-schema';

/** The emulator's own objects, one file each; reachable from `src` and from `dist` alike. */
export const COMPACT_SCHEMA_DIR = join(__dirname, '..', '..', 'schema');

const compactField = z.strictObject({
  name: z.string(),
  label: z.string(),
  type: z.string(),
  length: z.number().optional(),
  precision: z.number().optional(),
  scale: z.number().optional(),
  digits: z.number().optional(),
  access: z.enum(['read', 'create', 'update']).optional(),
  nillable: z.boolean().optional(),
  defaulted: z.boolean().optional(),
  filterable: z.boolean().optional(),
  idLookup: z.boolean().optional(),
  unique: z.boolean().optional(),
  autoNumber: z.boolean().optional(),
  referenceTo: z.array(z.string()).optional(),
  relationshipName: z.string().optional(),
  polymorphic: z.boolean().optional(),
  restricted: z.boolean().optional(),
  values: z.array(z.string()).optional(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  compound: z.string().optional(),
});

const compactObject = z.strictObject({
  name: z.string(),
  label: z.string(),
  labelPlural: z.string(),
  keyPrefix: z.string().length(3),
  createable: z.boolean().optional(),
  updateable: z.boolean().optional(),
  deletable: z.boolean().optional(),
  undeletable: z.boolean().optional(),
  mergeable: z.boolean().optional(),
  searchable: z.boolean().optional(),
  softDelete: z.boolean().optional(),
  audit: z.array(z.enum(AUDIT_FIELD_NAMES)).optional(),
  children: z
    .array(
      z.strictObject({
        sobject: z.string(),
        field: z.string(),
        relationshipName: z.string(),
        cascadeDelete: z.boolean().optional(),
      }),
    )
    .optional(),
  /** Names of the fields that field-level security governs; everybody who sees the object sees the others. */
  permissionable: z.array(z.string()),
  fields: z.array(compactField),
});

/**
 * Reads every compact schema file of a folder. `access` says who may write a field besides the platform: `read` nobody,
 * `create` inserts only, `update` updates only, absent both. A field is nillable and filterable unless it says not.
 *
 * @throws when a file is not a compact schema; the message names the file.
 */
export function readCompactSchemas(directory = COMPACT_SCHEMA_DIR): ObjectSchema[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => {
      const parsed = compactObject.safeParse(JSON.parse(readFileSync(join(directory, file), 'utf8')));
      if (!parsed.success) throw new Error(`${basename(file)} is no compact schema: ${parsed.error.message}`);
      return expandObject(parsed.data);
    });
}

function expandObject(compact: z.infer<typeof compactObject>): ObjectSchema {
  const { name, label, labelPlural, keyPrefix } = compact;
  const audit = new Set<string>(compact.audit ?? AUDIT_FIELD_NAMES);
  if (compact.softDelete === false) audit.delete('IsDeleted');
  const fields = [
    ...auditFields(label).filter((field) => audit.has(field.name)),
    ...compact.fields.map((field) => expandField(field, compact.permissionable.includes(field.name))),
  ];
  const flags: Partial<ObjectFlags> = {};
  for (const flag of ['createable', 'updateable', 'deletable', 'undeletable', 'mergeable', 'searchable'] as const) {
    if (compact[flag] !== undefined) flags[flag] = compact[flag];
  }
  return new ObjectSchema(
    makeObjectFlags({ name, label, labelPlural, keyPrefix, ...flags }),
    fields,
    (compact.children ?? []).map((child) =>
      makeChildRelationship({
        childSObject: child.sobject,
        field: child.field,
        relationshipName: child.relationshipName,
        cascadeDelete: child.cascadeDelete ?? false,
      }),
    ),
    [masterRecordType(name)],
  );
}

function expandField(compact: z.infer<typeof compactField>, permissionable: boolean): Field {
  const { access, values, default: defaultValue } = compact;
  const init: FieldInit = {
    name: compact.name,
    label: compact.label,
    type: compact.type as FieldType,
    createable: access === undefined || access === 'create',
    updateable: access === undefined || access === 'update',
    nillable: (compact.nillable ?? true) && compact.type !== 'boolean',
    defaultedOnCreate: compact.type === 'boolean' || (compact.defaulted ?? defaultValue !== undefined),
    picklistValues: (values ?? []).map((value) => picklistValue(value, value === defaultValue)),
    permissionable,
    nameField: compact.name === 'Name' || compact.name === 'CaseNumber',
    compoundFieldName: compact.compound ?? null,
  };
  if (compact.length !== undefined) init.length = compact.length;
  if (compact.precision !== undefined) init.precision = compact.precision;
  if (compact.scale !== undefined) init.scale = compact.scale;
  if (compact.digits !== undefined) init.digits = compact.digits;
  if (compact.filterable !== undefined) init.filterable = compact.filterable;
  if (compact.idLookup) init.idLookup = true;
  if (compact.unique) init.unique = true;
  if (compact.autoNumber) init.autoNumber = true;
  if (compact.referenceTo) init.referenceTo = compact.referenceTo;
  if (compact.relationshipName) init.relationshipName = compact.relationshipName;
  if (compact.polymorphic) init.polymorphicForeignKey = true;
  if (compact.restricted) init.restrictedPicklist = true;
  if (defaultValue !== undefined) init.defaultValue = defaultValue;
  return makeField(init);
}
