'use strict';

const { componentsOf, packagedFields } = require('../project');
const { childrenOf, textOf } = require('../xml');

const SETTING = /\$CustomMetadata\.(?<type>\w+)\.(?<record>\w+)\.(?<field>\w+)/g;
const RESOURCE = /\$Resource\.(?<name>\w+)/g;
const OWN_FIELD = /(?<![\w.$])(?:(?<object>[A-Z]\w*)\.)?(?<field>[A-Z]\w*__c)\b/g;
const TEXT_LITERAL = /"[^"]*"/g;

/** What the package has, by name, to look references up in. */
function index(project) {
  const named = (type, nameOf) => new Map(componentsOf(project, type).map((each) => [nameOf(each), each]));
  return {
    fields: new Set(packagedFields(project).map(({ objectName, name }) => `${objectName}.${name}`)),
    settings: named('CustomMetadata', ({ objectName, name }) => `${objectName}__mdt.${name}`),
    resources: named('StaticResource', ({ name }) => name),
    reportTypes: named('ReportType', ({ name }) => name),
    reports: named('Report', ({ folder, name }) => `${folder}/${name}`),
    reportFolders: named('ReportFolder', ({ name }) => name),
    dashboardFolders: named('DashboardFolder', ({ name }) => name),
  };
}

/**
 * @param {string} type
 * @param {(component: import('../project').Component, found: ReturnType<typeof index>) => string[]} findFaults
 * @returns {import('../project').Check} over every component of the type
 */
const checkEach = (type, findFaults) => (project) => {
  const found = index(project);
  return componentsOf(project, type).flatMap((component) =>
    findFaults(component, found).map((problem) => ({ file: component.path, problem })),
  );
};

/** The fields, settings and static resources that a formula, or the URL of a button, uses are in the package. */
function findFormulaFaults(formula, objectName, { fields, settings, resources }) {
  const code = formula.replace(TEXT_LITERAL, '""');
  const missingSettings = [...code.matchAll(SETTING)].flatMap(({ groups: { type, record, field } }) => {
    if (!settings.has(`${type}.${record}`)) return [`uses the record ${type}.${record}, which is not in the package`];
    return fields.has(`${type}.${field}`) ? [] : [`uses ${type}.${field}, which is no field of the package`];
  });
  const missingResources = [...code.matchAll(RESOURCE)]
    .filter(({ groups: { name } }) => !resources.has(name))
    .map(({ groups: { name } }) => `uses the static resource ${name}, which is not in the package`);
  const ownFields = [...code.replace(SETTING, '').matchAll(OWN_FIELD)].flatMap(
    ({ groups: { object = objectName, field } }) => {
      if (object !== objectName) return [`uses ${object}.${field}, but belongs to ${objectName}`];
      return fields.has(`${object}.${field}`) ? [] : [`uses ${object}.${field}, which is no field of the package`];
    },
  );
  return [...new Set([...missingSettings, ...missingResources, ...ownFields])];
}

/** @type {import('../project').Check} */
const checkFormulas = checkEach('CustomField', ({ objectName, root }, found) =>
  findFormulaFaults(textOf(root, 'formula') ?? '', objectName, found),
);

/**
 * A button uses what is there, and leads somewhere even while its link is blank.
 * @type {import('../project').Check}
 */
