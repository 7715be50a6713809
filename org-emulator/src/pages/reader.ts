import type { StoredRecord } from '../records/table';
import type { ObjectSchema } from '../schema/object-schema';
import type { PageContext } from './page-context';

/** A record with the object that it is of. */
export interface FoundRecord {
  object: ObjectSchema;
  row: StoredRecord;
}

/** Whether a row is there and not in the recycle bin. */
export function isLive(row: StoredRecord): boolean {
  return row.IsDeleted !== true;
}

/** The live rows of an object that the user may read, the newest first. Empty when he sees no such object. */
export function liveRows(context: PageContext, sobject: string): StoredRecord[] {
  const object = context.object(sobject);
  return object ? readable(context, object, context.org.store.table(object).all()).reverse() : [];
}

/** The live rows of an object whose e-mail or lookup field has a value, those that the user may read; empty when he sees no such field. */
export function rowsWith(context: PageContext, sobject: string, fieldName: string, value: string): StoredRecord[] {
  const object = context.object(sobject);
  // A user's view may be another copy of the field than the one that the index knows.
  const field = object?.field(fieldName) && context.org.schema.object(sobject)?.field(fieldName);
  return object && field ? readable(context, object, context.org.store.table(object).lookup(field, value) ?? []) : [];
}

function readable(context: PageContext, object: ObjectSchema, rows: Iterable<StoredRecord>): StoredRecord[] {
  return [...rows].filter((row) => isLive(row) && context.canRead(object, row));
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

/** The live record of that id that the user may read, or undefined. */
export function findLive(context: PageContext, id: string): FoundRecord | undefined {
  const found = context.org.store.find(id);
  return found && isLive(found.row) && context.canRead(found.object, found.row) ? found : undefined;
}

/** Rows of an object whose name, subject or an e-mail address contains a text, the newest first. */
export function searchRows(context: PageContext, sobject: string, text: string): StoredRecord[] {
  const object = context.object(sobject);
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
  return liveRows(context, sobject).filter(contains);
}

/** Where people are looked for by e-mail, in order: who was converted goes on as a Contact. */
const PEOPLE: [sobject: string, emailField: string][] = [
  ['Contact', 'Email'],
  ['Account', 'PersonEmail'],
  ['Lead', 'Email'],
];

/** The person record of an e-mail address, the one changed last where there are several; undefined while there is none. */
export function findPerson(context: PageContext, email: string): FoundRecord | undefined {
  const found = PEOPLE.flatMap(([sobject, emailField]): FoundRecord[] => {
    const object = context.object(sobject);
    if (!object) return [];
    const rows = rowsWith(context, sobject, emailField, email.trim());
    return rows.filter((row) => row.IsConverted !== true).map((row) => ({ object, row }));
  });
  const changedAt = ({ row }: FoundRecord): string => String(row.SystemModstamp ?? '');
  return found.sort((a, b) => changedAt(b).localeCompare(changedAt(a)))[0];
}
