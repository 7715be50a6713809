import { descendants, text } from '../../xml/xml-element';
import type { Component } from '../component';
import { at, textsAt, type Reference } from './reference';

/** The objects and fields of a report type. */
export function reportTypeReferences({ root }: Component): Reference[] {
  const columns = at(root, 'sections.columns').flatMap((column): Reference[] => {
    const [field = '', table = ''] = [text(column, 'field'), text(column, 'table')];
    // `Account.Contacts` is the children of an account; what they are is told by the describe only.
    if (table.includes('.')) return [];
    return [{ type: 'CustomField', fullName: `${table}.${field}`, field: 'field', at: column }];
  });
  return [...textsAt(root, 'baseObject', 'CustomObject'), ...columns.filter(isCustomName)];
}

/** The folder, the report type and the custom fields of a report. Standard columns have names of their own. */
export function reportReferences({ root, fullName }: Component): Reference[] {
  const columns = [...descendants(root)]
    .filter(({ name, text: value }) => COLUMN_ELEMENTS.has(name) && /\$\w+__c$/.test(value))
    .map((element): Reference => {
      const path = element.text.split('$');
      const [table = '', field = ''] = path.slice(-2);
      const problem = `Invalid value specified: ${element.text}`;
      return { type: 'CustomField', fullName: `${table}.${field}`, field: element.name, at: element, problem };
    })
    // Further joined objects are named by their relationship.
    .filter(({ at: element }) => element?.text.split('$').length === 2);
  const customTypes = textsAt(root, 'reportType', 'ReportType')
    .filter(({ fullName: name }) => name.endsWith('__c'))
    .map((reference) => ({
      ...reference,
      fullName: reference.fullName.replace(/__c$/, ''),
      problem: `In field: reportType - no ReportType named ${reference.fullName} found`,
    }));
  return [...folderReference(fullName, 'ReportFolder', root), ...customTypes, ...columns];
}

/** The folder and the reports of a dashboard. */
export function dashboardReferences({ root, fullName }: Component): Reference[] {
  const reports = [...descendants(root)]
    .filter(({ name, text: value }) => name === 'report' && value !== '')
    .map((element): Reference => ({ type: 'Report', fullName: element.text, field: 'report', at: element }));
  return [...folderReference(fullName, 'DashboardFolder', root), ...reports];
}

/** The folder of an e-mail template. */
export function emailReferences({ root, fullName }: Component): Reference[] {
  return folderReference(fullName, 'EmailFolder', root);
}

const COLUMN_ELEMENTS = new Set(['field', 'column', 'groupingColumn', 'dateColumn', 'sortColumn']);

function folderReference(fullName: string, type: string, root: Component['root']): Reference[] {
  const folder = fullName.slice(0, fullName.lastIndexOf('/'));
  return [{ type, fullName: folder, field: 'folder', at: root, problem: `Cannot find folder:${folder}` }];
}

function isCustomName({ fullName }: Reference): boolean {
  return fullName.endsWith('__c');
}