const checkButtons = checkEach('WebLink', ({ objectName, root }, found) => {
  const url = textOf(root, 'url') ?? '';
  const faults = findFormulaFaults(url, objectName, found);
  if (!/^\{!IF\(ISBLANK\(/.test(url)) faults.push('does not say where it leads while its link is blank');
  if (textOf(root, 'openType') === 'newWindow' && !(textOf(root, 'height') && textOf(root, 'width')))
    faults.push('opens a new window without height and width, which an org refuses');
  return faults;
});

/**
 * A record of settings sets fields that its type has, each once.
 * @type {import('../project').Check}
 */
const checkSettings = checkEach('CustomMetadata', ({ objectName, root }, { fields }) => {
  const names = childrenOf(root, 'values').map((value) => textOf(value, 'field'));
  return [
    ...names
      .filter((name) => !fields.has(`${objectName}__mdt.${name}`))
      .map((name) => `sets ${name}, which is no field of ${objectName}__mdt`),
    ...names.filter((name, place) => names.indexOf(name) !== place).map((name) => `sets ${name} twice`),
  ];
});

/**
 * A report type shows fields of the package that exist.
 * @type {import('../project').Check}
 */
const checkReportTypes = checkEach('ReportType', ({ root }, { fields }) =>
  columnsOf(root)
    .filter((name) => name.endsWith('__c') && !fields.has(name))
    .map((name) => `shows ${name}, which is no field of the package`),
);

/** @returns {string[]} the columns of a report type, as `Activity.Subject` */
function columnsOf(reportType) {
  return childrenOf(reportType, 'sections').flatMap((section) =>
    childrenOf(section, 'columns').map((column) => `${textOf(column, 'table')}.${textOf(column, 'field')}`),
  );
}

/**
 * A report lies in a folder of the package, is of a report type of the package, and uses columns that it has.
 * @type {import('../project').Check}
 */
const checkReports = checkEach('Report', ({ folder, root }, { reportTypes, reportFolders }) => {
  const faults = reportFolders.has(folder) ? [] : [`lies in the folder ${folder}, which is not in the package`];
  const typeName = (textOf(root, 'reportType') ?? '').replace(/__c$/, '');
  const reportType = reportTypes.get(typeName);
  if (!reportType) return [...faults, `is of the report type ${typeName}, which is not in the package`];
  const columns = columnsOf(reportType.root).map((name) => name.replace('.', '$'));
  const used = new Set([
    ...childrenOf(root, 'columns').map((column) => textOf(column, 'field')),
    ...groupingsOf(root),
    ...childrenOf(root, 'chart').map((chart) => textOf(chart, 'groupingColumn')),
    ...childrenOf(root, 'timeFrameFilter').map((filter) => textOf(filter, 'dateColumn')),
    ...childrenOf(root, 'filter').flatMap((filter) =>
      childrenOf(filter, 'criteriaItems').map((item) => textOf(item, 'column')),
    ),
  ]);
  return [
    ...faults,
    ...[...used]
      .filter((name) => !columns.includes(name))
      .map((name) => `uses ${name}, which is no column of its type`),
  ];
});

function groupingsOf(report) {
  return childrenOf(report, 'groupingsDown').map((grouping) => textOf(grouping, 'field'));
}

/**
 * A dashboard lies in a folder of the package, and shows reports of the package by what they are grouped by.
 * @type {import('../project').Check}
 */
const checkDashboards = checkEach('Dashboard', ({ folder, root }, { reports, dashboardFolders }) => {
  const faults = dashboardFolders.has(folder) ? [] : [`lies in the folder ${folder}, which is not in the package`];
  const parts = childrenOf(root, 'dashboardGridLayout')
    .flatMap((layout) => childrenOf(layout, 'dashboardGridComponents'))
    .flatMap((cell) => childrenOf(cell, 'dashboardComponent'));
  return [
    ...faults,
    ...parts.flatMap((part) => {
      const name = textOf(part, 'report');
      const report = reports.get(name);
      if (!report) return [`shows the report ${name}, which is not in the package`];
      const groupings = groupingsOf(report.root);
      return childrenOf(part, 'groupingColumn')
        .filter((column) => !groupings.includes(column))
        .map((column) => `groups ${name} by ${column}, which the report does not`);
    }),
  ];
});

/** @returns {import('../project').Check} over the layouts of a type: the package's fields on them exist */
const checkLayoutsOf = (type, fieldsOf) =>
  checkEach(type, ({ objectName, root }, { fields }) =>
    fieldsOf(root)
      .map((name) => `${objectName === 'Event' ? 'Activity' : objectName}.${name}`)
      .filter((name) => name.endsWith('__c') && !fields.has(name))
      .map((name) => `shows ${name}, which is no field of the package`),
  );

/** @type {import('../project').Check} */
const checkLayouts = checkLayoutsOf('Layout', (root) =>
  childrenOf(root, 'layoutSections')
    .flatMap((section) => childrenOf(section, 'layoutColumns'))
    .flatMap((column) => childrenOf(column, 'layoutItems'))
    .map((item) => textOf(item, 'field') ?? ''),
);

/** @type {import('../project').Check} */
const checkCompactLayouts = checkLayoutsOf('CompactLayout', (root) => childrenOf(root, 'fields'));

/**
 * An e-mail template merges fields of the package that exist.
 * @type {import('../project').Check}
 */
function checkEmails(project) {
  const { fields } = index(project);
  return project.files
    .filter(({ path }) => path.endsWith('.email'))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/\{!(?<name>\w+\.\w+__c)\}/g)]
        .filter(({ groups: { name } }) => !fields.has(name))
        .map(({ groups: { name } }) => ({ file: path, problem: `merges ${name}, which is no field of the package` })),
    );
}

module.exports = {
  checkFormulas,
  checkButtons,
  checkSettings,
  checkReportTypes,
  checkReports,
  checkDashboards,
  checkLayouts,
  checkCompactLayouts,
  checkEmails,
};
