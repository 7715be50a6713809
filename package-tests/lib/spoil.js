'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { REPOSITORY, readProject } = require('./project');

/** Everything that readProject and the checks read. */
const READ_BY_CHECKS = ['force-app', 'unpackaged', 'config', 'sfdx-project.json'];

/**
 * One change to a copy of the project, given the copy's root.
 * @typedef {(root: string) => void} Edit
 */

/**
 * Runs a check on a copy of the project with something spoiled in it; the copy is removed afterwards.
 * @param {import('./project').Check} check
 * @param {Edit} edit
 * @returns {string[]} the problems found, each as "file: problem"
 */
function findProblemsAfter(check, edit) {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'spoiled-package-'));
  try {
    for (const entry of READ_BY_CHECKS)
      fs.cpSync(path.join(REPOSITORY, entry), path.join(root, entry), { recursive: true });
    edit(root);
    return check(readProject(root)).map(({ file, problem }) => `${file}: ${problem}`);
  } finally {
    fs.rmSync(root, { recursive: true });
  }
}

/**
 * @param {string} file relative to the project
 * @param {string | RegExp} from what the file holds; its first occurrence is replaced
 * @param {string} to
 * @returns {Edit} it throws when the file does not hold the text, so that no case spoils nothing
 */
const replace = (file, from, to) => (root) => {
  const text = fs.readFileSync(path.join(root, file), 'utf8');
  const spoiled = text.replace(from, () => to);
  if (spoiled === text) throw new Error(`${file} does not hold ${from}`);
  fs.writeFileSync(path.join(root, file), spoiled);
};

/**
 * @param {string} file
 * @param {string} text
 * @returns {Edit}
 */
const write = (file, text) => (root) => {
  fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  fs.writeFileSync(path.join(root, file), text);
};

/**
 * @param {string} from
 * @param {string} to
 * @returns {Edit}
 */
const move = (from, to) => (root) => {
  fs.mkdirSync(path.dirname(path.join(root, to)), { recursive: true });
  fs.renameSync(path.join(root, from), path.join(root, to));
};

/**
 * @param {string} file
 * @returns {Edit}
 */
const remove = (file) => (root) => fs.rmSync(path.join(root, file));

/**
 * Declares the tests of a check: it finds nothing in the project, and finds each planted mistake.
 * @param {import('./project').Check} check
 * @param {[title: string, edit: Edit, expected: RegExp][]} mistakes
 */
function testCheck(check, mistakes) {
  it('finds nothing wrong in the package', () => {
    expect(check(readProject())).toEqual([]);
  });

  it.each(mistakes)('finds %s', (_title, edit, expected) => {
    expect(findProblemsAfter(check, edit)).toEqual(expect.arrayContaining([expect.stringMatching(expected)]));
  });
}

module.exports = { testCheck, replace, write, move, remove };
