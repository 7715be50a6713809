'use strict';

const { componentsOf, recordFields } = require('../project');
const { OBJECTS_WITH_PERMISSIONS, READ_DEPENDS_ON, STANDARD_FIELDS } = require('../standard-fields');
const { childrenOf, textOf } = require('../xml');

/** The permission set that gives the API user every field of the package. */
const INTEGRATION = 'Booking_Integration';

/** What a packaged permission set keeps when it is installed. Anything else is dropped without a word. */
const PACKAGEABLE = [
  'description',
  'label',
  'hasActivationRequired',
  'fieldPermissions',
  'customMetadataTypeAccesses',
  'customPermissions',
  'applicationVisibilities',
  'tabSettings',
];

/** The user permissions that the API user needs, and all it may be given. */
const USER_PERMISSIONS = ['ActivitiesAccess', 'ApiEnabled', 'EditEvent'];

const isTrue = (row, element) => textOf(row, element) === 'true';

/** @returns {string[]} where a field of the package appears: one of Activity on Event and on Task */
function appearancesOf({ objectName, name }) {
  const objects = objectName === 'Activity' ? ['Event', 'Task'] : [objectName];
  return objects.map((object) => `${object}.${name}`);
}

/**
 * @param {(permissionSet: import('../project').Component, project: import('../project').Project) => string[]} findFaults
 * @returns {import('../project').Check} over every permission set
 */
const checkEach = (findFaults) => (project) =>
  componentsOf(project, 'PermissionSet').flatMap((permissionSet) =>
    findFaults(permissionSet, project).map((problem) => ({ file: permissionSet.path, problem })),
  );

/**
 * Every field that a permission set lists exists, once, and may be listed: a field of the package in a packaged
 * permission set, a standard field outside. A name with our `__c` outside the package would need the namespace that
 * it gets in a subscriber's org.
 */
const checkFieldReferences = checkEach(({ isPackaged, root }, project) => {
  const ownFields = new Map(
    recordFields(project).flatMap((field) => appearancesOf(field).map((name) => [name, field])),
  );
  const rows = childrenOf(root, 'fieldPermissions');
  const names = rows.map((row) => textOf(row, 'field'));
  const twice = names.filter((name, index) => names.indexOf(name) !== index).map((name) => `lists ${name} twice`);
  return [...twice, ...rows.flatMap((row) => findReferenceFaults(row, isPackaged, ownFields))];
});

function findReferenceFaults(row, isPackaged, ownFields) {
  const name = textOf(row, 'field') ?? '';
  const [object, field] = name.split('.');
  if (object === 'Activity') return [`lists ${name}: list Event.${field} and Task.${field} instead`];
  if (isTrue(row, 'editable') && !isTrue(row, 'readable')) return [`lets ${name} be edited but not read`];
  if (isPackaged && !ownFields.has(name)) return [`lists ${name}, which is no field of the package`];
  if (isPackaged && isTrue(ownFields.get(name).root, 'required')) return [`lists ${name}, which is required`];
  if (isPackaged && isTrue(row, 'editable') && isCalculated(ownFields.get(name)))
    return [`lets ${name} be edited, which is calculated`];
  if (!isPackaged && field?.endsWith('__c')) return [`lists ${name}: fields of the package belong into ${INTEGRATION}`];
  if (!isPackaged && !STANDARD_FIELDS[object]?.includes(field)) {
    return [`lists ${name}, which is not in STANDARD_FIELDS: does it exist, and may a permission set list it?`];
  }
  return [];
}

/** Apps and tabs that a permission set shows are of the package. */
const checkVisibilities = checkEach(({ root }, project) => {
  const [apps, tabs] = ['CustomApplication', 'CustomTab'].map((type) =>
    componentsOf(project, type).map(({ name }) => name),
  );
  const shown = (list, element) => childrenOf(root, list).map((row) => textOf(row, element) ?? '');
  return [
    ...shown('applicationVisibilities', 'application')
      .filter((name) => !apps.includes(name))
      .map((name) => `shows the app ${name}, which is not in the package`),
    ...shown('tabSettings', 'tab')
      .filter((name) => !tabs.includes(name))
      .map((name) => `shows the tab ${name}, which is not in the package`),
  ];
});

/**
 * Every app and every tab of the package is shown to somebody.
 * @type {import('../project').Check}
 */
