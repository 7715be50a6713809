'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { findXmlFault, parseXml } = require('./xml');

/** The repository that holds this workspace. */
const REPOSITORY = path.resolve(__dirname, '../..');

/** What the package ships, and what an administrator deploys beside it. */
const SOURCE_FOLDERS = ['force-app', 'unpackaged'];

/**
 * The kinds of metadata that the package consists of: which file holds which metadata type, and where it lives.
 * A file of any other kind is a problem, so a new kind starts with a line here.
 */
const KINDS = [
  { type: 'CustomField', place: /(?:^|\/)objects\/(?<object>[^/]+)\/fields\/(?<name>[^/]+)\.field-meta\.xml$/ },
  { type: 'CustomObject', place: /(?:^|\/)objects\/(?<object>[^/]+)\/(?<name>[^/]+)\.object-meta\.xml$/ },
  { type: 'WebLink', place: /(?:^|\/)objects\/(?<object>[^/]+)\/webLinks\/(?<name>[^/]+)\.webLink-meta\.xml$/ },
  { type: 'CustomMetadata', place: /(?:^|\/)customMetadata\/(?<object>[^/.]+)\.(?<name>[^/]+)\.md-meta\.xml$/ },
  { type: 'PermissionSet', place: /(?:^|\/)permissionsets\/(?<name>[^/]+)\.permissionset-meta\.xml$/ },
  { type: 'StaticResource', place: /(?:^|\/)staticresources\/(?<name>[^/]+)\.resource-meta\.xml$/ },
  { type: 'ReportType', place: /(?:^|\/)reportTypes\/(?<name>[^/]+)\.reportType-meta\.xml$/ },
  { type: 'ReportFolder', place: /(?:^|\/)reports\/(?<name>[^/]+)\.reportFolder-meta\.xml$/ },
  { type: 'Report', place: /(?:^|\/)reports\/(?<folder>[^/]+)\/(?<name>[^/]+)\.report-meta\.xml$/ },
  { type: 'DashboardFolder', place: /(?:^|\/)dashboards\/(?<name>[^/]+)\.dashboardFolder-meta\.xml$/ },
  { type: 'Dashboard', place: /(?:^|\/)dashboards\/(?<folder>[^/]+)\/(?<name>[^/]+)\.dashboard-meta\.xml$/ },
  { type: 'Layout', place: /(?:^|\/)layouts\/(?<object>[^/-]+)-(?<name>[^/]+)\.layout-meta\.xml$/ },
  {
    type: 'CompactLayout',
    place: /(?:^|\/)objects\/(?<object>[^/]+)\/compactLayouts\/(?<name>[^/]+)\.compactLayout-meta\.xml$/,
  },
  { type: 'EmailFolder', place: /(?:^|\/)email\/(?<name>[^/]+)\.emailFolder-meta\.xml$/ },
  { type: 'EmailTemplate', place: /(?:^|\/)email\/(?<folder>[^/]+)\/(?<name>[^/]+)\.email-meta\.xml$/ },
  { type: 'QuickAction', place: /(?:^|\/)quickActions\/(?<object>[^/.]+)\.(?<name>[^/]+)\.quickAction-meta\.xml$/ },
  { type: 'FlexiPage', place: /(?:^|\/)flexipages\/(?<name>[^/]+)\.flexipage-meta\.xml$/ },
  { type: 'CustomTab', place: /(?:^|\/)tabs\/(?<name>[^/]+)\.tab-meta\.xml$/ },
  { type: 'CustomApplication', place: /(?:^|\/)applications\/(?<name>[^/]+)\.app-meta\.xml$/ },
  { type: 'CustomLabels', place: /(?:^|\/)labels\/(?<name>CustomLabels)\.labels-meta\.xml$/ },
  { type: 'Translations', place: /(?:^|\/)translations\/(?<name>[^/]+)\.translation-meta\.xml$/ },
  {
    type: 'LightningComponentBundle',
    place: /(?:^|\/)lwc\/(?<folder>[^/]+)\/(?<name>[^/]+)\.js-meta\.xml$/,
  },
];

