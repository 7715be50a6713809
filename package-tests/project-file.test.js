'use strict';

const { checkProjectFile } = require('./lib/checks/project-file');
const { remove, replace, testCheck, write } = require('./lib/spoil');

const PROJECT = 'sfdx-project.json';
const DEFINITION = 'config/project-scratch-def.json';

describe('sfdx-project.json', () => {
  testCheck(checkProjectFile, [
    ['a missing file', remove(PROJECT), /is missing or no JSON/],
    ['broken JSON', write(PROJECT, '{'), /is missing or no JSON/],
    ['another API version', replace(PROJECT, '"67.0"', '"99.0"'), /has API version 99.0/],
    ['a namespace', replace(PROJECT, '"name":', '"namespace": "acme", "name":'), /has the namespace acme/],
    [
      'a folder that does not exist',
      replace(PROJECT, 'unpackaged/admin-kit', 'unpackaged/nothing'),
      /names unpackaged\/nothing/,
    ],
    [
      'the admin kit packaged',
      replace(PROJECT, '"unpackaged/admin-kit"', '"unpackaged/admin-kit", "package": "Kit"'),
      /packages unpackaged/,
    ],
    ['the package not packaged', replace(PROJECT, /"package": "[^"]*",/, ''), /does not package force-app/],
    ['no default folder', replace(PROJECT, '"default": true,', ''), /wrong default folder: force-app/],
    ['force-app not named', replace(PROJECT, '"path": "force-app"', '"path": "config"'), /does not name force-app/],
    [
      'a scratch org definition that is missing',
      remove(DEFINITION),
      /names config\/project-scratch-def.json, which is missing/,
    ],
    [
      'a package built where Person Accounts are on',
      replace(DEFINITION, '"hasSampleData"', '"features": ["PersonAccounts"], "hasSampleData"'),
      /builds the package with the feature PersonAccounts/,
    ],
  ]);
});
