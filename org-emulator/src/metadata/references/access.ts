import { isTrue, text } from '../../xml/xml-element';
import type { Component } from '../component';
import { faultOf, type DeployFault } from '../deploy-fault';
import type { Prospect } from '../prospect';
import { userPermissionNames } from '../user-permissions';
import { at, textsAt, type Reference } from './reference';

const GRANTS: [path: string, type: string][] = [
  ['applicationVisibilities.application', 'CustomApplication'],
  ['classAccesses.apexClass', 'ApexClass'],
  ['customMetadataTypeAccesses.name', 'CustomObject'],
  ['customPermissions.name', 'CustomPermission'],
  ['customSettingAccesses.name', 'CustomObject'],
  ['fieldPermissions.field', 'CustomField'],
  ['flowAccesses.flow', 'Flow'],
  ['layoutAssignments.layout', 'Layout'],
  ['objectPermissions.object', 'CustomObject'],
  ['pageAccesses.apexPage', 'ApexPage'],
  ['recordTypeVisibilities.recordType', 'RecordType'],
  ['tabSettings.tab', 'CustomTab'],
  ['tabVisibilities.tab', 'CustomTab'],
];

/** What each object permission needs besides. */
const DEPENDENCIES: [element: string, label: string, needs: [element: string, label: string][]][] = [
  ['allowCreate', 'Create', [['allowRead', 'Read']]],
  ['allowEdit', 'Edit', [['allowRead', 'Read']]],
  [
    'allowDelete',
    'Delete',
    [
      ['allowRead', 'Read'],
      ['allowEdit', 'Edit'],
    ],
  ],
  ['viewAllRecords', 'View All', [['allowRead', 'Read']]],
  [
    'modifyAllRecords',
    'Modify All',
    [
      ['allowDelete', 'Delete'],
      ['viewAllRecords', 'View All'],
    ],
  ],
];

/** Objects whose rights an org gives only beside the right to read others. */
const READ_DEPENDS_ON: Readonly<Record<string, readonly string[]>> = {
  Contact: ['Account'],
  Opportunity: ['Account'],
  Case: ['Account', 'Contact'],
};

/** User permissions that an org gives only beside another one. */
const USER_DEPENDS_ON: Readonly<Record<string, string>> = {
  EditEvent: 'ActivitiesAccess',
  EditTask: 'ActivitiesAccess',
};

/** What a permission set or a profile grants rights to. */
export function accessReferences({ root }: Component): Reference[] {
  return GRANTS.flatMap(([path, type]) => textsAt(root, path, type));
}

/** Rights that an org refuses to grant although what they are about is there. */
export function checkAccess(component: Component, prospect: Prospect): DeployFault[] {
  const { root } = component;
  const faults: DeployFault[] = [];
  for (const element of at(root, 'fieldPermissions.field')) {
    const [object = '', name = ''] = element.text.split('.');
    // Its fields are those of Event and Task, which rights are granted to by their own names.
    if (object === 'Activity') {
      faults.push(faultOf(component, `In field: field - no CustomField named ${element.text} found`, element));
    }
    const field = prospect.field(object, name);
    if (field && !field.permissionable) {
      faults.push(faultOf(component, `You cannot deploy to a required field: ${element.text}`, element));
    }
  }
  for (const element of at(root, 'fieldPermissions')) {
    if (!isTrue(element, 'editable') || isTrue(element, 'readable')) continue;
    const field = text(element, 'field') ?? '';
    faults.push(faultOf(component, `Permission Edit ${field} depends on permission(s): Read ${field}`, element));
  }
  for (const element of at(root, 'objectPermissions')) {
    const object = text(element, 'object') ?? '';
    for (const [permission, label, needs] of DEPENDENCIES) {
      const missing = needs.filter(([needed]) => !isTrue(element, needed)).map(([, other]) => `${other} ${object}`);
      if (!isTrue(element, permission) || missing.length === 0) continue;
      const problem = `Permission ${label} ${object} depends on permission(s): ${missing.join(', ')}`;
      faults.push(faultOf(component, problem, element));
    }
  }
  const readable = new Set(
    at(root, 'objectPermissions').flatMap((element) =>
      isTrue(element, 'allowRead') ? (text(element, 'object') ?? []) : [],
    ),
  );
  for (const element of at(root, 'objectPermissions.object')) {
    const missing = (READ_DEPENDS_ON[element.text] ?? []).filter((other) => !readable.has(other));
    if (!readable.has(element.text) || missing.length === 0) continue;
    const needed = missing.map((other) => `Read ${other}`).join(', ');
    faults.push(faultOf(component, `Permission Read ${element.text} depends on permission(s): ${needed}`, element));
  }
  const granted = new Set(
    at(root, 'userPermissions').flatMap((element) => (isTrue(element, 'enabled') ? (text(element, 'name') ?? []) : [])),
  );
  for (const element of at(root, 'userPermissions.name')) {
    const needed = USER_DEPENDS_ON[element.text];
    if (granted.has(element.text) && needed !== undefined && !granted.has(needed)) {
      faults.push(faultOf(component, `Permission ${element.text} depends on permission(s): ${needed}`, element));
    }
    if (userPermissionNames().has(element.text)) continue;
    faults.push(faultOf(component, `Unknown user permission: ${element.text}`, element));
  }
  return faults;
}
