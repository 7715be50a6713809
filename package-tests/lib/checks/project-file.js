'use strict';

const fs = require('node:fs');
const path = require('node:path');

const PROJECT_FILE = 'sfdx-project.json';
const API_VERSION = '67.0';

/**
 * sfdx-project.json names folders that exist, packages force-app alone, fixes the API version and no namespace, and
 * the package is built without optional features: one that is on at build time may hide a dependency on it.
 * @type {import('../project').Check}
 */
function checkProjectFile({ root }) {
  const project = readJson(root, PROJECT_FILE);
  if (!project) return [{ file: PROJECT_FILE, problem: 'is missing or no JSON' }];
  const problems = [];
  if (project.sourceApiVersion !== API_VERSION)
    problems.push(`has API version ${project.sourceApiVersion}, not ${API_VERSION}`);
  if (project.namespace) problems.push(`has the namespace ${project.namespace}: source is written without`);
  for (const directory of project.packageDirectories) {
    if (!fs.existsSync(path.join(root, directory.path))) problems.push(`names ${directory.path}, which does not exist`);
    const isPackage = directory.path === 'force-app';
    if (Boolean(directory.package) !== isPackage)
      problems.push(`${isPackage ? 'does not package' : 'packages'} ${directory.path}`);
    if (Boolean(directory.default) !== isPackage) problems.push(`has the wrong default folder: ${directory.path}`);
    if (directory.definitionFile) problems.push(...findDefinitionFaults(root, directory.definitionFile));
  }
  if (!project.packageDirectories.some((directory) => directory.path === 'force-app'))
    problems.push('does not name force-app');
  return problems.map((problem) => ({ file: PROJECT_FILE, problem }));
}

function findDefinitionFaults(root, definitionFile) {
  const definition = readJson(root, definitionFile);
  if (!definition) return [`names ${definitionFile}, which is missing or no JSON`];
  return (definition.features ?? []).map((feature) => `builds the package with the feature ${feature}`);
}

/** @returns {any} null when the file is missing or no JSON: the caller tells */
function readJson(root, file) {
  try {
    return JSON.parse(fs.readFileSync(path.join(root, file), 'utf8'));
  } catch {
    return null;
  }
}

module.exports = { checkProjectFile };
