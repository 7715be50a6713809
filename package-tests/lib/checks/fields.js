'use strict';

const { packagedFields } = require('../project');
const { EVENT_STATUSES, FROZEN_FIELDS } = require('../frozen-fields');
const { childrenOf, textOf } = require('../xml');

const FROZEN_PROPERTIES = ['type', 'length', 'externalId', 'unique', 'caseSensitive'];

/** API names of custom fields: letters, digits and single underscores, at most 40 characters before the suffix. */
const FIELD_NAME = /^(?=.{1,43}$)[A-Za-z](?:_?[A-Za-z0-9])*__c$/;

/**
 * The fields of the package are those of FROZEN_FIELDS, unchanged.
 * @type {import('../project').Check}
 */
function checkFrozenFields(project) {
  const fields = new Map(packagedFields(project).map((field) => [`${field.objectName}.${field.name}`, field]));
  const gone = Object.keys(FROZEN_FIELDS)
    .filter((name) => !fields.has(name))
    .map((name) => ({ file: name, problem: 'is gone: subscribers keep a released field for ever' }));
  const differing = [...fields].flatMap(([name, { path, root }]) => {
    const frozen = FROZEN_FIELDS[name];
    if (!frozen) return [{ file: path, problem: `${name} has no row in FROZEN_FIELDS` }];
    return FROZEN_PROPERTIES.filter((property) => textOf(root, property) !== frozen[property]?.toString()).map(
      (property) => ({
        file: path,
        problem: `${property} is ${textOf(root, property)}, frozen as ${frozen[property]}`,
      }),
    );
  });
  return [...gone, ...differing];
}

/**
 * What an org asks of a field though the metadata schema leaves it open, and that nothing is universally required:
 * a required field would stop every other writer of the object and cannot be listed in a permission set.
 * @type {import('../project').Check}
 */
function checkFieldRules(project) {
  return packagedFields(project).flatMap((field) =>
    findFieldFaults(field).map((problem) => ({ file: field.path, problem })),
  );
}

function findFieldFaults({ name, root }) {
  const has = (element) => childrenOf(root, element).length > 0;
  const type = textOf(root, 'type');
  const faults = ['label', 'type'].filter((element) => !textOf(root, element)).map((element) => `has no ${element}`);
  if (!FIELD_NAME.test(name)) faults.push(`${name} is no API name that an org accepts`);
  if (textOf(root, 'required') === 'true') faults.push('is universally required');
  if (type === 'Text' && !has('formula') && !(textOf(root, 'length') >= 1 && textOf(root, 'length') <= 255)) {
    faults.push(`has the length ${textOf(root, 'length')}, a Text has 1 to 255`);
  }
  if (textOf(root, 'unique') === 'true' && !has('caseSensitive')) {
    faults.push('is unique but does not say whether case counts (caseSensitive)');
  }
  if (type === 'Picklist' && !has('valueSet')) faults.push('is a picklist without values');
  return faults;
}

/**
 * Event_Status__c offers exactly the statuses that the middleware writes, restricts nothing (a subscriber may rename
 * or delete values, and a booking is still to be written) and sets nothing by default (most Activities are no booking).
 * @type {import('../project').Check}
 */
function checkEventStatus(project) {
  const field = packagedFields(project).find(({ name }) => name === 'Event_Status__c');
  if (!field) return [{ file: 'Activity.Event_Status__c', problem: 'is missing' }];
  const [valueSet] = childrenOf(field.root, 'valueSet');
  const [definition] = childrenOf(valueSet, 'valueSetDefinition');
  const values = childrenOf(definition, 'value');
  const problems = [];
  const names = values.map((value) => textOf(value, 'fullName'));
  if (names.join() !== EVENT_STATUSES.join())
    problems.push(`offers ${names.join(', ')}, expected ${EVENT_STATUSES.join(', ')}`);
  if (textOf(valueSet, 'restricted') !== 'false') problems.push('restricts its values');
  if (textOf(definition, 'sorted') !== 'false') problems.push('sorts its values instead of keeping the order of life');
  for (const value of values) {
    const name = textOf(value, 'fullName');
    if (textOf(value, 'default') !== 'false') problems.push(`sets ${name} by default`);
    if (textOf(value, 'isActive') === 'false') problems.push(`has the inactive value ${name}`);
    if (textOf(value, 'label') !== name) problems.push(`labels ${name} as ${textOf(value, 'label')}`);
  }
  return problems.map((problem) => ({ file: field.path, problem }));
}

module.exports = { checkFrozenFields, checkFieldRules, checkEventStatus };
