import { text } from '../../xml/xml-element';
import type { Component } from '../component';
import { at, textsAt, type Reference } from './reference';

/** What a page layout shows: fields, buttons, actions. Its name is `Object-Name of the layout`. */
export function layoutReferences({ root, fullName }: Component): Reference[] {
  const object = fullName.slice(0, fullName.indexOf('-'));
  const own = (name: string): string => `${object}.${name}`;
  return [
    { type: 'CustomObject', fullName: object, field: 'fullName', at: root },
    ...textsAt(root, 'layoutSections.layoutColumns.layoutItems.field', 'CustomField', own),
    ...textsAt(root, 'layoutSections.layoutColumns.layoutItems.customLink', 'WebLink', own),
    ...textsAt(root, 'miniLayout.fields', 'CustomField', own),
    ...textsAt(root, 'customButtons', 'WebLink', own),
    ...textsAt(root, 'quickActionList.quickActionListItems.quickActionName', 'QuickAction'),
    ...actionReferences(root, object),
  ];
}

/** What a quick action opens; one of an object is called `Object.Name`. */
export function quickActionReferences({ root, fullName }: Component): Reference[] {
  const object = fullName.includes('.') ? fullName.slice(0, fullName.indexOf('.')) : undefined;
  const target = text(root, 'targetObject') ?? object ?? '';
  const field = (name: string): string => `${target}.${name}`;
  return [
    ...(object === undefined ? [] : [{ type: 'CustomObject', fullName: object, field: 'fullName', at: root }]),
    ...textsAt(root, 'targetObject', 'CustomObject'),
    ...textsAt(root, 'lightningWebComponent', 'LightningComponentBundle', withoutC),
    ...textsAt(root, 'lightningComponent', 'AuraDefinitionBundle', withoutC),
    ...textsAt(root, 'flowDefinition', 'Flow'),
    ...textsAt(root, 'page', 'ApexPage'),
    ...textsAt(root, 'fieldOverrides.field', 'CustomField', field),
    ...textsAt(root, 'quickActionLayout.quickActionLayoutColumns.quickActionLayoutItems.field', 'CustomField', field),
  ];
}

/** What a Lightning page shows. */
export function pageReferences({ root }: Component): Reference[] {
  const object = text(root, 'sobjectType');
  const instances = 'flexiPageRegions.itemInstances';
  const components = [
    ...textsAt(root, `${instances}.componentInstance.componentName`, 'LightningComponentBundle', withoutC),
    ...textsAt(root, 'flexiPageRegions.componentInstances.componentName', 'LightningComponentBundle', withoutC),
  ]
    // Components of the platform and of other packages come with a namespace.
    .filter(({ fullName }) => !fullName.includes(':'))
    .map((reference) => ({
      ...reference,
      problem: `We couldn't retrieve the design time component information for component c:${reference.fullName}.`,
    }));
  const fields =
    object === undefined
      ? []
      : textsAt(root, `${instances}.fieldInstance.fieldItem`, 'CustomField', (item) =>
          item.replace(/^Record\./, `${object}.`),
        );
  return [
    ...textsAt(root, 'sobjectType', 'CustomObject'),
    ...components,
    ...fields,
    ...actionReferences(root, object ?? ''),
    ...at(root, `${instances}.componentInstance.componentInstanceProperties`).flatMap((property) =>
      text(property, 'name') === 'actionNames' ? listedActions(property) : [],
    ),
  ];
}

/** The tabs of an app, and the pages that it shows. */
export function appReferences({ root }: Component): Reference[] {
  return [
    ...textsAt(root, 'tabs', 'CustomTab'),
    ...textsAt(root, 'utilityBar', 'FlexiPage'),
    ...at(root, 'actionOverrides').flatMap((element) =>
      text(element, 'type') === 'Flexipage' ? textsAt(element, 'content', 'FlexiPage') : [],
    ),
  ];
}

/** What a tab opens. */
export function tabReferences({ root, fullName }: Component): Reference[] {
  return [
    ...(text(root, 'customObject') === 'true'
      ? [{ type: 'CustomObject', fullName, field: 'customObject', at: root }]
      : []),
    ...textsAt(root, 'flexiPage', 'FlexiPage'),
    ...textsAt(root, 'lwcComponent', 'LightningComponentBundle', withoutC),
    ...textsAt(root, 'page', 'ApexPage'),
  ];
}

function actionReferences(root: Component['root'], object: string): Reference[] {
  const items = [
    ...at(root, 'platformActionList.platformActionListItems'),
    ...at(root, 'platformActionlist.platformActionListItems'),
  ];
  return items.flatMap((item) => {
    const kind = text(item, 'actionType');
    if (kind === 'QuickAction') return textsAt(item, 'actionName', 'QuickAction');
    if (kind !== 'CustomButton') return [];
    return textsAt(item, 'actionName', 'WebLink', (name) => (name.includes('.') ? name : `${object}.${name}`));
  });
}

function listedActions(property: Component['root']): Reference[] {
  return textsAt(property, 'valueList.valueListItems.value', 'QuickAction').flatMap((reference) => {
    // `Lead.Book_Customer` may be a button as well as an action; standard ones have no dot.
    if (!reference.fullName.includes('.')) return [];
    return [reference];
  });
}

function withoutC(name: string): string {
  return name.replace(/^c:/, '');
}
