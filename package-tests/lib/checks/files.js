'use strict';

const { isContent, kindOf } = require('../project');
const { findXmlFault, textOf } = require('../xml');

const METADATA_NAMESPACE = 'http://soap.sforce.com/2006/04/metadata';

/** Files that may lie beside the metadata; .forceignore keeps them out of a deployment. */
const BESIDE_METADATA = /(?:^|\/)README\.md$/;

/**
 * Every file is well-formed metadata of a known kind, in its place, under its own name.
 * @type {import('../project').Check}
 */
function checkFiles({ files, components }) {
  return [...files.flatMap(checkFile), ...components.flatMap(checkComponent)];
}

function checkFile({ path, text }) {
  if (BESIDE_METADATA.test(path) || isContent(path)) return [];
  if (!kindOf(path)) {
    return [
      { file: path, problem: 'is no known kind of metadata in its place: see KINDS in package-tests/lib/project.js' },
    ];
  }
  const fault = findXmlFault(text);
  return fault ? [{ file: path, problem: `is not well-formed XML: ${fault}` }] : [];
}

function checkComponent({ path, type, name, objectName, folder, rootName, namespace, root }) {
  const problems = [];
  if (rootName !== type) problems.push(`has the root element ${rootName}, expected ${type}`);
  if (namespace !== METADATA_NAMESPACE)
    problems.push(`has the XML namespace ${namespace}, expected ${METADATA_NAMESPACE}`);
  const fullName = textOf(root, 'fullName');
  if (fullName !== undefined && fullName !== name) problems.push(`has the fullName ${fullName}, its file says ${name}`);
  if (type === 'CustomField' && fullName === undefined) problems.push('has no fullName');
  if (type === 'CustomObject' && name !== objectName) problems.push(`lies in the folder of ${objectName}`);
  if (type === 'LightningComponentBundle' && name !== folder) problems.push(`lies in the folder of ${folder}`);
  return problems.map((problem) => ({ file: path, problem }));
}

module.exports = { checkFiles };
