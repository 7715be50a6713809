import { formulaFaults } from '../../formula/check-formula';
import { child, text } from '../../xml/xml-element';
import { objectOf, type Component } from '../component';
import { faultOf, type DeployFault } from '../deploy-fault';
import { metadataObjectOf } from '../metadata-records';
import type { Prospect } from '../prospect';
import { at, textsAt, type Reference } from './reference';

/** What a field points to. */
export function fieldReferences({ root, fullName }: Component): Reference[] {
  const object = objectOf({ fullName });
  return [
    ...textsAt(root, 'referenceTo', 'CustomObject'),
    ...textsAt(root, 'summaryForeignKey', 'CustomField'),
    ...textsAt(root, 'summarizedField', 'CustomField'),
    ...textsAt(root, 'valueSet.valueSetName', 'GlobalValueSet'),
    ...textsAt(root, 'valueSet.controllingField', 'CustomField', (name) => `${object}.${name}`),
  ];
}

/** What is wrong with the formula of a field or a validation rule. */
export function checkFormulas(component: Component, prospect: Prospect): DeployFault[] {
  const object = objectOf(component);
  return ['formula', 'errorConditionFormula'].flatMap((name) => {
    const element = child(component.root, name);
    if (!element) return [];
    return formulaFaults(element.text, object, prospect).map((problem) => faultOf(component, problem, element));
  });
}

/** The type and the fields of a custom metadata record. */
export function metadataRecordReferences(component: Component): Reference[] {
  const object = metadataObjectOf(component);
  return [
    { type: 'CustomObject', fullName: object, field: 'fullName', at: component.root },
    ...textsAt(component.root, 'values.field', 'CustomField', (name) => `${object}.${name}`),
  ];
}

/** Values of a custom metadata record that its fields cannot hold. */
export function checkMetadataRecord(component: Component, prospect: Prospect): DeployFault[] {
  const object = metadataObjectOf(component);
  return at(component.root, 'values').flatMap((entry) => {
    const field = prospect.field(object, text(entry, 'field') ?? '');
    const value = text(entry, 'value');
    if (!field || value === undefined) return [];
    const isTooLong = field.length > 0 && value.length > field.length;
    if (isTooLong) {
      return [faultOf(component, `${field.label}: data value too large: ${value} (max length=${field.length})`, entry)];
    }
    const isWrong =
      (field.type === 'boolean' && !/^(?:true|false)$/.test(value)) ||
      (field.type === 'double' && Number.isNaN(Number(value)));
    return isWrong ? [faultOf(component, `Invalid value for field ${field.name}: ${value}`, entry)] : [];
  });
}

/** What a record type, a compact layout, a list view or a set of fields of an object refers to. */
export function objectPartReferences(component: Component): Reference[] {
  const { root } = component;
  const object = objectOf(component);
  const field = (name: string): string => `${object}.${name}`;
  return [
    { type: 'CustomObject', fullName: object, field: 'fullName', at: root },
    ...textsAt(root, 'picklistValues.picklist', 'CustomField', field),
    ...textsAt(root, 'businessProcess', 'BusinessProcess', field),
    ...textsAt(root, 'compactLayoutAssignment', 'CompactLayout', field),
    ...textsAt(root, 'errorDisplayField', 'CustomField', field),
    ...textsAt(root, 'displayedFields.field', 'CustomField', field),
    ...textsAt(root, 'availableFields.field', 'CustomField', field),
    ...(component.type === 'CompactLayout' ? textsAt(root, 'fields', 'CustomField', field) : []),
    // Standard columns of list views have names of their own, such as FULL_NAME.
    ...['columns', 'filters.field'].flatMap((path) =>
      textsAt(root, path, 'CustomField', field).filter(({ fullName }) => fullName.endsWith('__c')),
    ),
  ];
}
