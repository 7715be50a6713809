import type { Org } from '../org/org';
import { checkComponent } from './check-component';
import { checkElements } from './check-elements';
import { checkReferences } from './check-references';
import { nameOf, type Component, type DeployedComponent } from './component';
import { faultOf, type DeployFault } from './deploy-fault';
import { metadataTypes } from './metadata-types';
import type { Deletion, PackageContent } from './package-content';
import { Prospect } from './prospect';

/** What of a deployment an org can take. */
export interface CheckedDeployment {
  accepted: { components: Component[]; removed: DeployedComponent[] };
  faults: DeployFault[];
  /** What is told without being refused: components to be removed that are not there. */
  warnings: DeployFault[];
}

/**
 * Checks a deployment against the metadata types and against the org as it would be afterwards. Changes nothing.
 *
 * @param isAllOrNone with a fault nothing is accepted; else what does not depend on anything at fault.
 */
export function checkDeployment(org: Org, content: PackageContent, isAllOrNone: boolean): CheckedDeployment {
  const faults = [...content.faults];
  const warnings: DeployFault[] = [];
  let components = content.components.filter((component) => {
    const refusal = metadataTypes().refusalOf(component.type);
    const found = refusal === undefined ? checkElements(component) : [faultOf(component, refusal)];
    faults.push(...found);
    return found.length === 0;
  });
  let removed = content.deletions.flatMap((deletion) => findRemoved(org, deletion, faults, warnings));
  // A component that falls may take others along that refer to it. Of a deployment that is refused whole only the
  // causes are told, so what refers to a component at fault is not a fault of its own.
  for (let isSettled = false; !isSettled;) {
    const known = isAllOrNone ? content.components : components;
    const prospect = new Prospect(org, known, removed);
    const found = components.flatMap((component) => [
      ...checkComponent(org, prospect, component),
      ...checkReferences(prospect, component),
    ]);
    const blocked = findUses(org, prospect, removed);
    faults.push(...found, ...blocked);
    isSettled = isAllOrNone || (found.length === 0 && blocked.length === 0);
    components = components.filter((component) => !found.some((fault) => isAbout(fault, component)));
    removed = removed.filter((component) => !blocked.some((fault) => isAbout(fault, component)));
  }
  const isRefused = isAllOrNone && faults.length > 0;
  return { accepted: isRefused ? { components: [], removed: [] } : { components, removed }, faults, warnings };
}

function findRemoved(
  org: Org,
  deletion: Deletion,
  faults: DeployFault[],
  warnings: DeployFault[],
): DeployedComponent[] {
  const { type, fullName } = deletion;
  const refusal = metadataTypes().refusalOf(type);
  if (refusal !== undefined) {
    faults.push(faultOf(deletion, refusal));
    return [];
  }
  const component = org.metadata.get(type, fullName);
  if (!component) {
    warnings.push(faultOf(deletion, `No ${type} named: ${fullName} found`));
    return [];
  }
  // The parts of an object go with it.
  const prefix = `${component.fullName}.`.toLowerCase();
  const parts = (metadataTypes().type(type)?.children ?? []).flatMap((child) =>
    org.metadata.list(child.name).filter((part) => part.fullName.toLowerCase().startsWith(prefix)),
  );
  return [{ ...component, fileName: deletion.fileName }, ...parts];
}

/** Faults of components that are to be removed although others need them. Rights to them go silently. */
function findUses(org: Org, prospect: Prospect, removed: DeployedComponent[]): DeployFault[] {
  if (removed.length === 0) return [];
  const before = new Prospect(org, [], []);
  const broken = prospect.remaining
    .filter(({ type }) => type !== 'PermissionSet' && type !== 'Profile')
    .flatMap((component) => {
      const was = new Set(checkReferences(before, component).map(({ problem }) => problem));
      return checkReferences(prospect, component).filter(({ problem }) => !was.has(problem));
    });
  return removed.flatMap((component) => {
    const use = broken.find(({ problem }) => problem.includes(nameOf(component)));
    if (!use) return [];
    const problem = `This ${component.type} is referenced elsewhere: ${use.type} - ${use.fullName}. Remove the usage and try again.`;
    return [faultOf(component, problem)];
  });
}

function isAbout(fault: DeployFault, { type, fullName }: Component): boolean {
  return fault.type === type && fault.fullName === fullName;
}
