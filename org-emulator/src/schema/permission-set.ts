import { children, isTrue, text, type XmlElement } from '../xml/xml-element';

/** What a permission set grants, names in lower case because the API compares them without case. */
export interface PermissionSetDefinition {
  /** Without a namespace. */
  name: string;
  /** The package that brought it; null for one of the org's own. */
  namespace: string | null;
  label: string;
  description: string | null;
  /** By `object.field`: whether the holder may write the field; being listed means that he may read it. */
  fields: Map<string, { editable: boolean }>;
  /** By object. */
  objects: Map<string, ObjectRights>;
  userPermissions: Set<string>;
  /** Custom metadata types whose records the holder may read, in lower case. */
  metadataTypes: Set<string>;
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

/** Understands the metadata of a permission set. */
export function permissionSetOf(name: string, namespace: string | null, root: XmlElement): PermissionSetDefinition {
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
  const named = (element: string): string[] =>
    children(root, element)
      .filter((node) => isTrue(node, 'enabled'))
      .flatMap((node) => text(node, 'name') ?? []);
  return {
    name,
    namespace,
    label: text(root, 'label') ?? name,
    description: text(root, 'description') ?? null,
    fields,
    objects,
    userPermissions: new Set(named('userPermissions')),
    metadataTypes: new Set(named('customMetadataTypeAccesses').map((name) => name.toLowerCase())),
  };
}
