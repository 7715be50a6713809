import type { Component } from './component';
import { faultOf, type DeployFault } from './deploy-fault';
import { locateFile, type Location } from './locate-file';
import type { MetadataTypes } from './metadata-types';
import { readFile, type FileContent } from './read-file';

interface Found {
  location: Location;
  xml?: { path: string; bytes: Uint8Array };
  files: Map<string, Uint8Array>;
}

/**
 * Reads the components of a package in the form of the Metadata API.
 *
 * @param files by their path below the root of the package.
 */
export function readComponents(types: MetadataTypes, files: Map<string, Uint8Array>): FileContent {
  const faults: DeployFault[] = [];
  const found = new Map<string, Found>();
  for (const [path, bytes] of files) {
    const location = locateFile(types, path);
    if (location === null) continue;
    if (!location) {
      faults.push({ type: '', fullName: path, fileName: path, problem: `Unknown file type: ${path}` });
      continue;
    }
    const key = `${location.type.name} ${location.fullName.toLowerCase()}`;
    const entry = found.get(key) ?? { location, files: new Map<string, Uint8Array>() };
    found.set(key, entry);
    if (location.part === 'xml') entry.xml = { path, bytes };
    else entry.files.set(path, bytes);
  }
  const contents = [...found.values()].map((entry) => readFound(entry));
  return {
    components: contents.flatMap(({ components }): Component[] => components),
    faults: [...faults, ...contents.flatMap((content) => content.faults)],
  };
}

function readFound({ location: { type, fullName }, xml, files }: Found): FileContent {
  const isBundle = type.shape === 'bundle';
  const firstFile = [...files.keys()][0] ?? '';
  // A bundle is told by its folder, everything else by the file that describes it.
  const described = xml?.path.replace(type.shape === 'content' ? /-meta\.xml$/ : /$^/, '');
  const fileName = isBundle ? `${type.directory}/${fullName}` : (described ?? firstFile);
  if (!xml) {
    const where = isBundle ? fileName : firstFile;
    const missing = isBundle ? `${where}/${fullName}.js-meta.xml` : `${where}-meta.xml`;
    const problem = `Missing metadata file: ${missing}`;
    return { components: [], faults: [faultOf({ type: type.name, fullName, fileName: where }, problem)] };
  }
  return readFile({ typeName: type.name, type, fullName, fileName, files }, xml.bytes);
}
