import type { Org } from '../org/org';
import { seedPermissionSets, seedRecordTypes } from '../org/seed';
import { makeId } from '../records/record-id';
import type { Component, DeployedComponent } from './component';
import { writeMetadataRecords } from './metadata-records';
import { deploymentOf, removalOf } from './shape';

/** Who changes an org's metadata, and as what. */
export interface Deployer {
  /** 18-character id. */
  userId: string;
  /** The namespace of the package that is installed; null for a deployment into the org itself. */
  namespace: string | null;
}

/** What became of a component that was deployed or removed. */
export interface AppliedComponent {
  component: DeployedComponent;
  change: 'created' | 'changed' | 'unchanged' | 'deleted';
}

/**
 * Puts components that passed every check into an org and takes others out. It cannot fail: nothing is half done.
 *
 * @returns what became of each, in the order given, removed ones last.
 */
export function applyComponents(
  org: Org,
  components: readonly Component[],
  removed: readonly DeployedComponent[],
  by: Deployer,
): AppliedComponent[] {
  const applied = components.map((component) => store(org, component, by));
  for (const { type, fullName } of removed) org.metadata.delete(type, fullName);
  org.schema.remove(removalOf(removed));
  org.schema.deploy(deploymentOf(components, by.namespace));
  org.store.transaction(() => {
    seedRecordTypes(org);
    seedPermissionSets(org);
    writeMetadataRecords(org);
  });
  org.forgetAccess();
  return [...applied, ...removed.map((component): AppliedComponent => ({ component, change: 'deleted' }))];
}

/** What `applyComponents` would do with each component. */
export function previewComponents(
  org: Org,
  components: readonly Component[],
  removed: readonly DeployedComponent[],
  by: Deployer,
): AppliedComponent[] {
  const previewed = components.map((component) => preview(org, component, by));
  return [...previewed, ...removed.map((component): AppliedComponent => ({ component, change: 'deleted' }))];
}

function store(org: Org, component: Component, by: Deployer): AppliedComponent {
  const applied = preview(org, component, by);
  if (applied.change !== 'unchanged') org.metadata.put(applied.component);
  return applied;
}

function preview(org: Org, component: Component, { userId, namespace }: Deployer): AppliedComponent {
  const existing = org.metadata.get(component.type, component.fullName);
  if (existing && isSame(existing, component)) return { component: existing, change: 'unchanged' };
  const now = org.clock.now();
  const deployed: DeployedComponent = {
    ...component,
    // The spelling that a component got first is the one it keeps.
    fullName: existing?.fullName ?? component.fullName,
    id: existing?.id ?? makeId('0Mc', org.store.nextNumber('0Mc')),
    namespace: existing?.namespace ?? namespace,
    createdAt: existing?.createdAt ?? now,
    createdById: existing?.createdById ?? userId,
    modifiedAt: now,
    modifiedById: userId,
  };
  return { component: deployed, change: existing ? 'changed' : 'created' };
}

/** The CLI packs the files of a bundle in whatever order it has read them, so their order means nothing. */
function isSame(left: Component, right: Component): boolean {
  const content = ({ root, files }: Component): string => {
    const inOrder = [...files].sort(([one], [other]) => (one < other ? -1 : 1));
    return JSON.stringify([
      withoutPlaces(root),
      inOrder.map(([path, bytes]) => [path, Buffer.from(bytes).toString('base64')]),
    ]);
  };
  return content(left) === content(right);
}

function withoutPlaces({ name, attributes, text, children }: Component['root']): unknown {
  return [name, attributes, text, children.map(withoutPlaces)];
}
