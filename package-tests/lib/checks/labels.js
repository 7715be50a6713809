'use strict';

const { componentsOf } = require('../project');
const { childrenOf, textOf } = require('../xml');

/** The languages that the package speaks besides its own. */
const LANGUAGES = ['de', 'ja'];
/** The longest text and description that an org takes. */
const MAX_VALUE = 1000;
const MAX_DESCRIPTION = 80;

/**
 * Every text of a component is a label that exists, every label is used, says what it is for, and is translated.
 * @type {import('../project').Check}
 */
function checkLabels(project) {
  const [file] = componentsOf(project, 'CustomLabels');
  const labels = file ? childrenOf(file.root, 'labels') : [];
  const names = labels.map((label) => textOf(label, 'fullName'));
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  const imported = importedLabels(project);
  const used = new Set(imported.map(({ name }) => name));
  const problems = [
    ...twice.map((name) => ({ file: file.path, problem: `has the label ${name} twice` })),
    ...labels.flatMap((label) => findLabelFaults(label, used).map((problem) => ({ file: file.path, problem }))),
    ...imported
      .filter(({ name }) => !names.includes(name))
      .map(({ path, name }) => ({ file: path, problem: `imports the label ${name}, which does not exist` })),
  ];
  return [...problems, ...LANGUAGES.flatMap((language) => checkTranslation(project, language, names))];
}

/** The custom labels that code imports, with the file that does. */
function importedLabels({ files }) {
  return files
    .filter(({ path }) => path.endsWith('.js') && !path.includes('/__tests__/'))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/@salesforce\/label\/c\.(\w+)/g)].map(([, name]) => ({ path, name })),
    );
}

function findLabelFaults(label, used) {
  const name = textOf(label, 'fullName');
  const faults = [];
  if (!used.has(name)) faults.push(`has the label ${name}, which nothing uses`);
  if (!textOf(label, 'value')) faults.push(`has no text for ${name}`);
  if ((textOf(label, 'value') ?? '').length > MAX_VALUE)
    faults.push(`has a text for ${name} that an org does not take`);
  const description = textOf(label, 'shortDescription') ?? '';
  if (description === '' || description.length > MAX_DESCRIPTION) {
    faults.push(`has a description for ${name} of ${description.length} characters, expected 1 to ${MAX_DESCRIPTION}`);
  }
  // An unprotected label could never be taken away again.
  if (textOf(label, 'protected') !== 'true') faults.push(`has the label ${name}, which is not protected`);
  return faults;
}

function checkTranslation(project, language, names) {
  const file = componentsOf(project, 'Translations').find(({ name }) => name === language);
  if (!file) return [{ file: 'force-app', problem: `has no translation into ${language}` }];
  const rows = childrenOf(file.root, 'customLabels');
  const translated = rows.filter((row) => textOf(row, 'label')).map((row) => textOf(row, 'name'));
  const missing = names.filter((name) => !translated.includes(name));
  const extra = translated.filter((name) => !names.includes(name));
  return [
    ...missing.map((name) => `does not translate ${name}`),
    ...extra.map((name) => `translates ${name}, which is no label`),
  ].map((problem) => ({ file: file.path, problem }));
}

module.exports = { checkLabels };
