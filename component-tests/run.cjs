// Runs jest for the components. Salesforce's tools bring a jest of their own, older than that of the other tests, and
// look for the project in the folder where they are run.
const { createRequire } = require('node:module');
const path = require('node:path');

process.chdir(path.join(__dirname, '..'));
const theirs = createRequire(require.resolve('@salesforce/sfdx-lwc-jest/config'));
void theirs('jest').run(['--config', path.join(__dirname, 'jest.config.js'), ...process.argv.slice(2)]);
