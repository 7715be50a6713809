import { readCompactSchemas } from './compact';
import { makeField, type Field } from './field';
import type { RecordTypeDefinition } from './record-type';
import type { Deployment, Removal } from './deployment';
import type { ObjectSchema } from './object-schema';
import { makeChildRelationship } from './object-schema';
import type { PermissionSetDefinition } from './permission-set';
import { addPersonAccountFields, isPersonRecordType } from './person-accounts';
import { addSharedActivityFields } from './shared-activities';
import { readRecordedDescribes } from './recorded-describe';

/** The objects of an org. `stamp` changes with every change of the schema: all describes share one ETag. */
export class OrgSchema {
  readonly permissionSets: PermissionSetDefinition[] = [];
  readonly recordTypes: RecordTypeDefinition[] = [];
  private readonly byName = new Map<string, ObjectSchema>();
  private readonly byPrefix = new Map<string, ObjectSchema>();
  private readonly deployedFields = new Set<string>();
  private revision = 0;
  private nextCustomPrefix = 0;

  /**
   * @param standard the emulator's own objects: what every org has, also where a recording does not show it to the user
   * who made it.
   */
  constructor(
    objects: ObjectSchema[],
    private readonly now: () => Date,
    private readonly standard: ObjectSchema[] = [],
  ) {
    for (const object of objects) this.put(object);
    this.modifiedAt = this.now();
  }

  /** When the schema last changed. */
  modifiedAt: Date;

  /** The validator of every describe, an opaque quoted string. */
  get etag(): string {
    return `"${(0xe8178a2d + this.revision).toString(16)}--gzip"`;
  }

  /** Every object, by name. */
  get objects(): ObjectSchema[] {
    return [...this.byName.values()].sort((a, b) => a.name.localeCompare(b.name, 'en'));
  }

  /** The object of that API name in any case, or undefined. */
  object(name: string): ObjectSchema | undefined {
    return this.byName.get(name.toLowerCase());
  }

  /** A standard field that any org has, whether or not this one's recording shows it; undefined for all others. */
  standardField(sobject: string, name: string): Field | undefined {
    return this.standard.find((object) => object.name.toLowerCase() === sobject.toLowerCase())?.field(name);
  }

  /** The object whose ids start with these three characters, or undefined. */
  objectOfId(id: string): ObjectSchema | undefined {
    return this.byPrefix.get(id.slice(0, 3));
  }

  /**
   * Adds what a deployment declares.
   *
   * @throws when a field belongs to an object that the org does not have.
   */
  deploy(deployment: Deployment): void {
    for (const object of deployment.objects) {
      const { label, labelPlural } = object;
      const existing = this.object(object.name);
      if (existing) Object.assign(existing.flags, { label, labelPlural });
      else this.put(object.build(this.customPrefix(object.name)));
    }
    for (const { sobject, field, childRelationshipName } of deployment.fields) {
      const object = this.object(sobject);
      if (!object) throw new Error(`Cannot deploy ${sobject}.${field.name}: this org has no object ${sobject}`);
      object.putField(field);
      this.deployedFields.add(fieldKey(object.name, field.name));
      const parent = field.referenceTo[0] ? this.object(field.referenceTo[0]) : undefined;
      if (parent && childRelationshipName && !parent.childRelationship(`${childRelationshipName}__r`)) {
        parent.childRelationships.push(
          makeChildRelationship({
            childSObject: object.name,
            field: field.name,
            relationshipName: `${childRelationshipName}__r`,
            cascadeDelete: field.cascadeDelete,
          }),
        );
      }
    }
    if (this.hasPersonAccounts) this.addPersonAccountFields();
    for (const recordType of deployment.recordTypes) this.addRecordType(recordType);
    for (const permissionSet of deployment.permissionSets) {
      const at = this.permissionSets.findIndex((other) => isSameSet(other, permissionSet));
      if (at >= 0) this.permissionSets[at] = permissionSet;
      else this.permissionSets.push(permissionSet);
    }
    this.touch();
  }

  /** Takes away what a deployment removes. The rows of a removed object stay behind, unseen. */
  remove(removal: Removal): void {
    for (const { sobject, name } of removal.fields) {
      const field = this.object(sobject)?.removeField(name);
      this.deployedFields.delete(fieldKey(sobject, name));
      const parent = field?.referenceTo[0] ? this.object(field.referenceTo[0]) : undefined;
      if (field && parent) parent.removeChildRelationship(sobject, field.name);
    }
    for (const name of removal.objects) {
      const object = this.object(name);
      if (!object) continue;
      this.byName.delete(name.toLowerCase());
      this.byPrefix.delete(object.keyPrefix);
      for (const other of this.objects) other.removeChildRelationship(object.name);
    }
    for (const { sobject, developerName } of removal.recordTypes) {
      removeWhere(this.recordTypes, (other) => other.sobject === sobject && other.developerName === developerName);
      const infos = this.object(sobject)?.recordTypeInfos ?? [];
      removeWhere(infos, (info) => info.developerName === developerName);
    }
    for (const set of removal.permissionSets) removeWhere(this.permissionSets, (other) => isSameSet(other, set));
    this.touch();
  }

