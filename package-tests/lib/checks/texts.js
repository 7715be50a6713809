'use strict';

const { componentsOf } = require('../project');
const { textOf } = require('../xml');

/** Texts that each type must have, and the longest that an org accepts. */
const TEXTS = {
  CustomField: { label: 40, description: 1000, inlineHelpText: 510 },
  CustomObject: { label: 40, description: 1000 },
  PermissionSet: { label: 80, description: 255 },
  WebLink: { masterLabel: 240, description: 255 },
  QuickAction: { label: 80, description: 255 },
  FlexiPage: { masterLabel: 80, description: 255 },
  CustomTab: { label: 40, description: 255 },
  CustomApplication: { label: 40, description: 255 },
  CustomMetadata: { label: 40 },
  StaticResource: { description: 255 },
  ReportType: { label: 50, description: 255 },
  ReportFolder: { name: 80 },
  Report: { name: 40, description: 255 },
  DashboardFolder: { name: 80 },
  Dashboard: { title: 80, description: 255 },
  Layout: {},
  CompactLayout: { label: 80 },
  EmailFolder: { name: 80 },
  EmailTemplate: { name: 80, description: 255 },
  LightningComponentBundle: { masterLabel: 80, description: 1000 },
  // Texts of their own kind: see checkLabels.
  CustomLabels: {},
  Translations: {},
};

/** Elements that are titles: their words may have capitals. */
const TITLES = ['label', 'masterLabel', 'name', 'title'];

/**
 * Names of things that a text may hold. Any other word with a capital inside a sentence is taken for the name of a
 * person, a company or a product, which does not belong into somebody else's org.
 */
const KNOWN_NAMES = new Set(
  `Activity Activities Account Accounts API Case Cases Contact Contacts Event Events Lead Leads Opportunity
  Opportunities Person Task Tasks Salesforce ID Booking Integration Scheduled Rescheduled Completed Canceled No-show
  URL Setting Connector Customer Default Rep Book View`.split(/\s+/),
);

const CAPITALISED_INSIDE_SENTENCE = /(?<=[^.!?:\s]\s+["'(]?)\p{Lu}[\p{L}\p{N}'-]*/gu;
const ADDRESS = /\S+@\S+|https?:\/\/\S+|\bwww\.\S+|\+?\d[\d ()/-]{6,}\d/;

/**
 * Every component explains itself to the administrator, and every field to the user, in texts that an org accepts.
 * @type {import('../project').Check}
 */
function checkTexts({ components }) {
  return components.flatMap(({ path, type, root }) =>
    Object.entries(TEXTS[type]).flatMap(([element, maxLength]) =>
      findTextFaults(textOf(root, element), maxLength).map((fault) => ({ file: path, problem: `${element} ${fault}` })),
    ),
  );
}

function findTextFaults(text, maxLength) {
  if (!text) return ['is missing'];
  const faults = [];
  if (text.length > maxLength) faults.push(`has ${text.length} characters, an org takes ${maxLength}`);
  return faults;
}

/**
 * No text has line breaks: the formatter breaks a line of more than 200 characters, and an org would keep the break.
 * @type {import('../project').Check}
 */
function checkOneLineTexts({ files }) {
  const brokenText = /<(description|inlineHelpText|label|value|shortDescription)>[^<]*\n[^<]*<\/\1>/g;
  return files.flatMap(({ path, text }) =>
    [...text.matchAll(brokenText)].map(([, element]) => ({
      file: path,
      problem: `${element} runs over several lines, an org would keep the breaks: make it shorter`,
    })),
  );
}

/**
 * No text names a person, a company, a product or an address.
 * @type {import('../project').Check}
 */
function checkNobodyNamed({ components }) {
  return components.flatMap(({ path, type, root }) =>
    Object.keys(TEXTS[type]).flatMap((element) =>
      findNames(textOf(root, element) ?? '', element).map((name) => ({
        file: path,
        problem: `${element} names "${name}": nobody is named; a thing belongs into KNOWN_NAMES`,
      })),
    ),
  );
}

function findNames(text, element) {
  const addresses = ADDRESS.exec(text) ?? [];
  if (TITLES.includes(element)) return [...addresses];
  const words = [...text.matchAll(CAPITALISED_INSIDE_SENTENCE)].map(([word]) => word.replace(/['’]s$/, ''));
  return [...addresses, ...words.filter((word) => !KNOWN_NAMES.has(word))];
}

/**
 * The description of a field says who writes it and what it means when it is empty.
 * @type {import('../project').Check}
 */
function checkFieldDescriptions(project) {
  return componentsOf(project, 'CustomField').flatMap(({ path, root }) => {
    const description = textOf(root, 'description') ?? '';
    const problems = [];
    if (!/\b(?:Written by|Typed in by|nobody writes it)\b/i.test(description))
      problems.push('description does not say who writes the field ("Written by …", "Calculated, nobody writes it")');
    if (!/\bEmpty(?:: | on | when | while | for )/.test(description))
      problems.push('description does not say what empty means ("Empty when …", "Empty: …")');
    return problems.map((problem) => ({ file: path, problem }));
  });
}

module.exports = { checkTexts, checkOneLineTexts, checkNobodyNamed, checkFieldDescriptions };
