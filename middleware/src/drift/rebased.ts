import { byName, type FieldSchema, type ObjectSchema, type OrgSchema } from '../salesforce/schema';
import type { Finding } from './finding';

/**
 * The schema to remember after a look: as it is now, except for what something was found of, which stays as it was, so
 * that it is found again until it is mended. Pure.
 */
export function rebased(
  before: OrgSchema | null,
  now: OrgSchema,
  findings: readonly Pick<Finding, 'sobject' | 'field'>[],
): OrgSchema {
  if (before === null) return now;
  const objects = new Map<string, ObjectSchema>(Object.entries(now.objects));
  for (const { sobject, field } of findings) {
    const was = sobject === null ? undefined : before.objects[sobject];
    if (was === undefined) continue;
    const is = objects.get(was.name);
    objects.set(was.name, is === undefined ? was : kept(was, is, field));
  }
  return { ...now, objects: byName([...objects.values()]) };
}

function kept(was: ObjectSchema, is: ObjectSchema, field: string | null): ObjectSchema {
  if (field === null) {
    const { createable, updateable, deletable } = was;
    return { ...is, createable, updateable, deletable };
  }
  const fields = new Map<string, FieldSchema>(Object.entries(is.fields));
  const old = was.fields[field];
  if (old === undefined) fields.delete(field);
  else fields.set(field, old);
  return {
    ...is,
    fields: byName([...fields.values()]),
    recordTypes: field === 'RecordTypeId' ? was.recordTypes : is.recordTypes,
  };
}
