import type { OrgSchema } from '../salesforce/schema';
import type { LackedRight, NeededRight } from './right';

/**
 * Those of the needed rights that the API user does not have, as describe shows the org to it. Of an object that is not
 * seen only the right to read it is told: the others cannot be judged before. View All cannot be judged by describe. Pure.
 */
export function lackedRights(needed: readonly NeededRight[], schema: OrgSchema): LackedRight[] {
  return needed.flatMap((right) => {
    const lack = lackOf(right, schema);
    return lack === null ? [] : [{ ...right, isInvisible: lack === 'invisible' }];
  });
}

function lackOf({ right }: NeededRight, { objects }: OrgSchema): 'invisible' | 'refused' | null {
  if (right.kind === 'user') return userLack(right.permission, objects['Event']);
  const object = objects[right.sobject];
  if (object === undefined) return right.kind === 'object' && right.access === 'read' ? 'invisible' : null;
  if (right.kind === 'object') {
    if (right.access === 'create') return object.createable ? null : 'refused';
    return right.access === 'edit' && !object.updateable ? 'refused' : null;
  }
  const field = object.fields[right.field];
  if (field === undefined) return 'invisible';
  if (right.access === 'read' || field.createable || field.updateable) return null;
  // What Salesforce fills itself is nobody's to write: that is a fault of the settings, told where they are checked.
  return field.calculated || field.autoNumber || isCompound(right.field, object.fields) ? null : 'refused';
}

/** Activities have no rights of their own: who may see and write Events has these user permissions. */
function userLack(permission: string, event: OrgSchema['objects'][string] | undefined): 'invisible' | 'refused' | null {
  if (permission === 'ActivitiesAccess') return event === undefined ? 'invisible' : null;
  if (permission !== 'EditEvent' || event === undefined) return null;
  return event.createable && event.updateable ? null : 'refused';
}

function isCompound(name: string, fields: OrgSchema['objects'][string]['fields']): boolean {
  return Object.values(fields).some((field) => field.compoundFieldName === name && field.name !== name);
}
