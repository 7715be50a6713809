import { writeMetadataXml } from '../xml/write-xml';
import { child, makeElement, type XmlElement } from '../xml/xml-element';
import type { Component } from './component';
import { nameOf } from './component';
import { metadataTypes } from './metadata-types';

/** The path of the file that holds a component, below the root of a package. For a bundle its folder. */
export function pathOf({ type, fullName }: Pick<Component, 'type' | 'fullName'>): string {
  const types = metadataTypes();
  const parent = types.parentOf(type)?.parent;
  if (parent) return pathOf({ type: parent.name, fullName: parentName(parent.name, fullName) });
  const own = types.type(type);
  if (!own) return fullName;
  if (own.shape === 'bundle') return `${own.directory}/${fullName}`;
  if (own.folderOf !== undefined) return `${own.directory}/${fullName}-meta.xml`;
  return `${own.directory}/${fullName}${own.suffix === undefined ? '' : `.${own.suffix}`}`;
}

/** The files of some components in the form of the Metadata API, by their path below the root of a package. */
export function writeComponents(components: readonly Component[]): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const parents = new Map<string, XmlElement>();
  for (const component of components) {
    const path = pathOf(component);
    const parent = metadataTypes().parentOf(component.type);
    if (parent) {
      const root = parents.get(path) ?? makeElement(parent.parent.name);
      parents.set(path, { ...root, children: [...root.children, childElement(component, parent.child.element)] });
      continue;
    }
    const type = metadataTypes().type(component.type);
    for (const [file, bytes] of component.files) files.set(file, bytes);
    if (type?.children && type.name !== 'CustomObjectTranslation') {
      const root = parents.get(path);
      parents.set(path, { ...component.root, children: [...component.root.children, ...(root?.children ?? [])] });
      continue;
    }
    files.set(xmlPath(component, path), encode(component.root));
  }
  for (const [path, root] of parents) files.set(path, encode(root));
  return files;
}

function xmlPath({ type, fullName }: Component, path: string): string {
  const shape = metadataTypes().type(type)?.shape;
  if (shape === 'bundle') return `${path}/${fullName}.js-meta.xml`;
  return shape === 'content' ? `${path}-meta.xml` : path;
}

/** A component inside its parent's file, where its name stands first. */
function childElement(component: Component, element: string): XmlElement {
  const { root } = component;
  const name = child(root, 'fullName') ? [] : [makeElement('fullName', nameOf(component))];
  return { ...root, name: element, children: [...name, ...root.children], attributes: {} };
}

function parentName(parent: string, fullName: string): string {
  return parent === 'CustomLabels' ? 'CustomLabels' : fullName.slice(0, fullName.indexOf('.'));
}

function encode(root: XmlElement): Uint8Array {
  return new TextEncoder().encode(writeMetadataXml(root));
}
