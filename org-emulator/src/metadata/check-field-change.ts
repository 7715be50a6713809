import type { Org } from '../org/org';
import { text } from '../xml/xml-element';
import { nameOf, type Component } from './component';
import { objectsOfField } from './shape';

/** Types between which values survive. */
const CONVERTIBLE: Set<string>[] = [
  new Set(['Text', 'TextArea', 'LongTextArea', 'Email', 'Phone', 'Url', 'Picklist', 'AutoNumber']),
  new Set(['Number', 'Currency', 'Percent', 'Text']),
  new Set(['Date', 'DateTime']),
  new Set(['Picklist', 'MultiselectPicklist']),
];
const RELATIONSHIPS = new Set(['Lookup', 'MasterDetail', 'Hierarchy']);

/**
 * Why an org refuses to turn its field into the one that is deployed; none when it does not.
 *
 * @see Salesforce Help, "Notes on Changing Custom Field Types"; the words are those of deployments
 */
export function checkFieldChange(org: Org, component: Component): string[] {
  const existing = org.metadata.get('CustomField', component.fullName);
  if (!existing) return [];
  const [was, is] = [text(existing.root, 'type') ?? '', text(component.root, 'type') ?? ''];
  const [wasFormula, isFormula] = [existing, component].map(({ root }) => text(root, 'formula') !== undefined);
  if (!wasFormula && isFormula) return ['Cannot update a field to a Formula from something else'];
  if (wasFormula && !isFormula) return ['Cannot update a field from a Formula to something else'];
  if (was === is) return [];
  if (RELATIONSHIPS.has(is) !== RELATIONSHIPS.has(was)) {
    const direction = RELATIONSHIPS.has(is) ? 'to' : 'from';
    const other = RELATIONSHIPS.has(is) ? 'from something else' : 'to something else';
    return [`Cannot update a field ${direction} a Lookup, MasterDetail, or Hierarchy ${other}`];
  }
  if (isFormula || CONVERTIBLE.some((types) => types.has(was) && types.has(is))) return [];
  return hasData(org, component) ? ['Cannot change type due to existing data'] : [];
}

function hasData(org: Org, component: Component): boolean {
  const name = nameOf(component);
  return objectsOfField(component).some((sobject) => {
    const object = org.schema.object(sobject);
    const rows = object ? [...org.store.table(object).all()] : [];
    return rows.some((row) => (row[name] ?? null) !== null);
  });
}
