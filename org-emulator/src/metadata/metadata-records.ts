import { systemInsert, systemRemove } from '../dml/system-write';
import type { Org } from '../org/org';
import type { FieldValue, StoredRecord } from '../records/table';
import { children, text } from '../xml/xml-element';
import { objectOf, type DeployedComponent } from './component';
import { withoutNamespace } from './shape';

/** The object of a custom metadata record, `Booking_Setting__mdt` of `Booking_Setting.Default`. */
export function metadataObjectOf(component: { fullName: string }): string {
  return `${objectOf(component).replace(/__mdt$/, '')}__mdt`;
}

/** Brings the rows of custom metadata types in line with the records that are deployed. */
export function writeMetadataRecords(org: Org): void {
  const wanted = new Map<string, DeployedComponent[]>();
  for (const component of org.metadata.list('CustomMetadata')) {
    const name = metadataObjectOf(component).toLowerCase();
    wanted.set(name, [...(wanted.get(name) ?? []), component]);
  }
  for (const object of org.schema.objects) {
    if (!object.name.endsWith('__mdt')) continue;
    const rows = [...org.store.table(object).all()];
    const components = wanted.get(object.name.toLowerCase()) ?? [];
    for (const component of components) {
      const values = recordValues(component);
      const row = rows.find(({ QualifiedApiName }) => QualifiedApiName === values.QualifiedApiName);
      if (row && Object.entries(values).every(([field, value]) => (row[field] ?? null) === value)) continue;
      systemInsert(org, object, row?.Id ?? org.store.nextId(object), values);
    }
    const names = new Set(components.map((component) => recordValues(component).QualifiedApiName));
    for (const row of rows) if (!names.has(row.QualifiedApiName ?? null)) systemRemove(org, object, row.Id);
  }
}

/** The row of a custom metadata record with a value that a formula can read, or undefined. */
export function findMetadataRecord(org: Org, sobject: string, qualifiedName: string): StoredRecord | undefined {
  const object = org.schema.object(sobject);
  if (!object?.name.endsWith('__mdt')) return undefined;
  return [...org.store.table(object).all()].find((row) => row.QualifiedApiName === qualifiedName);
}

function recordValues(component: DeployedComponent): Record<string, FieldValue> {
  const { fullName, namespace, root } = component;
  const qualifiedName = fullName.slice(fullName.indexOf('.') + 1);
  const values: Record<string, FieldValue> = {
    DeveloperName: withoutNamespace(qualifiedName, namespace),
    MasterLabel: text(root, 'label') ?? qualifiedName,
    QualifiedApiName: qualifiedName,
    NamespacePrefix: namespace,
    Language: 'en_US',
  };
  for (const entry of children(root, 'values')) {
    const field = text(entry, 'field');
    if (field !== undefined) values[field] = valueOf(entry);
  }
  return values;
}

/** A value by the type that its `xsi:type` names. */
function valueOf(entry: ReturnType<typeof children>[number]): FieldValue {
  const value = text(entry, 'value');
  if (value === undefined) return null;
  const type = entry.children.find(({ name }) => name === 'value')?.attributes['xsi:type'];
  if (type === 'xsd:boolean') return value === 'true';
  return type === 'xsd:double' || type === 'xsd:int' ? Number(value) : value;
}
