import { rowsPointingTo, systemUpdate } from '../dml/system-write';
import { toApiDateTime } from '../records/timestamps';
import type { FieldValue, StoredRecord } from '../records/table';
import type { ObjectSchema, RecordTypeInfo } from '../schema/object-schema';
import type { PermissionSetDefinition } from '../schema/permission-set';
import { isPersonRecordType } from '../schema/person-accounts';
import type { RecordTypeDefinition } from '../schema/record-type';
import type { Org } from './org';
import { PROFILES } from './profiles';

/** Ids of the records that every org starts with. */
export interface SeededIds {
  organizationId: string;
  administratorId: string;
  integrationUserId: string;
  /** Two ordinary standard users who can be hosts. */
  standardUserIds: [string, string];
  inactiveUserId: string;
  /** A Chatter user, who can own no records. */
  chatterUserId: string;
}

/** Inserts the Organization, the profiles and the users that an org starts with. */
export function seedOrg(org: Org): SeededIds {
  return org.store.transaction(() => {
    const licences = new Map<string, string>();
    const licence = (name: string): string => {
      const id = licences.get(name) ?? insert(org, 'UserLicense', { Name: name, MasterLabel: name, Status: 'Active' });
      licences.set(name, id);
      return id;
    };
    const profiles = Object.fromEntries(
      Object.entries(PROFILES).map(([name, { userType, licence: of }]) => [
        name,
        insert(org, 'Profile', { Name: name, UserType: userType, UserLicenseId: licence(of) }),
      ]),
    ) as Record<keyof typeof PROFILES, string>;
    const admin = profiles['System Administrator'];
    const standard = profiles['Standard User'];
    const integration = profiles['Minimum Access - API Only Integrations'];
    const chatter = profiles['Chatter Free User'];
    const administratorId = insertUser(org, 'Ada', 'Admin', admin, 'Standard');
    const organizationId = insert(org, 'Organization', {
      Country: 'US',
      PrimaryContact: 'Ada Admin',
      DefaultLocaleSidKey: 'en_US',
      LanguageLocaleKey: 'en_US',
      TimeZoneSidKey: 'America/Los_Angeles',
      FiscalYearStartMonth: 1,
      ...organizationFields(org),
      DefaultCalendarAccess: 'HideDetailsInsert',
      DefaultCampaignAccess: 'All',
    });
    return {
      organizationId,
      administratorId,
      integrationUserId: insertUser(org, 'Iris', 'Integration', integration, 'Standard'),
      standardUserIds: [
        insertUser(org, 'Hana', 'Host', standard, 'Standard'),
        insertUser(org, 'Sam', 'Seller', standard, 'Standard'),
      ],
      inactiveUserId: insertUser(org, 'Gone', 'Former', standard, 'Standard', false),
      chatterUserId: insertUser(org, 'Chat', 'Only', chatter, 'CsnOnly'),
    };
  });
}

/** Writes into the Organization record what the settings say of it. */
export function updateOrganization(org: Org): void {
  const object = org.object('Organization');
  const row = org.store.table(object).get(org.ids.organizationId);
  const fields = organizationFields(org);
  if (!row || Object.entries(fields).every(([name, value]) => (row[name] ?? null) === value)) return;
  org.store.transaction(() => {
    systemUpdate(org, object, row, fields, org.ids.administratorId);
  });
}

function organizationFields(org: Org): Record<string, FieldValue> {
  const { organizationName, organizationType, isSandbox, instanceName, trialExpirationDate } = org.settings;
  return {
    Name: organizationName,
    OrganizationType: organizationType,
    IsSandbox: isSandbox,
    InstanceName: instanceName,
    TrialExpirationDate: trialExpirationDate === null ? null : toApiDateTime(new Date(trialExpirationDate)),
    ...sharingFields(org),
  };
}

/** The org-wide defaults of a new org, and `None` for what the settings make private. */
function sharingFields({ settings }: Org): Record<string, FieldValue> {
  const isPrivate = new Set(settings.privateObjects.map((name) => name.toLowerCase()));
  const defaults = {
    Account: 'Edit',
    Contact: 'ControlledByParent',
    Opportunity: 'Edit',
    Lead: 'ReadEditTransfer',
    Case: 'ReadEditTransfer',
  };
  return Object.fromEntries(
    Object.entries(defaults).map(([name, access]) => [
      `Default${name}Access`,
      isPrivate.has(name.toLowerCase()) ? 'None' : access,
    ]),
  );
}

