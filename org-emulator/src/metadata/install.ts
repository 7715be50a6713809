import type { Org } from '../org/org';
import { setKey } from '../org/seed';
import { applyComponents } from './apply';
import { checkDeployment } from './check-deployment';
import { DeploymentRefused } from './deploy-fault';
import { inNamespace } from './namespace';
import { readSourceFolder } from './read-source';
import { withoutNamespace } from './shape';

/**
 * Installs the package in an SFDX folder, before anybody uses the org: by the checks of any deployment, all or nothing.
 * Its permission sets are the administrator's, as with a package that was installed for administrators.
 *
 * @param namespace what the package's components are prefixed with; null installs them as the org's own.
 * @throws DeploymentRefused naming every fault with its file, or an Error when the folder does not exist.
 */
export function installPackage(org: Org, directory: string, namespace: string | null): void {
  const read = readSourceFolder(directory);
  const content = namespace === null ? read : inNamespace(read, namespace);
  const { accepted, faults } = checkDeployment(org, content, true);
  if (faults.length > 0) throw new DeploymentRefused(directory, faults);
  for (const { type, fullName } of accepted.components) {
    if (type !== 'PermissionSet') continue;
    org.administratorSets.add(setKey({ name: withoutNamespace(fullName, namespace), namespace }));
  }
  applyComponents(org, accepted.components, accepted.removed, { userId: org.ids.administratorId, namespace });
}
