import { zipSync } from 'fflate';
import type { Org } from '../org/org';
import { makeId } from '../records/record-id';
import { apiError } from '../rest/api-error';
import { makeElement } from '../xml/xml-element';
import { writeMetadataXml } from '../xml/write-xml';
import type { DeployedComponent } from './component';
import { checkMayDeploy } from './deploy';
import { fileProperties, type FileProperties } from './describe';
import { metadataTypes } from './metadata-types';
import { writeComponents } from './write-components';

/** A retrieval that was asked for: names of components by type, `*` for all that were deployed. */
export interface RetrieveJob {
  id: string;
  members: Map<string, string[]>;
  startedAt: number;
}

/** The folder of a retrieved zip. */
const ROOT = 'unpackaged/';

/**
 * Takes a retrieval. Its result is there after `metadataProcessingMs`.
 *
 * @throws ApiError INSUFFICIENT_ACCESS for a user who may not read metadata.
 */
export function startRetrieve(org: Org, userId: string, members: Map<string, string[]>): RetrieveJob {
  checkMayDeploy(org, userId);
  const job = { id: makeId('09S', org.store.nextNumber('09S')), members, startedAt: Date.now() };
  org.retrievals.set(job.id, job);
  return job;
}

/** The retrieval of an id. Throws ApiError INVALID_ID_FIELD when there is none. */
export function findRetrieve(org: Org, id: string): RetrieveJob {
  const job = org.retrievals.get(id);
  if (!job) throw apiError(500, 'INVALID_ID_FIELD', `invalid retrieve id: ${id}`);
  return job;
}

/** How a retrieval stands, and when it is done the zip with what the org has of it. */
export function retrieveResult(org: Org, job: RetrieveJob, hasZip: boolean) {
  const { id, members } = job;
  if (Date.now() - job.startedAt < org.settings.metadataProcessingMs) {
    return { done: false, id, status: 'InProgress', success: false };
  }
  const found = new Map<string, DeployedComponent>();
  const messages: { fileName: string; problem: string }[] = [];
  for (const [type, names] of members) {
    for (const name of names) {
      const components = componentsNamed(org, type, name);
      for (const component of components) found.set(`${component.type} ${component.fullName}`, component);
      if (components.length > 0 || name === '*') continue;
      const problem = `Entity of type '${type}' named '${name}' cannot be found`;
      messages.push({ fileName: `${ROOT}package.xml`, problem });
    }
  }
  const components = [...found.values()];
  const properties = components.map((component): FileProperties => fileProperties(org, component, ROOT));
  return {
    done: true,
    fileProperties: [
      ...properties,
      { ...properties[0], fileName: `${ROOT}package.xml`, fullName: `${ROOT}package.xml`, type: 'Package' },
    ],
    id,
    messages,
    status: 'Succeeded',
    success: true,
    zipFile: hasZip ? Buffer.from(zipOf(components)).toString('base64') : undefined,
  };
}

function componentsNamed(org: Org, type: string, name: string): DeployedComponent[] {
  const { metadata } = org;
  const own = name === '*' ? metadata.list(type) : [metadata.get(type, name)].filter((entry) => entry !== undefined);
  const types = metadataTypes();
  // A folder is listed under the type of what lies in it.
  const folderType = types.type(type)?.folder;
  const folders =
    folderType === undefined ? [] : name === '*' ? metadata.list(folderType) : [metadata.get(folderType, name)];
  const parts = (types.type(type)?.children ?? []).flatMap((child) =>
    metadata
      .list(child.name)
      .filter(
        ({ fullName }) =>
          type === 'CustomLabels' ||
          own.some((parent) => isPartOf(fullName, parent.fullName)) ||
          isPartOf(fullName, name),
      ),
  );
  return [...own, ...folders.filter((entry) => entry !== undefined), ...parts];
}

function isPartOf(fullName: string, parent: string): boolean {
  return fullName.toLowerCase().startsWith(`${parent.toLowerCase()}.`);
}

function zipOf(components: DeployedComponent[]): Uint8Array {
  const files = writeComponents(components);
  const byType = new Map<string, string[]>();
  for (const { type, fullName } of components) byType.set(type, [...(byType.get(type) ?? []), fullName]);
  const types = [...byType].map(([type, names]) =>
    makeElement('types', [...names.map((name) => makeElement('members', name)), makeElement('name', type)]),
  );
  const manifest = writeMetadataXml(makeElement('Package', [...types, makeElement('version', '67.0')]));
  const entries = [...files].map(([path, bytes]): [string, Uint8Array] => [`${ROOT}${path}`, bytes]);
  return zipSync(Object.fromEntries([[`${ROOT}package.xml`, new TextEncoder().encode(manifest)], ...entries]));
}
