import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from '../xml/xml-element';
import type { Component } from './component';
import type { DeployFault } from './deploy-fault';
import { locateFile } from './locate-file';
import { metadataTypes, type ChildType, type MetadataType } from './metadata-types';
import type { PackageContent } from './package-content';
import { readComponents } from './read-components';
import { readFile, type FileContent } from './read-file';

/** A part of an object in a file of its own: `objects/Lead/fields/X.field-meta.xml`. */
interface Part {
  parent: MetadataType;
  child: ChildType;
  parentName: string;
  path: string;
}

/**
 * Reads an SFDX folder (source format) whole, without a manifest, as a package that is installed.
 *
 * @returns file names relative to the folder, with forward slashes.
 * @throws when the folder does not exist.
 */
export function readSourceFolder(directory: string): PackageContent {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`Cannot deploy ${directory}: it is no folder`);
  }
  const whole = new Map<string, Uint8Array>();
  const names = new Map<string, string>();
  const parts: (Part & { bytes: Uint8Array })[] = [];
  const faults: DeployFault[] = [];
  for (const path of filesIn(directory)) {
    const inPackage = packagePath(path);
    if (inPackage === undefined) {
      // Other files beside the metadata, a README for one, are no concern of an org.
      if (path.endsWith('-meta.xml')) faults.push(unknownFile(path));
      continue;
    }
    const bytes = readFileSync(join(directory, path));
    const part = partOf(inPackage);
    if (part) {
      parts.push({ ...part, path, bytes });
      continue;
    }
    const packaged = asPackaged(inPackage);
    whole.set(packaged, bytes);
    names.set(packaged, path);
  }
  const content = readComponents(metadataTypes(), whole);
  const components = content.components.map((component) => withSourceName(component, names));
  const read = parts.map((part) => readPart(part, components, part.bytes));
  return {
    components: [...components, ...read.flatMap((file) => file.components)],
    deletions: [],
    faults: [
      ...faults,
      ...content.faults.map((fault) => ({ ...fault, fileName: names.get(fault.fileName) ?? fault.fileName })),
      ...read.flatMap((file) => file.faults),
    ],
  };
}

function filesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name).slice(join(directory, '/').length))
    .map((path) => path.replaceAll('\\', '/'))
    .sort();
}

/** The part of a path from the folder of a metadata type on; undefined when there is none. */
function packagePath(path: string): string | undefined {
  const segments = path.split('/');
  const at = segments.findIndex((segment, n) => n < segments.length - 1 && isDirectory(segment));
  if (at < 0) return undefined;
  const candidate = segments.slice(at).join('/');
  return partOf(candidate) !== undefined || locateFile(metadataTypes(), asPackaged(candidate)) !== undefined
    ? candidate
    : undefined;
}

function isDirectory(name: string): boolean {
  return metadataTypes().inDirectory(name).length > 0;
}

/** The path of a file as the Metadata API has it: `permissionsets/A.permissionset`. */
function asPackaged(path: string): string {
  const [directory = '', ...rest] = path.split('/');
  const decomposed = metadataTypes()
    .inDirectory(directory)
    .find(({ name }) => name === 'CustomObject' || name === 'CustomObjectTranslation');
  // The file of an object lies in a folder of the object's name.
  const below = decomposed && rest.length === 2 ? rest[1] : rest.join('/');
  const isFile = metadataTypes()
    .inDirectory(directory)
    .some(({ shape, suffix }) => shape === 'file' && suffix !== undefined && path.endsWith(`.${suffix}-meta.xml`));
  const packaged = `${directory}/${below ?? ''}`;
  // A static resource keeps the ending of what it holds.
  if (directory === 'staticresources' && rest.length === 1 && !path.endsWith('-meta.xml')) {
    return packaged.replace(/\.\w+$/, '.resource');
  }
  return isFile ? packaged.replace(/-meta\.xml$/, '') : packaged;
}

function partOf(path: string): Omit<Part, 'path'> | undefined {
  const [directory = '', parentName = '', ...rest] = path.split('/');
  for (const parent of metadataTypes().inDirectory(directory)) {
    if (parent.name !== 'CustomObject' && parent.name !== 'CustomObjectTranslation') continue;
    const child = parent.children?.find(({ directory: folder, suffix }) => {
      const isTranslation = parent.name === 'CustomObjectTranslation';
      const isPlace = isTranslation ? rest.length === 1 : rest.length === 2 && rest[0] === folder;
      return isPlace && (rest.at(-1) ?? '').endsWith(`.${suffix ?? ''}-meta.xml`);
    });
    if (child) return { parent, child, parentName };
  }
  return undefined;
}

/** Reads the file of a part. The translation of a field becomes part of the translation of its object. */
function readPart({ child, parent, parentName, path }: Part, components: Component[], bytes: Uint8Array): FileContent {
  const name = (path.split('/').at(-1) ?? '').replace(`.${child.suffix ?? ''}-meta.xml`, '');
  const fullName = `${parentName}.${name}`;
  const content = readFile({ typeName: child.name, fullName, fileName: path }, bytes);
  const declared = text(content.components[0]?.root, 'fullName');
  if (declared !== undefined && declared !== name) {
    const problem = `An object '${fullName}' of type ${child.name} was named in package.xml, but was not found in zipped directory`;
    return { components: [], faults: [{ type: child.name, fullName, fileName: path, problem }] };
  }
  if (parent.name !== 'CustomObjectTranslation') return content;
  const owner = components.find(({ type, fullName: other }) => type === parent.name && other === parentName);
  const elements = content.components.map(({ root }) => ({ ...root, name: child.element }));
  owner?.root.children.push(...elements);
  return { components: [], faults: content.faults };
}

function withSourceName(component: Component, names: Map<string, string>): Component {
  const { fileName, files } = component;
  const first = [...files.keys()][0];
  // A bundle is a folder, which has no name of its own in the table.
  const folder = first === undefined ? undefined : (names.get(first) ?? first).replace(/\/[^/]*$/, '');
  return { ...component, fileName: names.get(fileName) ?? (names.has(fileName) ? fileName : (folder ?? fileName)) };
}

function unknownFile(path: string): DeployFault {
  return { type: '', fullName: path, fileName: path, problem: 'This is no file of a metadata type' };
}
