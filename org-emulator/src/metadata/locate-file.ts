import type { MetadataType, MetadataTypes } from './metadata-types';

/** Which component a file belongs to. */
export interface Location {
  type: MetadataType;
  fullName: string;
  /** The XML that describes the component, or a file that belongs to it. */
  part: 'xml' | 'content';
}

/** Files in a bundle that tools keep there and no org takes. */
const TOOL_FILES = /(?:^|\/)(?:__tests__|__mocks__)\/|(?:^|\/)(?:jsconfig\.json|tsconfig\.json|\.eslintrc\.json)$/;

/**
 * Finds the component of a file by its path below the root of a package, `directory/…`, in the form that the Metadata
 * API takes.
 *
 * @returns undefined for a path that no metadata type has; null for a file that no org takes.
 */
export function locateFile(types: MetadataTypes, path: string): Location | undefined | null {
  const [directory = '', ...rest] = path.split('/');
  const candidates = types.inDirectory(directory);
  const below = rest.join('/');
  if (candidates.length === 0 || below === '') return undefined;
  const bundle = candidates.find(({ shape }) => shape === 'bundle');
  if (bundle) {
    const name = rest[0] ?? '';
    if (rest.length < 2 || TOOL_FILES.test(below)) return null;
    return { type: bundle, fullName: name, part: below.endsWith('-meta.xml') ? 'xml' : 'content' };
  }
  for (const type of candidates) {
    const ending = type.suffix === undefined ? undefined : `.${type.suffix}`;
    if (ending !== undefined && below.endsWith(`${ending}-meta.xml`)) {
      return { type, fullName: decodeName(below.slice(0, -`${ending}-meta.xml`.length)), part: 'xml' };
    }
    if (ending !== undefined && below.endsWith(ending)) {
      const part = type.shape === 'content' ? 'content' : 'xml';
      return { type, fullName: decodeName(below.slice(0, -ending.length)), part };
    }
    // A folder of reports is described by `reports/Name-meta.xml`.
    if (type.folderOf !== undefined && /^[^.]+-meta\.xml$/.test(below)) {
      return { type, fullName: decodeName(below.slice(0, -'-meta.xml'.length)), part: 'xml' };
    }
  }
  return undefined;
}

/** Characters that a file name cannot have are written as in an address. */
function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
