import { formulaNames } from '../../formula/formula-names';
import { child } from '../../xml/xml-element';
import { objectOf, type Component } from '../component';
import type { Prospect } from '../prospect';
import { textsAt, type Reference } from './reference';

/** What translations translate. */
export function translationReferences({ root }: Component): Reference[] {
  return [
    ...textsAt(root, 'customLabels.name', 'CustomLabel'),
    ...textsAt(root, 'customApplications.name', 'CustomApplication'),
    ...textsAt(root, 'customTabs.name', 'CustomTab'),
    ...textsAt(root, 'reportTypes.name', 'ReportType'),
    ...textsAt(root, 'quickActions.name', 'QuickAction'),
  ];
}

/** The object and the fields that an object's translation translates; its name is `Object-language`. */
export function objectTranslationReferences({ root, fullName }: Component): Reference[] {
  const object = fullName.slice(0, fullName.lastIndexOf('-'));
  const own = (name: string): string => `${object}.${name}`;
  return [
    { type: 'CustomObject', fullName: object, field: 'fullName', at: root },
    ...textsAt(root, 'fields.name', 'CustomField', own),
    ...textsAt(root, 'webLinks.name', 'WebLink', own),
    ...textsAt(root, 'recordTypes.name', 'RecordType', own),
    ...textsAt(root, 'quickActions.name', 'QuickAction', own),
  ];
}

/** What the address of a button is made of: `{!…}` with fields, labels and resources inside. */
export function webLinkReferences(component: Component, prospect: Prospect): Reference[] {
  const element = child(component.root, 'url');
  const object = objectOf(component);
  const merged = [...(element?.text ?? '').matchAll(/\{!([^}]*)\}/g)].flatMap(([, formula = '']) =>
    formulaNames(formula),
  );
  const owner: Reference = { type: 'CustomObject', fullName: object, field: 'fullName', at: component.root };
  return [
    owner,
    ...merged.flatMap((name) => mergeReference(name, prospect)).map((reference) => ({ ...reference, at: element })),
  ];
}

/** What a name in a merged text stands for; nothing for those of the platform, such as `$User.Id`. */
function mergeReference(name: string, prospect: Prospect): Reference[] {
  const [first = '', ...rest] = name.split('.');
  const field = 'url';
  const problem = `Field ${name} does not exist. Check spelling.`;
  const label = rest.join('.');
  if (first === '$Label') return [{ type: 'CustomLabel', fullName: label, field, problem }];
  if (first === '$Resource') return [{ type: 'StaticResource', fullName: label, field, problem }];
  if (first === '$Permission') return [{ type: 'CustomPermission', fullName: label, field, problem }];
  if (first.startsWith('$') || rest.length === 0) return [];
  // An object may be named by its label, with an underscore for each space.
  if (!prospect.hasObject(first)) return [{ type: 'CustomObject', fullName: first, field, problem }];
  return [{ type: 'CustomField', fullName: name, field, problem }];
}
