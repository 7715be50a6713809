'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { REPOSITORY } = require('./lib/project');

const SCRIPTS = path.join(REPOSITORY, 'scripts/salesforce');
const VERSION = '04tKB0000000001AAA';

/** A stand-in for the CLI: it notes how it was called, and where, and answers the one call whose answer is read. */
const STAND_IN = `#!/usr/bin/env bash
printf '%s|%s\\n' "$(basename "$PWD")" "$*" >> "$CALLS"
case "$*" in
  'package version create'*) echo '{"status":0,"result":{"SubscriberPackageVersionId":"${VERSION}"}}' ;;
esac
`;

describe('the scripts around the Salesforce CLI', () => {
  let folder;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'salesforce-scripts-'));
    fs.writeFileSync(path.join(folder, 'sf'), STAND_IN, { mode: 0o755 });
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  /** Runs a script with the stand-in first on the path; `calls` are the CLI's, as "folder|arguments". */
  function run(name, ...args) {
    const calls = path.join(folder, 'calls');
    const { status, stdout, stderr } = spawnSync(path.join(SCRIPTS, name), args, {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${folder}:${process.env.PATH}`, CALLS: calls },
    });
    const made = fs.existsSync(calls) ? fs.readFileSync(calls, 'utf8').trim().split('\n') : [];
    return { status, output: stdout + stderr, calls: made.map((call) => call.replace(/^[^|]*\|/, '')), made };
  }

  it('make a scratch org with source, admin kit, permission sets and sample data', () => {
    const { status, calls, made } = run('scratch-org', '--person-accounts', '--days', '3', 'demo');
    expect(status).toBe(0);
    expect(calls).toEqual([
      'org create scratch --definition-file config/person-accounts-scratch-def.json --alias demo --duration-days 3 --no-namespace --set-default',
      'project deploy start --source-dir force-app --target-org demo',
      'project deploy start --source-dir admin-kit --target-org demo',
      'org assign permset --name Booking_Admin --name Booking_Integration --name Booking_API_User_Access --target-org demo',
      'data import tree --plan config/sample-data/plan.json --target-org demo',
      'org open --target-org demo',
    ]);
    expect(made[2]).toMatch(/^admin-kit\|/);
  });

  it('deploy to a sandbox, and give the API user its permission sets', () => {
    expect(run('deploy', 'sandbox', 'api@example.com').calls).toEqual([
      'project deploy start --source-dir force-app --target-org sandbox',
      'project deploy start --source-dir admin-kit --target-org sandbox',
      'org assign permset --name Booking_Admin --target-org sandbox',
      'org assign permset --name Booking_Integration --name Booking_API_User_Access --on-behalf-of api@example.com --target-org sandbox',
    ]);
  });

  it('say when nobody is the API user yet', () => {
    expect(run('deploy', 'sandbox').output).toMatch(/No API user was named/);
  });

  it('install a package version with the namespace where the package needs it', () => {
    const { calls } = run('install-package', VERSION, 'production', 'acme', 'api@example.com');
    expect(calls).toEqual([
      `package install --package ${VERSION} --target-org production --security-type AdminsOnly --wait 30 --publish-wait 30 --no-prompt`,
      'project deploy start --source-dir admin-kit --target-org production',
      'org assign permset --name acme__Booking_Admin --target-org production',
      'org assign permset --name acme__Booking_Integration --name Booking_API_User_Access --on-behalf-of api@example.com --target-org production',
    ]);
  });

  it.each([
    ['package-version', [], 1, /has no namespace: register one/],
    ['package-version', ['--publish'], 2, /Usage: /],
    ['install-package', ['04x', 'production', 'acme'], 2, /Expected the id of a package version/],
    ['install-package', [VERSION], 2, /Usage: /],
    ['deploy', [], 2, /Usage: /],
    ['scratch-org', ['--days', '31'], 2, /--days 1 to 30/],
    ['scratch-org', ['--person-account'], 2, /Usage: /],
  ])('refuse: %s %j', (name, args, status, output) => {
    const answer = run(name, ...args);
    expect(answer).toMatchObject({ status, output: expect.stringMatching(output), calls: [] });
  });

  it.each(['scratch-org', 'deploy', 'package-version', 'install-package'])('explain themselves: %s --help', (name) => {
    expect(run(name, '--help')).toMatchObject({
      status: 0,
      output: expect.stringMatching(/^Usage: scripts\/salesforce\//),
    });
  });

  it('have sample data whose plan and references hold together', () => {
    const data = path.join(REPOSITORY, 'config/sample-data');
    const read = (file) => JSON.parse(fs.readFileSync(path.join(data, file), 'utf8'));
    const known = new Set();
    for (const { sobject, files } of read('plan.json')) {
      for (const { attributes, ...fields } of files.flatMap((file) => read(file).records)) {
        expect(attributes.type).toBe(sobject);
        // The CLI fills in the ids of what it has made so far.
        for (const value of Object.values(fields)) if (value.startsWith('@')) expect(known).toContain(value.slice(1));
        known.add(attributes.referenceId);
      }
    }
    expect(known.size).toBe(8);
  });
});
