'use strict';

const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { packagedFields, readProject, REPOSITORY } = require('./lib/project');

const SCRIPT = path.join(REPOSITORY, 'scripts/admin-kit.mjs');
const KIT = path.join(REPOSITORY, 'unpackaged/admin-kit');

describe('the admin kit, written for an org', () => {
  let out;
  beforeEach(() => {
    out = fs.mkdtempSync(path.join(os.tmpdir(), 'admin-kit-'));
  });
  afterEach(() => fs.rmSync(out, { recursive: true }));

  const write = (...flags) => execFileSync(process.execPath, [SCRIPT, '--out', out, ...flags], { encoding: 'utf8' });
  const filesOf = (folder) =>
    fs
      .readdirSync(folder, { recursive: true })
      .filter((file) => fs.statSync(path.join(folder, file)).isFile() && !file.endsWith('README.md'))
      .sort();
  const textOf = (folder) => filesOf(folder).map((file) => fs.readFileSync(path.join(folder, file), 'utf8'));

  it('is the same without a namespace', () => {
    write();
    expect(filesOf(path.join(out, 'admin-kit'))).toEqual(filesOf(KIT));
    expect(textOf(path.join(out, 'admin-kit'))).toEqual(textOf(KIT));
  });

  it('has the namespace in front of every name of the package and of no other', () => {
    write('--namespace', 'acme');
    const names = [...new Set(packagedFields(readProject()).map(({ name }) => name))];
    const expected = textOf(KIT).map((text) =>
      names.reduce((before, name) => before.replace(new RegExp(`\\b${name}\\b`, 'g'), `acme__${name}`), text),
    );
    const written = textOf(path.join(out, 'admin-kit'));
    expect(written.join()).toContain('acme__Event_Status__c');
    expect(written).toEqual(expected);
  });

  it('is a project that the Salesforce CLI takes', () => {
    expect(write()).toMatch(/^cd .+ && sf project deploy start --source-dir admin-kit\n$/);
    expect(JSON.parse(fs.readFileSync(path.join(out, 'sfdx-project.json'), 'utf8'))).toEqual({
      packageDirectories: [{ path: 'admin-kit', default: true }],
      sourceApiVersion: '67.0',
    });
  });

  it.each([
    ['a namespace that is none', ['--namespace', '1acme'], /is no namespace/],
    ['a flag that it does not know', ['--prefix', 'acme'], /Unknown option/],
    ['a folder that holds the project', ['--out', REPOSITORY], /holds the project itself/],
  ])('refuses %s', (_title, flags, expected) => {
    const { status, stderr } = spawnSync(process.execPath, [SCRIPT, ...flags], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(expected) });
  });
});
