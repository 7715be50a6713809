import type { Org } from '../org/org';
import { checkMayDeploy } from './deploy';
import { userName } from './deploy-result';
import { metadataTypes } from './metadata-types';
import type { DeployedComponent } from './component';
import { pathOf } from './write-components';

/** A component's file as the Metadata API lists it; absent keys are undefined. */
export type FileProperties = Record<string, string | undefined>;

/** `describeMetadata`: the types that a deployment may hold. */
export function describeMetadata(org: Org, userId: string) {
  checkMayDeploy(org, userId);
  const types = metadataTypes().all.filter(({ name }) => metadataTypes().refusalOf(name) === undefined);
  return {
    metadataObjects: types
      .filter(({ folderOf }) => folderOf === undefined)
      .map(({ name, directory, suffix, shape, folder, children = [] }) => ({
        childXmlNames: children.map((child) => child.name),
        directoryName: directory,
        inFolder: folder !== undefined,
        metaFile: shape !== 'file',
        suffix,
        xmlName: name,
      })),
    organizationNamespace: '',
    partialSaveAllowed: true,
    testRequired: false,
  };
}

/** `listMetadata`: the components of some types that the org got by deployments. */
export function listMetadata(org: Org, userId: string, types: string[]): FileProperties[] {
  checkMayDeploy(org, userId);
  return types.flatMap((type) => org.metadata.list(type)).map((component) => fileProperties(org, component, ''));
}

/** What is told of a component's file, which lies below `root`. */
export function fileProperties(org: Org, component: DeployedComponent, root: string): FileProperties {
  const { createdById, modifiedById, namespace } = component;
  return {
    createdById,
    createdByName: userName(org, createdById),
    createdDate: component.createdAt.toISOString(),
    fileName: `${root}${pathOf(component)}`,
    fullName: component.fullName,
    id: component.id,
    lastModifiedById: modifiedById,
    lastModifiedByName: userName(org, modifiedById),
    lastModifiedDate: component.modifiedAt.toISOString(),
    manageableState: namespace === null ? 'unmanaged' : 'installed',
    namespacePrefix: namespace ?? undefined,
    type: component.type,
  };
}
