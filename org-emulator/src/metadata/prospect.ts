import type { Org } from '../org/org';
import { CUSTOM_FIELD_TYPES, customFieldOf } from '../schema/custom-field';
import { makeField, type Field } from '../schema/field';
import { text } from '../xml/xml-element';
import { nameOf, type Component, type DeployedComponent } from './component';
import { isCustom, objectsOfField } from './shape';

/** The fields that every custom object and every custom metadata type has without being told. */
const OBJECT_FIELDS = ['Id', 'Name', 'OwnerId', 'CreatedById', 'CreatedDate', 'LastModifiedById', 'LastModifiedDate'];
const METADATA_FIELDS = ['Id', 'DeveloperName', 'MasterLabel', 'QualifiedApiName', 'NamespacePrefix', 'Language'];

/** An org as it would be once a deployment is in place: what components may refer to. */
export class Prospect {
  /** Components of the org that the deployment neither replaces nor removes. */
  readonly remaining: DeployedComponent[];
  private readonly coming = new Map<string, Component>();
  private readonly gone = new Set<string>();
  private readonly fields = new Map<string, Field>();

  constructor(
    private readonly org: Org,
    components: readonly Component[],
    removed: readonly DeployedComponent[],
  ) {
    for (const component of components) {
      this.coming.set(keyOf(component.type, component.fullName), component);
      if (component.type === 'CustomField') this.addField(component);
    }
    for (const { type, fullName } of removed) {
      const key = keyOf(type, fullName);
      if (!this.coming.has(key)) this.gone.add(key);
    }
    this.remaining = org.metadata.all.filter(({ type, fullName }) => {
      const key = keyOf(type, fullName);
      return !this.coming.has(key) && !this.gone.has(key);
    });
  }

  /** The component of a type and name, or undefined. */
  get(type: string, fullName: string): Component | undefined {
    const key = keyOf(type, fullName);
    return this.coming.get(key) ?? (this.gone.has(key) ? undefined : this.org.metadata.get(type, fullName));
  }

  /** Whether there will be a component of a type and name: deployed, or part of every org. */
  has(type: string, fullName: string): boolean {
    if (type === 'CustomObject') return this.hasObject(fullName);
    if (type === 'CustomField') {
      const [object = '', ...path] = fullName.split('.');
      return this.hasPath(object, path);
    }
    return this.get(type, fullName) !== undefined;
  }

  /** Whether there will be an object of this name. Activity stands for Event and Task. */
  hasObject(name: string): boolean {
    if (name === 'Activity') return true;
    const key = keyOf('CustomObject', name);
    return !this.gone.has(key) && (this.org.schema.object(name) !== undefined || this.coming.has(key));
  }

  /** The field of an object, as a describe would list it, or undefined. */
  field(object: string, name: string): Field | undefined {
    const owners = object === 'Activity' ? ['Event', 'Task'] : [object];
    for (const owner of owners) {
      const field = this.fieldOf(owner, name);
      if (field) return field;
    }
    return undefined;
  }

  /**
   * Whether a path of names leads to a field: `X__c`, `Account.Owner.Name`. A lookup may be named by its relationship,
   * and where metadata does so, by its name without `Id`.
   */
  hasPath(object: string, path: string[]): boolean {
    const [name = '', ...rest] = path;
    if (rest.length === 0) return this.field(object, name) !== undefined || this.lookup(object, name) !== undefined;
    const lookup = this.lookup(object, name);
    if (!lookup) return false;
    return lookup.referenceTo.some((target) => this.hasPath(target, rest));
  }

  private fieldOf(object: string, name: string): Field | undefined {
    const key = `${object}.${name}`.toLowerCase();
    const coming = this.fields.get(key);
    if (coming) return coming;
    if (this.gone.has(`customfield ${key}`)) return undefined;
    if (/^(?:event|task)\./.test(key) && this.gone.has(`customfield activity.${name.toLowerCase()}`)) return undefined;
    const known = this.org.schema.object(object);
    if (known) return known.field(name) ?? this.org.schema.standardField(object, name);
    if (!this.coming.has(keyOf('CustomObject', object))) return undefined;
    const own = object.endsWith('__mdt') ? METADATA_FIELDS : OBJECT_FIELDS;
    const isOwn = own.some((field) => field.toLowerCase() === name.toLowerCase());
    return isOwn ? makeField({ name, label: name, type: 'string', permissionable: false }) : undefined;
  }

  private lookup(object: string, relationship: string): Field | undefined {
    const owners = object === 'Activity' ? ['Event', 'Task'] : [object];
    for (const owner of owners) {
      const known = this.org.schema.object(owner)?.relationship(relationship);
      if (known && this.fieldOf(owner, known.name)) return known;
      for (const field of [relationship.replace(/__r$/, '__c'), `${relationship}Id`]) {
        const found = this.fieldOf(owner, field);
        if (found?.type === 'reference') return found;
      }
    }
    return undefined;
  }

  private addField(component: Component): void {
    if (!isCustom(component)) return;
    const name = nameOf(component);
    // A field of an unknown type has its own fault; that it is there is all that others need to know.
    const isKnown = CUSTOM_FIELD_TYPES[text(component.root, 'type') ?? ''] !== undefined;
    const field = isKnown
      ? customFieldOf(name, component.root).field
      : makeField({ name, label: name, type: 'string', custom: true });
    for (const object of objectsOfField(component)) this.fields.set(`${object}.${field.name}`.toLowerCase(), field);
  }
}

function keyOf(type: string, fullName: string): string {
  return `${type} ${fullName}`.toLowerCase();
}
