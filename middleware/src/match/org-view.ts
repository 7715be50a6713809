import type { OrgView } from '../salesforce/org-view';
import { hasPersonAccounts, type FieldSchema } from '../salesforce/schema';
import type { CustomerObject } from '../settings/objects';

export type { OrgView };

/** Whether the user sees the object at all; for a Person Account, whether the org has such. Pure. */
export function isVisible(object: CustomerObject | 'Account' | 'Case', { schema }: OrgView): boolean {
  return object === 'PersonAccount' ? hasPersonAccounts(schema) : schema.objects[object] !== undefined;
}

/** The field of an object by the name that this code writes; undefined where the org lacks it or the user may not see it. */
export function fieldOf(sobject: string, local: string, { schema, names }: OrgView): FieldSchema | undefined {
  return schema.objects[sobject]?.fields[names.name(local)];
}

/** The names in the org of those fields that the user may see, each once. */
export function visibleFields(sobject: string, locals: readonly string[], org: OrgView): string[] {
  return [...new Set(locals)].map((local) => fieldOf(sobject, local, org)?.name).filter((name) => name !== undefined);
}