/** Brings the PermissionSet records in line with the deployed permission sets, and assigns the administrator's to him. */
export function seedPermissionSets(org: Org): void {
  const object = org.object('PermissionSet');
  const rows = [...org.store.table(object).all()];
  const isOf =
    ({ name, namespace }: PermissionSetDefinition) =>
    (row: StoredRecord): boolean =>
      row.Name === name && (row.NamespacePrefix ?? null) === namespace;
  org.store.transaction(() => {
    for (const set of org.schema.permissionSets) {
      const existing = rows.find(isOf(set));
      const { name, namespace, label, description } = set;
      if (existing) {
        const changes = { Label: label, Description: description };
        if (existing.Label !== label || (existing.Description ?? null) !== description) {
          systemUpdate(org, object, existing, changes, org.ids.administratorId);
        }
        continue;
      }
      const id = insert(org, 'PermissionSet', {
        Name: name,
        NamespacePrefix: namespace,
        Label: label,
        Description: description,
        IsOwnedByProfile: false,
        IsCustom: true,
        Type: 'Regular',
      });
      if (!org.administratorSets.has(setKey(set))) continue;
      insert(org, 'PermissionSetAssignment', { PermissionSetId: id, AssigneeId: org.ids.administratorId });
    }
    for (const row of rows) {
      // Sets that were removed go with their assignments; those that somebody made by hand stay.
      if (row.IsCustom !== true || org.schema.permissionSets.some((set) => isOf(set)(row))) continue;
      for (const pointing of rowsPointingTo(org, 'PermissionSet', row.Id)) {
        org.store.put(pointing.object, pointing.row.Id, undefined);
      }
      org.store.put(object, row.Id, undefined);
    }
  });
}

/** A permission set's name in an org, with its namespace. */
export function setKey({ name, namespace }: Pick<PermissionSetDefinition, 'name' | 'namespace'>): string {
  return namespace === null ? name : `${namespace}__${name}`;
}

/**
 * Makes a RecordType record of each record type that has none: those that were deployed, which are listed on their object
 * thereby, and those that a recorded describe lists, under their own ids.
 */
export function seedRecordTypes(org: Org): void {
  org.store.transaction(() => {
    for (const recordType of org.schema.recordTypes) seedDeployedRecordType(org, recordType);
    for (const object of org.schema.objects) {
      for (const info of object.recordTypeInfos) if (!info.master) seedDescribedRecordType(org, object, info);
    }
  });
}

function seedDeployedRecordType(org: Org, recordType: RecordTypeDefinition): void {
  const { sobject, developerName, label, description, isActive, isPersonType } = recordType;
  const recordTypes = org.object('RecordType');
  const rows = [...org.store.table(recordTypes).all()];
  if (rows.some((row) => row.SobjectType === sobject && row.DeveloperName === developerName)) return;
  const object = org.object(sobject);
  const listed = object.recordTypeInfos.find((info) => info.developerName === developerName);
  const unusedId = org.store.nextId(recordTypes);
  const id = listed?.recordTypeId ?? unusedId;
  insert(
    org,
    'RecordType',
    {
      Name: label,
      DeveloperName: developerName,
      Description: description,
      SobjectType: sobject,
      IsActive: isActive,
      IsPersonType: isPersonType,
    },
    id,
  );
  object.putRecordType({
    active: isActive,
    available: isActive,
    defaultRecordTypeMapping: false,
    developerName,
    master: false,
    name: label,
    recordTypeId: id,
    urls: { layout: `/services/data/vXX.X/sobjects/${sobject}/describe/layouts/${id}` },
  });
}

function seedDescribedRecordType(org: Org, object: ObjectSchema, info: RecordTypeInfo): void {
  if (org.store.table(org.object('RecordType')).get(info.recordTypeId)) return;
  const isPersonType = org.schema.hasPersonAccounts && object.name === 'Account' && isPersonRecordType(info);
  insert(
    org,
    'RecordType',
    {
      Name: info.name,
      DeveloperName: info.developerName,
      SobjectType: object.name,
      IsActive: info.active,
      IsPersonType: isPersonType,
    },
    info.recordTypeId,
  );
}

function insertUser(
  org: Org,
  firstName: string,
  lastName: string,
  profileId: string,
  userType: string,
  isActive = true,
): string {
  const address = `${firstName}.${lastName}@example.com`.toLowerCase();
  return insert(org, 'User', {
    Username: address,
    Email: address,
    FirstName: firstName,
    LastName: lastName,
    Name: `${firstName} ${lastName}`,
    Alias: firstName.toLowerCase().slice(0, 8),
    CommunityNickname: `${firstName}${lastName}`.toLowerCase(),
    IsActive: isActive,
    ProfileId: profileId,
    UserType: userType,
    TimeZoneSidKey: 'America/Los_Angeles',
    LocaleSidKey: 'en_US',
    LanguageLocaleKey: 'en_US',
    EmailEncodingKey: 'UTF-8',
  });
}

/** Stores a row as it is, past the rules that a request would meet: the platform's own records. */
function insert(
  org: Org,
  sobject: string,
  values: Record<string, FieldValue>,
  id = org.store.nextId(org.object(sobject)),
): string {
  const object = org.object(sobject);
  const now = toApiDateTime(org.clock.now());
  // The first user creates himself, as the sign-up does.
  const creator = sobject === 'User' ? id : (firstUserId(org) ?? id);
  const audit: Record<string, FieldValue> = {
    IsDeleted: false,
    CreatedDate: now,
    CreatedById: creator,
    LastModifiedDate: now,
    LastModifiedById: creator,
    SystemModstamp: now,
  };
  const row: Record<string, FieldValue> = {};
  for (const field of object.fields) {
    if (field.type === 'boolean') row[field.name] = false;
    const value = values[field.name] ?? audit[field.name];
    if (value !== undefined) row[field.name] = value;
  }
  org.store.put(object, id, { ...row, Id: id });
  return id;
}

function firstUserId(org: Org): string | undefined {
  for (const row of org.store.table(org.object('User')).all()) return row.Id;
  return undefined;
}