  /**
   * Adds a record type and, with the first one of an object, the field RecordTypeId.
   *
   * @throws when the org does not have the object.
   */
  addRecordType(recordType: RecordTypeDefinition): void {
    const object = this.object(recordType.sobject);
    if (!object) throw new Error(`Cannot deploy a record type: this org has no object ${recordType.sobject}`);
    const isKnown = this.recordTypes.some(
      ({ sobject, developerName }) => sobject === object.name && developerName === recordType.developerName,
    );
    if (!isKnown) this.recordTypes.push({ ...recordType, sobject: object.name });
    if (object.field('RecordTypeId')) return;
    object.putField(
      makeField({
        name: 'RecordTypeId',
        label: 'Record Type ID',
        type: 'reference',
        referenceTo: ['RecordType'],
        relationshipName: 'RecordType',
        permissionable: false,
      }),
    );
  }

  /** Whether person accounts are on: by the switch, or because the describe of Account shows them. */
  get hasPersonAccounts(): boolean {
    return this.object('Account')?.field('IsPersonAccount') !== undefined;
  }

  /** Turns person accounts on, or completes those of a recorded org; as in a real org, nothing turns them off again. */
  enablePersonAccounts(): void {
    const account = this.object('Account');
    if (!account || this.object('RecordType')?.field('IsPersonType')) return;
    this.addPersonAccountFields();
    this.object('RecordType')?.putField(
      makeField({
        name: 'IsPersonType',
        label: 'Is Person Type',
        type: 'boolean',
        createable: false,
        updateable: false,
      }),
    );
    const described = account.recordTypeInfos.filter(({ master }) => !master);
    const recordType = { sobject: 'Account', description: null, isActive: true };
    if (described.length === 0) {
      this.addRecordType({
        ...recordType,
        developerName: 'Business_Account',
        label: 'Business Account',
        isPersonType: false,
      });
    }
    if (!described.some(isPersonRecordType)) {
      this.addRecordType({
        ...recordType,
        developerName: 'PersonAccount',
        label: 'Person Account',
        isPersonType: true,
      });
    }
    this.touch();
  }

  /** Whether Events may have several people. */
  get hasSharedActivities(): boolean {
    return this.object('EventRelation')?.field('IsParent') !== undefined;
  }

  /** Lets Events have several people; nothing turns it off again. */
  enableSharedActivities(): void {
    const [event, relation] = [this.object('Event'), this.object('EventRelation')];
    if (!event || !relation || this.hasSharedActivities) return;
    addSharedActivityFields(event, relation);
    this.touch();
  }

  private addPersonAccountFields(): void {
    const [account, contact, lead] = ['Account', 'Contact', 'Lead'].map((name) => this.object(name));
    if (account && contact && lead) addPersonAccountFields(account, contact, lead);
  }

  /** Whether a field came with a deployment, and so is seen through permission sets only. */
  isDeployed(sobject: string, field: string): boolean {
    return this.deployedFields.has(fieldKey(sobject, field));
  }

  /** Marks the schema as changed. */
  touch(): void {
    this.revision += 1;
    this.modifiedAt = this.now();
  }

  private put(object: ObjectSchema): void {
    this.byName.set(object.name.toLowerCase(), object);
    if (object.flags.keyPrefix) this.byPrefix.set(object.flags.keyPrefix, object);
  }

  private customPrefix(name: string): string {
    const lead = name.endsWith('__mdt') ? 'm' : 'a';
    const prefix = lead + this.nextCustomPrefix.toString(36).padStart(2, '0');
    this.nextCustomPrefix += 1;
    return prefix;
  }
}

function isSameSet(
  left: Pick<PermissionSetDefinition, 'name' | 'namespace'>,
  right: Pick<PermissionSetDefinition, 'name' | 'namespace'>,
): boolean {
  return left.name === right.name && left.namespace === right.namespace;
}

function removeWhere<T>(list: T[], isMeant: (entry: T) => boolean): void {
  const at = list.findIndex(isMeant);
  if (at >= 0) list.splice(at, 1);
}

function fieldKey(sobject: string, field: string): string {
  return `${sobject}.${field}`.toLowerCase();
}

/**
 * The schema of a new org: the emulator's own objects, replaced by the recorded describes of `describeDir` where that
 * folder has them.
 */
export function loadOrgSchema(describeDir: string | undefined, now: () => Date): OrgSchema {
  const own = readCompactSchemas();
  const recorded = describeDir ? readRecordedDescribes(describeDir) : [];
  return new OrgSchema([...own, ...recorded], now, describeDir ? readCompactSchemas() : []);
}
