import type { StoredRecord } from '../records/table';
import type { ObjectSchema } from '../schema/object-schema';
import type { UserAccess } from './access';
import type { Org } from './org';

/**
 * Which rows a user sees and edits beyond his object rights: owners and users above them in the role hierarchy, for
 * activities and for the objects that the settings make private; everybody for the rest.
 *
 * @see Salesforce Help, "Organization-Wide Sharing Defaults": Activity is Private or Controlled by Parent
 */
export function canReadRow(org: Org, access: UserAccess, object: ObjectSchema, row: StoredRecord): boolean {
  if (!isPrivate(org, object)) return true;
  if (access.rights(object.name).viewAll || access.rights(object.name).modifyAll) return true;
  return isOwnerOrAbove(org, access.userId, row) || isPublicActivity(org, access, object, row);
}

/** Whether the user may change or delete the row. */
export function canEditRow(org: Org, access: UserAccess, object: ObjectSchema, row: StoredRecord): boolean {
  const rights = access.rights(object.name);
  if (rights.modifyAll) return true;
  if (isActivity(object)) {
    if (isOwnerOrAbove(org, access.userId, row)) return true;
    return org.settings.activitySharing === 'controlledByParent' && canEditParents(org, access, row);
  }
  return !isPrivate(org, object) || isOwnerOrAbove(org, access.userId, row);
}

function isPrivate(org: Org, object: ObjectSchema): boolean {
  if (isActivity(object)) return true;
  return org.settings.privateObjects.some((name) => name.toLowerCase() === object.name.toLowerCase());
}

function isActivity(object: ObjectSchema): boolean {
  return object.name === 'Event' || object.name === 'Task';
}

/** An activity is seen by whoever reads a record that it is related to; one without relations by its owner only. */
function isPublicActivity(org: Org, access: UserAccess, object: ObjectSchema, row: StoredRecord): boolean {
  return (
    isActivity(object) &&
    parentsOf(org, row).some((parent) => {
      return access.rights(parent.object.name).read && canReadRow(org, access, parent.object, parent.row);
    })
  );
}

function canEditParents(org: Org, access: UserAccess, row: StoredRecord): boolean {
  const parents = parentsOf(org, row);
  return (
    parents.length > 0 &&
    parents.every((parent) => {
      return access.rights(parent.object.name).edit && canEditRow(org, access, parent.object, parent.row);
    })
  );
}

function parentsOf(org: Org, row: StoredRecord): { object: ObjectSchema; row: StoredRecord }[] {
  return [row.WhoId, row.WhatId].flatMap((id) => (typeof id === 'string' ? (org.store.find(id) ?? []) : []));
}

function isOwnerOrAbove(org: Org, userId: string, row: StoredRecord): boolean {
  const { OwnerId: ownerId } = row;
  if (ownerId === userId || ownerId === undefined) return true;
  if (typeof ownerId !== 'string') return false;
  const mine = roleOf(org, userId);
  if (mine === null) return false;
  const roles = org.store.table(org.object('UserRole'));
  // A hierarchy is a tree; the bound only guards against one that was written in a circle.
  let role = parentRole(roles.get(roleOf(org, ownerId) ?? ''));
  for (let steps = 0; role !== null && steps < 100; steps += 1) {
    if (role === mine) return true;
    role = parentRole(roles.get(role));
  }
  return false;
}

function roleOf(org: Org, userId: string): string | null {
  const role = org.store.table(org.object('User')).get(userId)?.UserRoleId;
  return typeof role === 'string' ? role : null;
}

function parentRole(row: StoredRecord | undefined): string | null {
  return typeof row?.ParentRoleId === 'string' ? row.ParentRoleId : null;
}
