import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

let names: Set<string> | undefined;

/** The user permissions that a permission set may grant: the fields `Permissions…` of the object PermissionSet, read once. */
export function userPermissionNames(): Set<string> {
  if (!names) {
    const file = join(dirname(require.resolve('@salesforce/types/tooling')), 'tooling.d.ts');
    const found = readFileSync(file, 'utf8').matchAll(/^ {4}Permissions(\w+)\?: boolean;$/gm);
    names = new Set([...found].map(([, name = '']) => name));
  }
  return names;
}
