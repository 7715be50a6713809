'use strict';

const path = require('node:path');

const root = path.join(__dirname, '..');
const { jestConfig } = require('@salesforce/sfdx-lwc-jest/config');

/** Tests of the components, which lie beside them as the Salesforce tools expect it. */
module.exports = {
  ...jestConfig,
  rootDir: root,
  roots: ['<rootDir>/force-app'],
  moduleNameMapper: { '^lightning/navigation$': path.join(__dirname, 'mocks', 'navigation.js') },
  setupFilesAfterEnv: [...jestConfig.setupFilesAfterEnv, require.resolve('./setup.js')],
};
