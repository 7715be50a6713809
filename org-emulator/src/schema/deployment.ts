import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseCustomField, type CustomField } from './custom-field';
import { parseCustomObject, type CustomObject } from './custom-object';
import { parseRecordType, type RecordTypeDefinition } from './record-type';
import { parsePermissionSet, type PermissionSetDefinition } from './permission-set';

/** One file of a deployment, its path relative to the deployed folder, with forward slashes. */
export interface SourceFile {
  path: string;
  text: string;
}

/** What a deployed SFDX folder adds to an org, as far as an org's data can tell. */
export interface Deployment {
  objects: CustomObject[];
  fields: (CustomField & { sobject: string })[];
  permissionSets: PermissionSetDefinition[];
  recordTypes: RecordTypeDefinition[];
}

const ACTIVITY_OBJECTS = ['Event', 'Task'];

/**
 * Reads the metadata files of an SFDX folder (source format), however deep they lie in it.
 *
 * @throws when the folder does not exist.
 */
export function readSourceFolder(directory: string): SourceFile[] {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`Cannot deploy ${directory}: it is no folder`);
  }
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('-meta.xml') && !path.includes('node_modules'))
    .sort()
    .map((path) => ({ path: path.replaceAll('\\', '/'), text: readFileSync(join(directory, path), 'utf8') }));
}

/**
 * Understands the files that shape data: custom objects and fields, and permission sets. Custom fields of Activity go to
 * Event and Task, as in an org. Other metadata (pages, components, reports) is none of the data model's business.
 *
 * @throws when a file cannot be understood; the message names it.
 */
export function parseDeployment(files: SourceFile[]): Deployment {
  const deployment: Deployment = { objects: [], fields: [], permissionSets: [], recordTypes: [] };
  for (const { path, text } of files) {
    const field = /(?:^|\/)objects\/(\w+)\/fields\/\w+\.field-meta\.xml$/.exec(path);
    const recordType = /(?:^|\/)objects\/(\w+)\/recordTypes\/\w+\.recordType-meta\.xml$/.exec(path);
    const object = /(?:^|\/)objects\/(\w+__(?:c|mdt))\/\w+\.object-meta\.xml$/.exec(path);
    if (field?.[1]) {
      const sobjects = field[1] === 'Activity' ? ACTIVITY_OBJECTS : [field[1]];
      for (const sobject of sobjects) deployment.fields.push({ sobject, ...parseCustomField(path, text) });
    } else if (recordType?.[1]) {
      deployment.recordTypes.push(parseRecordType(path, recordType[1], text));
    } else if (object?.[1]) {
      deployment.objects.push(parseCustomObject(path, object[1], text));
    } else if (/(?:^|\/)permissionsets\/[^/]+\.permissionset-meta\.xml$/.test(path)) {
      deployment.permissionSets.push(parsePermissionSet(path, text));
    }
  }
  return deployment;
}
