import type { XmlElement } from '../xml/xml-element';
import { nameOf, type Component } from './component';
import { elementTypes } from './element-types';
import type { PackageContent } from './package-content';
import { isCustom } from './shape';

/** Elements whose text is for people: a name in it is no reference. */
const PROSE = new Set([
  'description',
  'label',
  'pluralLabel',
  'masterLabel',
  'inlineHelpText',
  'shortDescription',
  'value',
]);

/** Types that keep their names: the platform tells them apart by where they are used from, or they have no name of their own. */
const UNNAMED = new Set([
  'CustomLabel',
  'CustomLabels',
  'CustomMetadata',
  'CustomObjectTranslation',
  'Layout',
  'LightningComponentBundle',
  'Settings',
  'Translations',
]);

/**
 * A package as it is installed as a managed one: its own components carry the namespace, and what they refer to among
 * themselves does so too, in code as well. What belongs to the platform keeps its name.
 */
export function inNamespace(content: PackageContent, namespace: string): PackageContent {
  const names = new Names(content.components, namespace);
  return { ...content, components: content.components.map((component) => renamed(component, names)) };
}

class Names {
  private readonly own = new Map<string, string>();

  constructor(
    components: readonly Component[],
    private readonly namespace: string,
  ) {
    for (const component of components) {
      const name = ownName(component);
      if (name !== undefined) this.own.set(name, `${namespace}__${name}`);
    }
  }

  /** A text with the names in it that are the package's own. */
  in(text: string): string {
    return text
      .replace(/[A-Za-z]\w*/g, (word) => this.own.get(word) ?? this.derived(word) ?? word)
      .replace(/(\$CustomMetadata\.(\w+)__mdt\.)(\w+)/g, (whole, before: string, type: string, record: string) =>
        type.startsWith(`${this.namespace}__`) ? `${before}${this.namespace}__${record}` : whole,
      );
  }

  /** Code with the API names in it that are the package's own. */
  inCode(code: string): string {
    return code
      .replace(/[A-Za-z]\w*__(?:c|mdt|r)\b/g, (word) => this.own.get(word) ?? this.derived(word) ?? word)
      .replace(
        /(['"]@salesforce\/(?:customPermission|resourceUrl)\/)(\w+)/g,
        (_whole, before: string, name: string) => `${before}${this.own.get(name) ?? name}`,
      );
  }

  /** The name of a custom metadata record, `Booking_Setting.Default`. */
  ofRecord(fullName: string): string {
    const [type = '', record = ''] = fullName.split('.');
    const isOwn = this.own.has(`${type}__mdt`);
    return `${isOwn ? `${this.namespace}__` : ''}${type}.${this.namespace}__${record}`;
  }

  /** `ns__Parent__r` for the relationship of a lookup `Parent__c`, `ns__Bookings__c` for a report type `Bookings`. */
  private derived(word: string): string | undefined {
    const bare = word.replace(/__[cr]$/, '');
    if (bare === word) return undefined;
    if (word.endsWith('__r')) return this.own.get(`${bare}__c`)?.replace(/__c$/, '__r');
    const reportType = this.own.get(bare);
    return reportType === undefined ? undefined : `${reportType}__c`;
  }
}

function renamed(component: Component, names: Names): Component {
  const { type, fullName, root, files } = component;
  const code = (bytes: Uint8Array): Uint8Array =>
    new TextEncoder().encode(names.inCode(new TextDecoder().decode(bytes)));
  return {
    ...component,
    fullName: type === 'CustomMetadata' ? names.ofRecord(fullName) : names.in(fullName),
    root: withNames(root, type, names),
    files:
      type === 'LightningComponentBundle'
        ? new Map([...files].map(([path, bytes]) => [path, path.endsWith('.js') ? code(bytes) : bytes]))
        : files,
  };
}

/** The name that a component has by itself; undefined for what an org has anyway, such as a standard object. */
function ownName(component: Component): string | undefined {
  const { type } = component;
  if (UNNAMED.has(type)) return undefined;
  if (type === 'CustomObject' || type === 'CustomField') return isCustom(component) ? nameOf(component) : undefined;
  return nameOf(component);
}

function withNames(element: XmlElement, typeName: string, names: Names): XmlElement {
  const types = elementTypes();
  const elements = types.elementsOf(typeName);
  // The value of an enum may be spelled like a component.
  const isFixed = PROSE.has(element.name) || types.valuesOf(typeName) !== undefined;
  return {
    ...element,
    text: isFixed ? element.text : names.in(element.text),
    children: element.children.map((child) => withNames(child, elements.get(child.name)?.type ?? 'string', names)),
  };
}
