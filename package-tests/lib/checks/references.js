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
    bundles: named('LightningComponentBundle', ({ name }) => name),
    pages: named('FlexiPage', ({ name }) => name),
    tabs: named('CustomTab', ({ name }) => name),
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

/** The target that a component needs behind a quick action, and on a page of each type. */
const ACTION_TARGET = 'lightning__RecordAction';
const PAGE_TARGETS = { AppPage: 'lightning__AppPage', RecordPage: 'lightning__RecordPage' };

/** @returns {string[]} the places that a component is made for; none for one that administrators do not see */
function targetsOf({ root }) {
  if (textOf(root, 'isExposed') !== 'true') return [];
  return childrenOf(root, 'targets').flatMap((targets) =>
    childrenOf(targets, 'target').map((target) => String(target)),
  );
}

/** What is wrong with a component in a place. */
function findPlaceFaults(name, target, bundles) {
  const bundle = bundles.get(name);
  if (!bundle) return [`uses the component ${name}, which is not in the package`];
  return targetsOf(bundle).includes(target) ? [] : [`uses the component ${name}, which has no target ${target}`];
}

/**
 * A quick action runs a component of the package that is made for it, in the same way: with a panel, or without.
 * @type {import('../project').Check}
 */
const checkQuickActions = checkEach('QuickAction', ({ root }, { bundles }) => {
  const name = textOf(root, 'lightningWebComponent') ?? '';
  const faults = findPlaceFaults(name, ACTION_TARGET, bundles);
  if (faults.length > 0) return faults;
  const made = childrenOf(bundles.get(name).root, 'targetConfigs')
    .flatMap((configs) => childrenOf(configs, 'targetConfig'))
    .map((config) => textOf(config, 'actionType'))
    .find(Boolean);
  const wanted = textOf(root, 'actionSubtype');
  return made === wanted ? [] : [`is of the subtype ${wanted}, but ${name} is made as ${made}`];
});

/**
 * A page shows components of the package that are made for it.
 * @type {import('../project').Check}
 */
const checkPages = checkEach('FlexiPage', ({ root }, { bundles }) => {
  const target = PAGE_TARGETS[textOf(root, 'type')];
  if (!target) return [`is of the type ${textOf(root, 'type')}, which no component of the package is made for`];
  return childrenOf(root, 'flexiPageRegions')
    .flatMap((region) => childrenOf(region, 'itemInstances'))
    .flatMap((item) => childrenOf(item, 'componentInstance'))
    .map((instance) => textOf(instance, 'componentName') ?? '')
    .flatMap((name) => findPlaceFaults(name, target, bundles));
});

/**
 * A tab opens a page of the package that stands by itself.
 * @type {import('../project').Check}
 */
const checkTabs = checkEach('CustomTab', ({ root }, { pages }) => {
  const name = textOf(root, 'flexiPage');
  const page = pages.get(name);
  if (!page) return [`opens the page ${name}, which is not in the package`];
  const type = textOf(page.root, 'type');
  return type === 'AppPage' ? [] : [`opens the page ${name}, which is a ${type}`];
});

/**
 * An app has tabs of the package, and those of the platform.
 * @type {import('../project').Check}
 */
const checkApps = checkEach('CustomApplication', ({ root }, { tabs }) =>
  childrenOf(root, 'tabs')
    .map((tab) => String(tab))
    .filter((name) => !name.startsWith('standard-') && !tabs.has(name))
    .map((name) => `has the tab ${name}, which is not in the package`),
);

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
  checkQuickActions,
  checkPages,
  checkTabs,
  checkApps,
};
