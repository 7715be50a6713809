import type { Org } from '../org/org';
import { CUSTOM_FIELD_TYPES, TYPES_WITH_LENGTH } from '../schema/custom-field';
import { isTrue, text } from '../xml/xml-element';
import { checkFieldChange } from './check-field-change';
import { nameOf, objectOf, type Component } from './component';
import { faultOf, type DeployFault } from './deploy-fault';
import type { Prospect } from './prospect';
import { isCustom } from './shape';

/** What an org requires of some types beyond what their declaration says. */
export function checkComponent(org: Org, prospect: Prospect, component: Component): DeployFault[] {
  switch (component.type) {
    case 'CustomField':
      return checkField(org, prospect, component);
    case 'CustomObject':
      return checkObject(component);
    default:
      return [];
  }
}

function checkField(org: Org, prospect: Prospect, component: Component): DeployFault[] {
  const { root } = component;
  const fault = (problem: string): DeployFault[] => [faultOf(component, problem, root)];
  const sobject = objectOf(component);
  if (!prospect.hasObject(sobject)) {
    return fault(`Entity Enumeration Or ID: bad value for restricted picklist field: ${sobject} (no such object)`);
  }
  const name = nameOf(component);
  if (!isCustom(component)) {
    return prospect.field(sobject, name) ? [] : fault(`Could not resolve standard field's name: ${name}`);
  }
  const type = text(root, 'type');
  if (type === undefined) return fault('Required field is missing: type');
  if (CUSTOM_FIELD_TYPES[type] === undefined) return fault(`The emulator does not support fields of type ${type}`);
  if (text(root, 'label') === undefined) return fault('Required field is missing: label');
  const isFormula = text(root, 'formula') !== undefined;
  if (TYPES_WITH_LENGTH.has(type) && !isFormula && text(root, 'length') === undefined) {
    return fault(`Must specify a length for a field of type ${type}`);
  }
  if (isTrue(root, 'required') && (type === 'Checkbox' || isFormula)) {
    return fault('field integrity exception: unknown (required must not be specified)');
  }
  if (/Picklist$/.test(type) && !isFormula && !root.children.some((child) => child.name === 'valueSet')) {
    return fault('Must specify a valueSet for a field of type Picklist');
  }
  if (type === 'Lookup' || type === 'MasterDetail') {
    const target = text(root, 'referenceTo');
    if (target === undefined) return fault('Must specify a referenceTo for a relationship field');
  }
  return checkFieldChange(org, component).map((problem) => faultOf(component, problem, root));
}

function checkObject(component: Component): DeployFault[] {
  if (!isCustom(component)) return [];
  const { root, fullName } = component;
  const required = fullName.endsWith('__mdt')
    ? ['label', 'pluralLabel']
    : ['label', 'pluralLabel', 'nameField', 'deploymentStatus', 'sharingModel'];
  const isSetting = root.children.some(({ name }) => name === 'customSettingsType');
  const needed = isSetting ? ['label'] : required;
  return needed
    .filter((name) => !root.children.some((child) => child.name === name))
    .map((name) => faultOf(component, `Required field is missing: ${name}`, root));
}