/** Files that are the content of a component and no XML: the component's own file lies beside them. */
const CONTENT = [
  /(?:^|\/)staticresources\/[^/]+\.html$/,
  /(?:^|\/)email\/[^/]+\/[^/]+\.email$/,
  /(?:^|\/)lwc\/\w+\/(?:\w+\.(?:js|html|css)|__tests__\/\w+\.test\.js)$/,
];

/**
 * A file below one of SOURCE_FOLDERS.
 * @typedef {object} SourceFile
 * @property {string} path relative to the project, with forward slashes
 * @property {string} text
 */

/**
 * A piece of metadata, read from a well-formed file of a known kind.
 * @typedef {object} Component
 * @property {string} path of its file
 * @property {string} type by the file's name and place: one of KINDS
 * @property {string} name by the file's name
 * @property {string | undefined} objectName of what belongs to an object: by the folder, of a custom metadata record by the file
 * @property {string | undefined} folder of a report, a dashboard or a component bundle
 * @property {boolean} isPackaged whether it ships with the package
 * @property {string} rootName
 * @property {string | undefined} namespace
 * @property {import('./xml').XmlNode} root
 */

/**
 * Everything the checks look at.
 * @typedef {object} Project
 * @property {string} root absolute path
 * @property {SourceFile[]} files
 * @property {Component[]} components
 */

/**
 * Something wrong in the package.
 * @typedef {object} Problem
 * @property {string} file relative path
 * @property {string} problem what is wrong and what was expected
 */

/**
 * A function that looks at one aspect of the project.
 * @typedef {(project: Project) => Problem[]} Check
 */

/**
 * @param {string} [root] folder that holds sfdx-project.json
 * @returns {Project}
 */
function readProject(root = REPOSITORY) {
  const files = SOURCE_FOLDERS.flatMap((folder) => readFiles(root, folder));
  return { root, files, components: files.flatMap(toComponents) };
}

function readFiles(root, folder) {
  return fs
    .readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({
      path: path.relative(root, file).split(path.sep).join('/'),
      text: fs.readFileSync(file, 'utf8'),
    }));
}

/** None when the kind is unknown or the XML is broken: checkFiles tells both. */
function toComponents({ path: filePath, text }) {
  const kind = kindOf(filePath);
  if (!kind || findXmlFault(text)) return [];
  const { object, folder, name } = kind.place.exec(filePath).groups;
  const isPackaged = filePath.startsWith('force-app/');
  return [{ path: filePath, type: kind.type, name, objectName: object, folder, isPackaged, ...parseXml(text) }];
}

/**
 * @param {string} filePath
 * @returns {{ type: string, place: RegExp } | undefined} undefined when no kind has such a file at such a place
 */
function kindOf(filePath) {
  return KINDS.find(({ place }) => place.test(filePath));
}

/**
 * @param {Project} project
 * @param {string} type
 * @returns {Component[]} packaged or not
 */
function componentsOf({ components }, type) {
  return components.filter((component) => component.type === type);
}

/**
 * @param {Project} project
 * @returns {Component[]} the custom fields that ship with the package
 */
function packagedFields(project) {
  return componentsOf(project, 'CustomField').filter(({ isPackaged }) => isPackaged);
}

/**
 * @param {Project} project
 * @returns {Component[]} the packaged fields of records, not of settings: those that field permissions are about
 */
function recordFields(project) {
  return packagedFields(project).filter(({ objectName }) => !objectName.endsWith('__mdt'));
}

/**
 * @param {string} filePath
 * @returns {boolean} whether the file is the content of a component, and no XML
 */
function isContent(filePath) {
  return CONTENT.some((place) => place.test(filePath));
}

module.exports = { readProject, kindOf, isContent, componentsOf, packagedFields, recordFields, REPOSITORY };
