/**
 * Writes `metadata/types.json`: which file holds which metadata type. The table is taken from the registry of
 * @salesforce/source-deploy-retrieve (Apache-2.0), which the Salesforce CLI brings along.
 *
 *   scripts/prepare --salesforce-cli && node org-emulator/scripts/make-metadata-types.mjs
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LIBRARY = join(ROOT, 'tools/salesforce-cli/node_modules/@salesforce/source-deploy-retrieve');
const registry = JSON.parse(readFileSync(join(LIBRARY, 'lib/src/registry/metadataRegistry.json'), 'utf8'));
const { version } = JSON.parse(readFileSync(join(LIBRARY, 'package.json'), 'utf8'));

/** How the files of a type lie, by the adapter that reads them there. */
const SHAPES = {
  matchingContentFile: 'content',
  mixedContent: 'content',
  bundle: 'bundle',
  default: 'file',
  decomposed: 'file',
};

const types = Object.values(registry.types)
  .map((type) => {
    const { adapter } = type.strategies ?? {};
    const children = Object.values(type.children?.types ?? {}).map((child) => ({
      name: child.name,
      element: child.xmlElementName ?? child.directoryName,
      directory: child.directoryName,
      suffix: child.suffix,
    }));
    return {
      name: type.name,
      directory: type.directoryName,
      ...(type.suffix ? { suffix: type.suffix } : {}),
      shape: adapter === undefined ? 'file' : (SHAPES[adapter] ?? 'other'),
      ...(type.folderType ? { folder: registry.types[type.folderType].name } : {}),
      ...(type.folderContentType ? { folderOf: registry.types[type.folderContentType].name } : {}),
      ...(children.length > 0 ? { children } : {}),
    };
  })
  .sort((a, b) => a.name.localeCompare(b.name, 'en'));

const lines = types.map((type) => `    ${JSON.stringify(type)}`).join(',\n');
writeFileSync(
  join(ROOT, 'org-emulator/metadata/types.json'),
  `{\n  "source": "@salesforce/source-deploy-retrieve ${version}, metadataRegistry.json, Apache-2.0",\n  "types": [\n${lines}\n  ]\n}\n`,
);
console.log(`${types.length} types`);
