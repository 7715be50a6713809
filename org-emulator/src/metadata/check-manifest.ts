import type { Component } from './component';
import type { DeployFault } from './deploy-fault';
import type { MetadataTypes } from './metadata-types';
import type { FileContent } from './read-file';

/** What a `package.xml` says. */
export interface Manifest {
  /** Names of components by type; `*` stands for all of them. */
  members: Map<string, Set<string>>;
  version: string | undefined;
}

/**
 * Holds the files of a package against its manifest: what it names must be there, what it does not name is left alone.
 */
export function checkManifest(types: MetadataTypes, manifest: Manifest, content: FileContent): FileContent {
  const faults: DeployFault[] = [];
  const problem = (fullName: string, text: string): void => {
    faults.push({ type: '', fullName, fileName: 'package.xml', problem: text });
  };
  for (const [name, members] of manifest.members) {
    const refusal = types.refusalOf(name);
    if (refusal !== undefined) {
      problem(name, refusal);
      continue;
    }
    const inFolder = types.all.find(({ folderOf }) => folderOf === name)?.name;
    for (const member of members) {
      if (member === '*') continue;
      const is = (entry: { type: string; fullName: string }): boolean =>
        (entry.type === name || entry.type === inFolder) && entry.fullName.toLowerCase() === member.toLowerCase();
      // What was not understood was there all the same, and is told as such.
      if (content.components.some(is) || content.faults.some(is) || liesInFault(types, name, member, content)) continue;
      problem(
        member,
        `An object '${member}' of type ${name} was named in package.xml, but was not found in zipped directory`,
      );
    }
  }
  const isNamed = (component: Component): boolean => named(types, manifest, component);
  return {
    components: content.components.filter(isNamed),
    faults: [...faults, ...content.faults],
  };
}

/** Whether a part belongs to a file that could not be read. */
function liesInFault(types: MetadataTypes, name: string, member: string, content: FileContent): boolean {
  const parent = types.parentOf(name)?.parent.name;
  if (parent === undefined) return false;
  const parentName = parent === 'CustomLabels' ? parent : member.slice(0, member.indexOf('.'));
  return content.faults.some(({ type, fullName }) => type === parent && fullName === parentName);
}

/** Whether a manifest names a component, its parent, or all of its type. */
function named(types: MetadataTypes, { members }: Manifest, { type, fullName }: Component): boolean {
  const has = (typeName: string, name: string): boolean => {
    const names = members.get(typeName);
    return names !== undefined && (names.has('*') || [...names].some((other) => sameName(other, name)));
  };
  const contentType = types.type(type)?.folderOf;
  if (has(type, fullName) || (contentType !== undefined && has(contentType, fullName))) return true;
  // The file of an object that is not named itself is the frame of the fields in it.
  const parent = types.parentOf(type)?.parent.name;
  return parent !== undefined && has(parent, parent === 'CustomLabels' ? parent : (fullName.split('.')[0] ?? ''));
}

function sameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
