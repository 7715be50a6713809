/**
 * Writes the rights of the admin kit: what `booking-connector permissions` prints for the default settings, without the
 * fields of the package, which come with its permission set Booking Integration. Needs the build.
 *
 *   node scripts/admin-kit-rights.mjs [--check] [--file unpackaged/admin-kit/permissionsets/…]
 *
 * Exit 0; with --check nothing is written, and 1 when the file is another. 2 on wrong usage.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const KIT = 'unpackaged/admin-kit/permissionsets/Booking_API_User_Access.permissionset-meta.xml';
const INTEGRATION = 'force-app/main/default/permissionsets/Booking_Integration.permissionset-meta.xml';
const DESCRIPTION =
  'What the API user needs besides Booking Integration for the default settings, and nothing else: standard fields, objects and user permissions.';

const { check, file } = readFlags();
const wanted = kitRights(printedPermissions());
if (!check) writeFileSync(file, wanted);
else if (readFileSync(file, 'utf8') !== wanted) {
  console.error(`${file} is not what the default settings need. To write it: node scripts/admin-kit-rights.mjs`);
  process.exitCode = 1;
}

/** What the command prints where nobody has saved settings, and no org is connected. */
function printedPermissions() {
  const folder = mkdtempSync(join(tmpdir(), 'admin-kit-rights-'));
  try {
    const { PATH, HOME } = process.env;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(ROOT, 'middleware/bin/booking-connector.js'), 'permissions'],
      { encoding: 'utf8', env: { PATH, HOME, DATA_DIR: join(folder, 'data') } },
    );
    if (status !== 0) throw new Error(`"booking-connector permissions" failed: ${stderr}`);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same set under the kit's name, formatted as all metadata here, without what the package's set grants. */
function kitRights(printed) {
  const packaged = readFileSync(join(ROOT, INTEGRATION), 'utf8');
  return printed
    .replace('encoding="UTF-8"?>', 'encoding="UTF-8" ?>')
    .replace(/<description>.*<\/description>/, `<description>${DESCRIPTION}</description>`)
    .replace(/<label>.*<\/label>/, '<label>Booking API User Access</label>')
    .replace(/ *<fieldPermissions>[^]*?<\/fieldPermissions>\n/g, (row) =>
      packaged.includes(/<field>.*<\/field>/.exec(row)[0]) ? '' : row,
    );
}

function readFlags() {
  try {
    const options = { check: { type: 'boolean', default: false }, file: { type: 'string', default: join(ROOT, KIT) } };
    return parseArgs({ options }).values;
  } catch (error) {
    console.error(`${error.message}\nUsage: node scripts/admin-kit-rights.mjs [--check] [--file FILE]`);
    return process.exit(2);
  }
}
