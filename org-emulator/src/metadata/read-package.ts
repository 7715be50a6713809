import { unzipSync } from 'fflate';
import { parseXml, XmlFault } from '../xml/parse-xml';
import { children, text, type XmlElement } from '../xml/xml-element';
import { checkManifest, type Manifest } from './check-manifest';
import type { DeployFault } from './deploy-fault';
import { metadataTypes } from './metadata-types';
import type { Deletion, PackageContent } from './package-content';
import { readComponents } from './read-components';

const DESTRUCTIVE: [file: string, moment: Deletion['moment']][] = [
  ['destructiveChangesPre.xml', 'pre'],
  ['destructiveChanges.xml', 'post'],
  ['destructiveChangesPost.xml', 'post'],
];

/**
 * Understands the zip of a deployment.
 *
 * @param isSinglePackage whether `package.xml` lies at the root of the zip; else in the one folder there.
 */
export function readPackage(zip: Uint8Array, isSinglePackage: boolean): PackageContent {
  const nothing = { components: [], deletions: [] };
  let files: Map<string, Uint8Array>;
  try {
    files = filesOf(unzipSync(zip));
  } catch {
    return { ...nothing, faults: [packageFault('', 'The uploaded data is no zip file')] };
  }
  const root = isSinglePackage ? '' : `${[...files.keys()][0]?.split('/')[0] ?? ''}/`;
  files = below(files, root);
  const manifestBytes = files.get('package.xml');
  if (!manifestBytes) return { ...nothing, faults: [packageFault('package.xml', 'No package.xml found')] };
  const manifest = readManifest('package.xml', manifestBytes);
  if ('problem' in manifest) return { ...nothing, faults: [manifest] };
  const faults: DeployFault[] = [];
  const deletions = DESTRUCTIVE.flatMap(([fileName, moment]): Deletion[] => {
    const bytes = files.get(fileName);
    if (!bytes) return [];
    const destructive = readManifest(fileName, bytes);
    if ('problem' in destructive) {
      faults.push(destructive);
      return [];
    }
    const named = [...destructive.members];
    return named.flatMap(([type, names]) => [...names].map((fullName) => ({ type, fullName, fileName, moment })));
  });
  const parts = [...files].filter(([path]) => path.includes('/'));
  const content = readComponents(metadataTypes(), new Map(parts));
  const checked = checkManifest(metadataTypes(), manifest, content);
  return { components: checked.components, deletions, faults: [...faults, ...checked.faults] };
}

function filesOf(unzipped: Record<string, Uint8Array>): Map<string, Uint8Array> {
  // Folders are entries of their own, without content.
  return new Map(Object.entries(unzipped).filter(([path]) => !path.endsWith('/')));
}

function below(files: Map<string, Uint8Array>, root: string): Map<string, Uint8Array> {
  const inside = [...files].filter(([path]) => path.startsWith(root));
  return new Map(inside.map(([path, bytes]) => [path.slice(root.length), bytes]));
}

/** What a `package.xml` lists, by type. */
function readManifest(fileName: string, bytes: Uint8Array): Manifest | DeployFault {
  let root: XmlElement;
  try {
    root = parseXml(new TextDecoder().decode(bytes));
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error;
    const { line, column } = error;
    return { ...packageFault(fileName, `Error parsing file: ${error.message}`), line, column };
  }
  const members = new Map<string, Set<string>>();
  for (const types of children(root, 'types')) {
    const name = text(types, 'name');
    if (name === undefined) return packageFault(fileName, 'Required field is missing: name');
    // A folder may be written with a slash at its end.
    const names = children(types, 'members').map((member) => member.text.replace(/\/$/, ''));

    members.set(name, new Set([...(members.get(name) ?? []), ...names]));
  }
  return { members, version: text(root, 'version') };
}

function packageFault(fileName: string, problem: string): DeployFault {
  return { type: '', fullName: fileName, fileName, problem };
}
