import { personFieldPairs } from '../../schema/person-accounts';
import type { Org } from '../../org/org';
import type { FieldValue, StoredRecord } from '../../records/table';
import { isChanged, valueOf, type Draft, type ObjectRules } from '../draft';
import { notWritable, RowError } from '../row-error';

/**
 * In an org with person accounts an account is a company with a Name, or a person with a LastName and a contact of his
 * own. The record type says which; a LastName alone says it too.
 *
 * @see Salesforce Help, "Considerations for Using Person Accounts"
 */
export const accountRules: ObjectRules = {
  sobject: 'Account',
  beforeSave(draft) {
    const { org } = draft.context;
    if (!org.schema.hasPersonAccounts) return;
    const isPerson = isPersonAccount(draft);
    draft.row.IsPersonAccount = isPerson;
    const contact = org.object('Contact');
    const personOnly = personFieldPairs(contact)
      .map(([, accountField]) => accountField)
      .filter((name) => name !== 'Phone' && name !== 'Fax');
    const refused = isPerson ? ['Name'] : personOnly;
    const given = refused.filter((name) => draft.given.has(name) && valueOf(draft, name) !== null);
    if (given.length > 0) throw notWritable(given);
    const nameField = isPerson ? 'LastName' : 'Name';
    if (valueOf(draft, nameField) === null) {
      throw new RowError('REQUIRED_FIELD_MISSING', `Required fields are missing: [${nameField}]`, [nameField]);
    }
    if (!isPerson) return;
    draft.row.Name = [valueOf(draft, 'FirstName'), valueOf(draft, 'LastName')]
      .filter((part) => part !== null)
      .join(' ');
    draft.row.PersonContactId ??= org.store.nextId(contact);
    refuseTakenKeys(draft);
  },
  afterSave({ context, object, id }) {
    const { org } = context;
    const account = org.store.table(object).get(id);
    if (account?.IsPersonAccount === true) mirrorToContact(org, account);
  },
  afterDelete({ org }, account) {
    const contact = org.object('Contact');
    const person = org.store.table(contact).get(String(account.PersonContactId));
    if (person) org.store.put(contact, person.Id, { ...person, IsDeleted: true });
  },
};

/** A person contact changes with its account, and is neither created nor deleted by itself. */
export const personContactRules: ObjectRules = {
  sobject: 'Contact',
  beforeSave(draft) {
    if (draft.context.org.schema.hasPersonAccounts) draft.row.IsPersonAccount ??= false;
  },
  afterSave({ context, object, id }) {
    const { org } = context;
    const contact = org.store.table(object).get(id);
    if (contact?.IsPersonAccount !== true) return;
    const accounts = org.object('Account');
    const account = org.store.table(accounts).get(String(contact.AccountId));
    if (!account) return;
    const mirrored = personFieldPairs(object).map(([from, to]): [string, FieldValue] => [to, contact[from] ?? null]);
    org.store.put(accounts, account.Id, { ...account, ...Object.fromEntries(mirrored), Name: contact.Name ?? null });
  },
  beforeDelete(_context, contact) {
    if (contact.IsPersonAccount !== true) return;
    throw new RowError('DELETE_FAILED', 'A person contact is deleted with its account, not by itself');
  },
};

function isPersonAccount(draft: Draft): boolean {
  const { org } = draft.context;
  const recordTypeId = valueOf(draft, 'RecordTypeId');
  const isPersonType = typeof recordTypeId === 'string' && org.store.find(recordTypeId)?.row.IsPersonType === true;
  const { before } = draft;
  if (!before) {
    const isPerson = isPersonType || (recordTypeId === null && valueOf(draft, 'LastName') !== null);
    if (isPerson && !isPersonType) draft.row.RecordTypeId = personRecordTypeId(org);
    return isPerson;
  }
  if (!isChanged(draft, 'RecordTypeId') || isPersonType === (before.IsPersonAccount === true)) {
    return before.IsPersonAccount === true;
  }
  // A company becomes a person by its record type and nothing else in the same row; a person becomes no company.
  const others = [...draft.given].filter((name) => name !== 'RecordTypeId');
  if (!isPersonType || others.length > 0) throw notWritable(isPersonType ? others : ['RecordTypeId']);
  draft.row.LastName = before.Name ?? null;
  return true;
}

function personRecordTypeId(org: Org): string | null {
  for (const row of org.store.table(org.object('RecordType')).all()) if (row.IsPersonType === true) return row.Id;
  return null;
}

function refuseTakenKeys(draft: Draft): void {
  const { org } = draft.context;
  const contact = org.object('Contact');
  for (const [contactField, accountField] of personFieldPairs(contact)) {
    const field = contact.field(contactField);
    const value = valueOf(draft, accountField);
    if (!field?.unique || value === null || !isChanged(draft, accountField)) continue;
    const others = org.store.table(contact).lookup(field, value) ?? [];
    const other = others.find((row) => row.Id !== draft.row.PersonContactId && row.IsDeleted !== true);
    if (!other) continue;
    throw new RowError(
      'DUPLICATE_VALUE',
      `duplicate value found: ${accountField} duplicates value on record with id: ${other.Id.slice(0, 15)}`,
    );
  }
}

function mirrorToContact(org: Org, account: StoredRecord): void {
  const contact = org.object('Contact');
  const id = String(account.PersonContactId);
  const before = org.store.table(contact).get(id);
  const mirrored = personFieldPairs(contact).map(([to, from]): [string, FieldValue] => [to, account[from] ?? null]);
  const shared = ['OwnerId', 'CreatedDate', 'CreatedById', 'LastModifiedDate', 'LastModifiedById', 'SystemModstamp'];
  org.store.put(contact, id, {
    ...before,
    ...Object.fromEntries(mirrored),
    ...Object.fromEntries(shared.map((name): [string, FieldValue] => [name, account[name] ?? null])),
    Id: id,
    Name: account.Name ?? null,
    AccountId: account.Id,
    IsPersonAccount: true,
    IsDeleted: false,
  });
}
