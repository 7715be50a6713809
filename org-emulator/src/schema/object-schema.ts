import type { Field } from './field';

/** A child relationship, as a describe of the parent lists it. */
export interface ChildRelationship {
  cascadeDelete: boolean;
  childSObject: string;
  deprecatedAndHidden: boolean;
  field: string;
  junctionIdListNames: string[];
  junctionReferenceTo: string[];
  relationshipName: string | null;
  restrictedDelete: boolean;
}

/** One record type as a describe lists it. `Master` is always among them. */
export interface RecordTypeInfo {
  active: boolean;
  available: boolean;
  defaultRecordTypeMapping: boolean;
  developerName: string;
  master: boolean;
  name: string;
  recordTypeId: string;
  urls: { layout: string };
}

/** The flags of an sObject that a global describe repeats. */
export interface ObjectFlags {
  activateable: boolean;
  associateEntityType: string | null;
  associateParentEntity: string | null;
  createable: boolean;
  custom: boolean;
  customSetting: boolean;
  deepCloneable: boolean;
  deletable: boolean;
  deprecatedAndHidden: boolean;
  feedEnabled: boolean;
  hasSubtypes: boolean;
  isInterface: boolean;
  isSubtype: boolean;
  keyPrefix: string | null;
  label: string;
  labelPlural: string;
  layoutable: boolean;
  mergeable: boolean;
  mruEnabled: boolean;
  name: string;
  queryable: boolean;
  replicateable: boolean;
  retrieveable: boolean;
  searchable: boolean;
  triggerable: boolean;
  undeletable: boolean;
  updateable: boolean;
}

/** The id of the record type that every object has. */
export const MASTER_RECORD_TYPE_ID = '012000000000000AAA';

/** One sObject: its flags, fields and relationships, with look-ups by name that ignore case, as the API does. */
export class ObjectSchema {
  private readonly fieldsByName = new Map<string, Field>();
  private readonly fieldsByRelationship = new Map<string, Field>();
  private indexed: Field[] | undefined;

  constructor(
    readonly flags: ObjectFlags,
    readonly fields: Field[],
    readonly childRelationships: ChildRelationship[],
    readonly recordTypeInfos: RecordTypeInfo[],
  ) {
    for (const field of fields) this.remember(field);
  }

  get name(): string {
    return this.flags.name;
  }

  get keyPrefix(): string {
    return this.flags.keyPrefix ?? '000';
  }

  /** Adds a field, or replaces the one of the same name. */
  putField(field: Field): void {
    const at = this.fields.findIndex((other) => other.name.toLowerCase() === field.name.toLowerCase());
    if (at >= 0) this.fields[at] = field;
    else this.fields.push(field);
    this.remember(field);
    this.indexed = undefined;
  }

  /** Removes a field and returns it; undefined when there is none of that name. */
  removeField(name: string): Field | undefined {
    const at = this.fields.findIndex((other) => other.name.toLowerCase() === name.toLowerCase());
    const [field] = at >= 0 ? this.fields.splice(at, 1) : [];
    if (!field) return undefined;
    this.fieldsByName.delete(field.name);
    this.fieldsByName.delete(field.name.toLowerCase());
    if (field.relationshipName) this.fieldsByRelationship.delete(field.relationshipName.toLowerCase());
    this.indexed = undefined;
    return field;
  }

  /** Removes the relationship to a child object by one of its fields, or by all of them. */
  removeChildRelationship(childSObject: string, field?: string): void {
    for (let at = this.childRelationships.length - 1; at >= 0; at -= 1) {
      const child = this.childRelationships[at];
      if (child?.childSObject !== childSObject || (field !== undefined && child.field !== field)) continue;
      this.childRelationships.splice(at, 1);
    }
  }

  /** Adds a record type, or replaces the one of the same developer name. */
  putRecordType(info: RecordTypeInfo): void {
    const at = this.recordTypeInfos.findIndex(({ developerName }) => developerName === info.developerName);
    if (at >= 0) this.recordTypeInfos[at] = info;
    else this.recordTypeInfos.unshift(info);
  }

  /** The field of that API name in any case, or undefined. */
  field(name: string): Field | undefined {
    return this.fieldsByName.get(name) ?? this.fieldsByName.get(name.toLowerCase());
  }

  /** The lookup field behind a relationship name (`Account`, `Who`, `My_Parent__r`), or undefined. */
  relationship(name: string): Field | undefined {
    return this.fieldsByRelationship.get(name.toLowerCase());
  }

  /** The child relationship of that name, or undefined. */
  childRelationship(name: string): ChildRelationship | undefined {
    return this.childRelationships.find((child) => child.relationshipName?.toLowerCase() === name.toLowerCase());
  }

  /** The fields that the store keeps an index on: keys, e-mail addresses and references. */
  get indexedFields(): Field[] {
    this.indexed ??= this.fields.filter(
      (field) =>
        field.type === 'email' ||
        field.type === 'reference' ||
        field.unique ||
        field.externalId ||
        (field.idLookup && field.type !== 'id'),
    );
    return this.indexed;
  }

  private remember(field: Field): void {
    this.fieldsByName.set(field.name, field);
    this.fieldsByName.set(field.name.toLowerCase(), field);
    if (field.relationshipName) this.fieldsByRelationship.set(field.relationshipName.toLowerCase(), field);
  }
}

/** A child relationship with the keys that a describe gives it. */
export function makeChildRelationship(
  init: Pick<ChildRelationship, 'childSObject' | 'field' | 'relationshipName'> & { cascadeDelete?: boolean },
): ChildRelationship {
  return {
    cascadeDelete: false,
    deprecatedAndHidden: false,
    junctionIdListNames: [],
    junctionReferenceTo: [],
    restrictedDelete: false,
    ...init,
  };
}

/** The Master record type of an object. */
export function masterRecordType(sobject: string): RecordTypeInfo {
  return {
    active: true,
    available: true,
    defaultRecordTypeMapping: true,
    developerName: 'Master',
    master: true,
    name: 'Master',
    recordTypeId: MASTER_RECORD_TYPE_ID,
    urls: { layout: `/services/data/vXX.X/sobjects/${sobject}/describe/layouts/${MASTER_RECORD_TYPE_ID}` },
  };
}

/** The flags of an ordinary object, changed by what is said about it. */
export function makeObjectFlags(
  init: Partial<ObjectFlags> & Pick<ObjectFlags, 'name' | 'label' | 'labelPlural' | 'keyPrefix'>,
): ObjectFlags {
  return {
    activateable: false,
    associateEntityType: null,
    associateParentEntity: null,
    createable: true,
    custom: false,
    customSetting: false,
    deepCloneable: false,
    deletable: true,
    deprecatedAndHidden: false,
    feedEnabled: false,
    hasSubtypes: false,
    isInterface: false,
    isSubtype: false,
    layoutable: true,
    mergeable: false,
    mruEnabled: true,
    queryable: true,
    replicateable: true,
    retrieveable: true,
    searchable: true,
    triggerable: true,
    undeletable: true,
    updateable: true,
    ...init,
  };
}
