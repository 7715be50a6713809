import type { Deployment, Removal } from '../schema/deployment';
import { customFieldOf } from '../schema/custom-field';
import { customObjectOf } from '../schema/custom-object';
import { permissionSetOf } from '../schema/permission-set';
import { recordTypeOf } from '../schema/record-type';
import { nameOf, objectOf, type Component } from './component';

/** Objects that have the custom fields of Activity. */
export const ACTIVITY_OBJECTS = ['Event', 'Task'];

/** The objects that get a field: those of Activity are on Event and Task. */
export function objectsOfField(component: { fullName: string }): string[] {
  const sobject = objectOf(component);
  return sobject === 'Activity' ? ACTIVITY_OBJECTS : [sobject];
}

/** Whether a component is an object or a field that an org gets by it, rather than a standard one that it describes. */
export function isCustom({ fullName }: { fullName: string }): boolean {
  return /__(?:c|mdt)$/.test(fullName);
}

/** What components add to the data model and to what users may do. All others leave an org's data as they are. */
export function deploymentOf(components: readonly Component[], namespace: string | null): Deployment {
  const deployment: Deployment = { objects: [], fields: [], permissionSets: [], recordTypes: [] };
  for (const component of components) {
    const { type, fullName, root } = component;
    if (type === 'CustomObject' && isCustom(component)) deployment.objects.push(customObjectOf(fullName, root));
    if (type === 'CustomField' && isCustom(component)) {
      const field = customFieldOf(nameOf(component), root);
      deployment.fields.push(...objectsOfField(component).map((sobject) => ({ sobject, ...field })));
    }
    if (type === 'RecordType') {
      deployment.recordTypes.push(recordTypeOf(objectOf(component), nameOf(component), root));
    }
    if (type === 'PermissionSet') {
      deployment.permissionSets.push(permissionSetOf(withoutNamespace(fullName, namespace), namespace, root));
    }
  }
  return deployment;
}

/** What goes from the data model and from what users may do when components are removed. */
export function removalOf(components: readonly (Component & { namespace: string | null })[]): Removal {
  const removal: Removal = { objects: [], fields: [], permissionSets: [], recordTypes: [] };
  for (const component of components) {
    const { type, fullName, namespace } = component;
    if (type === 'CustomObject' && isCustom(component)) removal.objects.push(fullName);
    if (type === 'CustomField' && isCustom(component)) {
      const name = nameOf(component);
      removal.fields.push(...objectsOfField(component).map((sobject) => ({ sobject, name })));
    }
    if (type === 'RecordType') {
      removal.recordTypes.push({ sobject: objectOf(component), developerName: nameOf(component) });
    }
    if (type === 'PermissionSet') {
      removal.permissionSets.push({ name: withoutNamespace(fullName, namespace), namespace });
    }
  }
  return removal;
}

/** `Booking_Rep` of `ns__Booking_Rep`. */
export function withoutNamespace(name: string, namespace: string | null): string {
  const prefix = `${namespace ?? ''}__`;
  return namespace !== null && name.startsWith(prefix) ? name.slice(prefix.length) : name;
}
