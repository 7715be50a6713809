import { parseXml, XmlFault } from '../xml/parse-xml';
import { children, text, type XmlElement } from '../xml/xml-element';
import type { Component } from './component';
import { faultOf, type DeployFault } from './deploy-fault';
import type { MetadataType } from './metadata-types';

/** What one XML file says: its component and those inside it. */
export interface FileContent {
  components: Component[];
  faults: DeployFault[];
}

/** What is known of a file before it is read. */
export interface FileFacts {
  /** The type of the component that the file holds. */
  typeName: string;
  /** That type, for its children; absent for a child's own file. */
  type?: MetadataType | undefined;
  fullName: string;
  fileName: string;
  files?: Map<string, Uint8Array> | undefined;
}

/** Reads one XML file: the component that it holds, and those that are parts of it. */
export function readFile(facts: FileFacts, bytes: Uint8Array): FileContent {
  const { typeName, type, fullName, fileName } = facts;
  const self = { type: typeName, fullName, fileName };
  let root: XmlElement;
  try {
    root = parseXml(new TextDecoder().decode(bytes));
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error;
    return { components: [], faults: [faultOf(self, `Error parsing file: ${error.message}`, error)] };
  }
  if (root.name !== typeName) {
    const problem = `Error parsing file: Element {${root.namespace}}${root.name} invalid at this location, expected ${typeName}`;
    return { components: [], faults: [faultOf(self, problem, root)] };
  }
  const faults: DeployFault[] = [];
  const split = splitChildren(self, root, type, faults);
  const component: Component = { ...self, root: split.root, files: facts.files ?? new Map<string, Uint8Array>() };
  return { components: [component, ...split.components], faults };
}

/** Takes the parts that are components of their own out of a file. */
function splitChildren(
  parent: Pick<Component, 'type' | 'fullName' | 'fileName'>,
  root: XmlElement,
  type: MetadataType | undefined,
  faults: DeployFault[],
): { root: XmlElement; components: Component[] } {
  const components: Component[] = [];
  const childTypes = splits(type);
  for (const childType of childTypes) {
    for (const element of children(root, childType.element)) {
      const name = text(element, 'fullName');
      if (name === undefined) {
        const unnamed = { ...parent, type: childType.name };
        faults.push(faultOf(unnamed, 'Required field is missing: fullName', element));
        continue;
      }
      const { fileName } = parent;
      // Labels are known by their own names; everything else by its parent's as well.
      const fullName = parent.type === 'CustomLabels' ? name : `${parent.fullName}.${name}`;
      components.push({ type: childType.name, fullName, fileName, root: element, files: new Map() });
    }
  }
  const taken = new Set(childTypes.map(({ element }) => element));
  return { root: { ...root, children: root.children.filter((element) => !taken.has(element.name)) }, components };
}

/** The child types that are components of their own. Translations of fields have no name that a manifest could list. */
function splits(type: MetadataType | undefined): NonNullable<MetadataType['children']> {
  return type === undefined || type.name === 'CustomObjectTranslation' ? [] : (type.children ?? []);
}
