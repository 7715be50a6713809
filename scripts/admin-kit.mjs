/**
 * Writes the admin kit as a project of its own that the Salesforce CLI deploys, with the package's namespace in front of
 * every name of the package. Without a namespace the names stay as they are.
 *
 *   node scripts/admin-kit.mjs [--namespace acme] [--out dist/admin-kit]
 *
 * Exit 0 and one line with the command to deploy it; 2 on wrong usage.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const KIT = join(ROOT, 'unpackaged/admin-kit');

/** What an org accepts as a namespace: 1 to 15 letters, digits and single underscores, a letter first. */
const NAMESPACE = /^(?=.{1,15}$)[A-Za-z](?:_?[A-Za-z0-9])*$/;

/** A custom name of the package inside metadata: a field or a custom metadata type, without a namespace yet. */
const PACKAGE_NAME = /(?<![\w])(?<name>[A-Za-z](?:_?[A-Za-z0-9])*__(?:c|mdt))\b/g;

const { namespace, out } = readFlags();
const target = resolve(out);
if (target === ROOT || ROOT.startsWith(`${target}/`)) fail(`${out} holds the project itself: choose another folder.`);

const packaged = new Set(namesOfThePackage());
rmSync(target, { recursive: true, force: true });
cpSync(KIT, join(target, 'admin-kit'), { recursive: true, filter: (file) => !file.endsWith('README.md') });
for (const file of filesBelow(join(target, 'admin-kit'))) {
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, namespace === '' ? text : text.replace(PACKAGE_NAME, withNamespace));
}
const project = {
  packageDirectories: [{ path: 'admin-kit', default: true }],
  sourceApiVersion: JSON.parse(readFileSync(join(ROOT, 'sfdx-project.json'), 'utf8')).sourceApiVersion,
};
mkdirSync(target, { recursive: true });
writeFileSync(join(target, 'sfdx-project.json'), `${JSON.stringify(project, null, 2)}\n`);
console.log(`cd ${relative(process.cwd(), target) || '.'} && sf project deploy start --source-dir admin-kit`);

function withNamespace(name) {
  return packaged.has(name) ? `${namespace}__${name}` : name;
}

/** The custom fields and custom metadata types in force-app, by the names of their files and folders. */
function namesOfThePackage() {
  return filesBelow(join(ROOT, 'force-app')).flatMap((file) => {
    const name = /\/(\w+)\.(?:field|object)-meta\.xml$/.exec(file)?.[1];
    return name === undefined ? [] : [name];
  });
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function readFlags() {
  try {
    const { values } = parseArgs({
      options: {
        namespace: { type: 'string', default: '' },
        out: { type: 'string', default: join(ROOT, 'dist/admin-kit') },
      },
    });
    if (values.namespace !== '' && !NAMESPACE.test(values.namespace))
      throw new Error(`"${values.namespace}" is no namespace: 1 to 15 letters, digits and single underscores.`);
    return values;
  } catch (error) {
    return fail(`${error.message}\nUsage: node scripts/admin-kit.mjs [--namespace acme] [--out dist/admin-kit]`);
  }
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
