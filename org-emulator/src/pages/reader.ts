import type { Org } from '../org/org';
import type { StoredRecord } from '../records/table';
import type { ObjectSchema } from '../schema/object-schema';

/** A record with the object that it is of. */
export interface FoundRecord {
  object: ObjectSchema;
  row: StoredRecord;
}

/** Whether a row is there and not in the recycle bin. */
export function isLive(row: StoredRecord): boolean {
  return row.IsDeleted !== true;
}

/** The live rows of an object, the newest first. Empty when the org has no such object. */
export function liveRows(org: Org, sobject: string): StoredRecord[] {
  const object = org.schema.object(sobject);
  return object ? [...org.store.table(object).all()].filter(isLive).reverse() : [];
}

/** The live rows of an object whose lookup field points to a record; empty when the org has no such field. */
export function rowsReferring(org: Org, sobject: string, fieldName: string, id: string): StoredRecord[] {
  const object = org.schema.object(sobject);
  const field = object?.field(fieldName);
  return object && field ? (org.store.table(object).lookup(field, id) ?? []).filter(isLive) : [];
}

/** What a record is called: its name, subject or number; its id when it has none. */
export function nameOf({ object, row }: FoundRecord): string {
  const nameField = object.fields.find((field) => field.nameField)?.name;
  const name = row.Subject ?? (nameField === undefined ? null : row[nameField]) ?? row.Name;
  return typeof name === 'string' && name.trim() !== '' ? name : row.Id;
}

/** What the name of an object's records is called: a person has a name, an event and a case have a subject. */
export function nameLabelOf(object: ObjectSchema): string {
  return object.field('Subject')?.label ?? 'Name';
}

/** Salesforce's own address of a record's page. */
export function pathOf({ object, row }: FoundRecord): string {
  return `/lightning/r/${object.name}/${row.Id}/view`;
}

/** The live record of that id, or undefined. */
export function findLive(org: Org, id: string): FoundRecord | undefined {
  const found = org.store.find(id);
  return found && isLive(found.row) ? found : undefined;
}

/** Rows of an object whose name, subject or an e-mail address contains a text, the newest first. */
export function searchRows(org: Org, sobject: string, text: string): StoredRecord[] {
  const object = org.schema.object(sobject);
  if (!object) return [];
  const wanted = text.trim().toLowerCase();
  const fields = object.fields.filter(
    ({ type, nameField, name }) => type === 'email' || nameField || name === 'Subject',
  );
  const contains = (row: StoredRecord): boolean =>
    fields.some(({ name }) => {
      const value = row[name];
      return typeof value === 'string' && value.toLowerCase().includes(wanted);
    });
  return liveRows(org, sobject).filter(contains);
}

/** Where people are looked for by e-mail, in order: who was converted goes on as a Contact. */
const PEOPLE: [sobject: string, emailField: string][] = [
  ['Contact', 'Email'],
  ['Account', 'PersonEmail'],
  ['Lead', 'Email'],
];

/** The person record of an e-mail address, the one changed last where there are several; undefined while there is none. */
export function findPerson(org: Org, email: string): FoundRecord | undefined {
  const found = PEOPLE.flatMap(([sobject, emailField]): FoundRecord[] => {
    const object = org.schema.object(sobject);
    const field = object?.field(emailField);
    if (!object || !field) return [];
    const rows = org.store.table(object).lookup(field, email.trim()) ?? [];
    return rows.filter((row) => isLive(row) && row.IsConverted !== true).map((row) => ({ object, row }));
  });
  const changedAt = ({ row }: FoundRecord): string => String(row.SystemModstamp ?? '');
  return found.sort((a, b) => changedAt(b).localeCompare(changedAt(a)))[0];
}
