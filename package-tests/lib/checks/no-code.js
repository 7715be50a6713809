'use strict';

const APEX_FILE = /\.(?:cls|trigger|page|component)(?:-meta\.xml)?$/;
const APEX_FOLDER = /(?:^|\/)(?:classes|triggers|pages|components)\//;
const APEX_IMPORT = /@salesforce\/apex/;

/**
 * There is no Apex and no Visualforce anywhere, nor a component that calls some: every line that ships runs in our
 * tests, and installation needs no code coverage.
 * @type {import('../project').Check}
 */
function checkNoApex({ files }) {
  return files.flatMap(({ path, text }) => {
    if (APEX_FILE.test(path) || APEX_FOLDER.test(path)) return [{ file: path, problem: 'is Apex or Visualforce' }];
    return APEX_IMPORT.test(text) ? [{ file: path, problem: 'imports Apex' }] : [];
  });
}

module.exports = { checkNoApex };
