import { children, isTrue, parseMetadata, text } from './metadata-xml';

/** What a permission set grants, names in lower case because the API compares them without case. */
export interface PermissionSetDefinition {
  name: string;
  label: string;
  description: string | null;
  /** By `object.field`: whether the holder may write the field; being listed means that he may read it. */
  fields: Map<string, { editable: boolean }>;
  /** By object. */
  objects: Map<string, ObjectRights>;
  userPermissions: Set<string>;
}

/** What a user may do with the rows of an object. */
export interface ObjectRights {
  read: boolean;
  create: boolean;
  edit: boolean;
  delete: boolean;
  viewAll: boolean;
  modifyAll: boolean;
}

/** Parses one `*.permissionset-meta.xml`. Its name is the file name, as in the Metadata API. */
export function parsePermissionSet(path: string, xml: string): PermissionSetDefinition {
  const root = parseMetadata(path, xml, 'PermissionSet');
  const name = (path.split(/[\\/]/).pop() ?? path).replace(/\.permissionset(-meta\.xml)?$/, '');
  const fields = new Map<string, { editable: boolean }>();
  for (const node of children(root, 'fieldPermissions')) {
    const field = text(node, 'field');
    if (field && isTrue(node, 'readable')) fields.set(field.toLowerCase(), { editable: isTrue(node, 'editable') });
  }
  const objects = new Map<string, ObjectRights>();
  for (const node of children(root, 'objectPermissions')) {
    const object = text(node, 'object');
    if (!object) continue;
    objects.set(object.toLowerCase(), {
      read: isTrue(node, 'allowRead'),
      create: isTrue(node, 'allowCreate'),
      edit: isTrue(node, 'allowEdit'),
      delete: isTrue(node, 'allowDelete'),
      viewAll: isTrue(node, 'viewAllRecords'),
      modifyAll: isTrue(node, 'modifyAllRecords'),
    });
  }
  const userPermissions = new Set(
    children(root, 'userPermissions')
      .filter((node) => isTrue(node, 'enabled'))
      .flatMap((node) => text(node, 'name') ?? []),
  );
  return {
    name,
    label: text(root, 'label') ?? name,
    description: text(root, 'description') ?? null,
    fields,
    objects,
    userPermissions,
  };
}