function checkNothingHidden(project) {
  const sets = componentsOf(project, 'PermissionSet');
  const isShown = (list, element, name) =>
    sets.some(({ root }) => childrenOf(root, list).some((row) => textOf(row, element) === name));
  const hidden = (type, list, element) =>
    componentsOf(project, type)
      .filter(({ name }) => !isShown(list, element, name))
      .map(({ path }) => ({ file: path, problem: 'is shown by no permission set, so nobody sees it' }));
  return [
    ...hidden('CustomApplication', 'applicationVisibilities', 'application'),
    ...hidden('CustomTab', 'tabSettings', 'tab'),
  ];
}

/** Event and Task share their field permissions, and a row that is missing on one counts as no access. */
const checkActivityPairs = checkEach(({ root }) => {
  const names = childrenOf(root, 'fieldPermissions').map((row) => textOf(row, 'field') ?? '');
  const isShared = (field) =>
    field.endsWith('__c') || (STANDARD_FIELDS.Event.includes(field) && STANDARD_FIELDS.Task.includes(field));
  const missing = (from, to) =>
    names
      .filter((name) => name.startsWith(`${from}.`) && isShared(name.slice(from.length + 1)))
      .map((name) => name.replace(from, to))
      .filter((name) => !names.includes(name));
  return [...missing('Event', 'Task'), ...missing('Task', 'Event')].map(
    (name) => `does not list ${name}, its twin is there`,
  );
});

const isCalculated = ({ root }) => childrenOf(root, 'formula').length > 0;

/**
 * The API user can read and edit every field that the connector writes, on every object it appears on.
 * @type {import('../project').Check}
 */
function checkIntegrationIsComplete(project) {
  const integration = componentsOf(project, 'PermissionSet').find(
    ({ isPackaged, name }) => isPackaged && name === INTEGRATION,
  );
  if (!integration) return [{ file: INTEGRATION, problem: 'is missing' }];
  const granted = childrenOf(integration.root, 'fieldPermissions')
    .filter((row) => isTrue(row, 'readable') && isTrue(row, 'editable'))
    .map((row) => textOf(row, 'field'));
  return recordFields(project)
    .filter((field) => !isCalculated(field))
    .flatMap(appearancesOf)
    .filter((name) => !granted.includes(name))
    .map((name) => ({ file: integration.path, problem: `does not let ${name} be read and edited` }));
}

/** A packaged permission set holds only what survives an installation. */
const checkPackageable = checkEach(({ isPackaged, root }) =>
  isPackaged
    ? Object.keys(root)
        .filter((element) => !element.startsWith('@_') && !PACKAGEABLE.includes(element))
        .map((element) => `has ${element}, which a packaged permission set cannot carry`)
    : [],
);

/** Outside the package: the objects and rights that the middleware needs, and not one more. */
const checkLeastRights = checkEach(({ isPackaged, root }) => {
  if (isPackaged) return [];
  const objectRows = childrenOf(root, 'objectPermissions');
  const userRows = childrenOf(root, 'userPermissions');
  const readable = objectRows.filter((row) => isTrue(row, 'allowRead')).map((row) => textOf(row, 'object'));
  return [
    ...objectRows.flatMap((row) => findObjectFaults(row, readable)),
    ...userRows
      .map((row) => textOf(row, 'name'))
      .filter((name) => !USER_PERMISSIONS.includes(name))
      .map((name) => `grants the user permission ${name}, which the API user does without`),
    ...(childrenOf(root, 'license').length > 0
      ? ['is bound to a licence, so users of another licence cannot have it']
      : []),
  ];
});

function findObjectFaults(row, readable) {
  const object = textOf(row, 'object');
  if (!OBJECTS_WITH_PERMISSIONS.includes(object))
    return [`grants rights on ${object}, which is not in OBJECTS_WITH_PERMISSIONS`];
  const faults = [];
  for (const right of ['allowDelete', 'modifyAllRecords']) {
    if (isTrue(row, right)) faults.push(`grants ${right} on ${object}`);
  }
  for (const right of ['allowCreate', 'allowEdit', 'viewAllRecords']) {
    if (isTrue(row, right) && !isTrue(row, 'allowRead')) faults.push(`grants ${right} on ${object} without allowRead`);
  }
  for (const other of READ_DEPENDS_ON[object] ?? []) {
    if (!readable.includes(other)) faults.push(`grants ${object} without reading ${other}, which an org refuses`);
  }
  return faults;
}

module.exports = {
  checkFieldReferences,
  checkActivityPairs,
  checkIntegrationIsComplete,
  checkPackageable,
  checkLeastRights,
  checkVisibilities,
  checkNothingHidden,
};
