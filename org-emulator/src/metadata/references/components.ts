import type { Component } from '../component';
import type { Reference } from './reference';

const IMPORT = /^[ \t]*(?:import|export)\b[^;'"]*['"](?<module>[^'"]+)['"]/gm;
const TAG = /<c-(?<name>[a-z][a-z0-9-]*)[\s/>]/g;

/** What the code of a Lightning web component imports of the org: fields, labels, resources, other components. */
export function bundleReferences(component: Component): Reference[] {
  return [...component.files].flatMap(([path, bytes]) => {
    const file = path.split('/').at(-1) ?? path;
    const code = new TextDecoder().decode(bytes);
    if (path.endsWith('.js') || path.endsWith('.ts')) {
      return [...code.matchAll(IMPORT)].flatMap((match) => importReference(match.groups?.module ?? '', file));
    }
    if (!path.endsWith('.html')) return [];
    return [...code.matchAll(TAG)].map((match) => bundleReference(camelCase(match.groups?.name ?? ''), file));
  });
}

function importReference(module: string, file: string): Reference[] {
  const [scope = '', kind = '', ...rest] = module.split('/');
  const name = rest.join('/');
  if (scope === 'c') return [bundleReference(kind, file)];
  if (scope !== '@salesforce') return [];
  const invalid = (type: string, fullName: string, word: string): Reference => ({
    type,
    fullName,
    field: file,
    problem: `Invalid reference ${name} of type ${word} in file ${file}: Source`,
  });
  switch (kind) {
    case 'schema':
      if (!name.includes('.')) return [invalid('CustomObject', name, 'sobject')];
      return [invalid('CustomField', name, 'sobjectField')];
    case 'label':
      return [invalid('CustomLabel', name.replace(/^[^.]+\./, ''), 'label')];
    case 'resourceUrl':
      return [invalid('StaticResource', name, 'resource')];
    case 'customPermission':
      return [invalid('CustomPermission', name, 'customPermission')];
    case 'messageChannel':
      return [invalid('LightningMessageChannel', name.replace(/__c$/, ''), 'messageChannel')];
    case 'apex':
      return [invalid('ApexClass', name.split('.')[0] ?? name, 'apex')];
    default:
      return [];
  }
}

function bundleReference(name: string, file: string): Reference {
  const problem = `No MODULE named markup://c:${name} found in file ${file}`;
  return { type: 'LightningComponentBundle', fullName: name, field: file, problem };
}

function camelCase(tag: string): string {
  return tag.replace(/-([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}
