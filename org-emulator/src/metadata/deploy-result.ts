import type { Org } from '../org/org';
import { metadataTypes } from './metadata-types';
import type { AppliedComponent } from './apply';
import type { DeployFault } from './deploy-fault';
import { isDone, type DeployJob } from './deploy-job';

/** What became of one component or file, as the Metadata API says it. Keys that do not apply are absent. */
export type DeployMessage = Record<string, string | number | boolean>;

/** The state of a deployment, as both SOAP and REST say it; absent keys are undefined. */
export type DeployResult = Record<string, string | number | boolean | DeployDetails | undefined>;

/** What became of every component. */
export interface DeployDetails {
  componentSuccesses: DeployMessage[];
  componentFailures: DeployMessage[];
}

/** How a deployment stands. */
export function deployResult(org: Org, job: DeployJob, hasDetails: boolean): DeployResult {
  const { id, status, options, by, applied, faults } = job;
  const at = (instant: Date | null): string | undefined => instant?.toISOString();
  const done = isDone(job);
  const isKept = status === 'Succeeded' || status === 'SucceededPartial';
  const broken = new Set(faults.map(({ type, fullName, fileName }) => `${type} ${fullName} ${fileName}`)).size;
  return {
    canceledBy: job.canceledById ?? undefined,
    checkOnly: options.checkOnly,
    completedDate: at(job.completedAt),
    createdBy: by.userId,
    createdByName: userName(org, by.userId),
    createdDate: at(job.createdAt),
    details: hasDetails && done ? detailsOf(job) : undefined,
    done,
    errorMessage: undefined,
    id,
    ignoreWarnings: options.ignoreWarnings,
    lastModifiedDate: at(job.completedAt ?? job.startedAt ?? job.createdAt),
    numberComponentErrors: broken,
    numberComponentsDeployed: isKept ? applied.length : 0,
    numberComponentsTotal: done && isKept ? applied.length + broken : countOf(job),
    numberTestErrors: 0,
    numberTestsCompleted: 0,
    numberTestsTotal: 0,
    rollbackOnError: options.rollbackOnError,
    runTestsEnabled: false,
    startDate: at(job.startedAt),
    status,
    success: status === 'Succeeded',
  };
}

/** A user as results name him. */
export function userName(org: Org, userId: string): string {
  const row = org.store.table(org.object('User')).get(userId);
  return typeof row?.Name === 'string' ? row.Name : userId;
}

function countOf({ content }: DeployJob): number {
  return content.components.length + content.deletions.length;
}

function detailsOf(job: DeployJob): DeployDetails {
  const created = (job.completedAt ?? job.createdAt).toISOString();
  return {
    componentSuccesses: [
      ...job.applied.map((applied) => successMessage(applied, created)),
      ...job.warnings.map((warning) => ({ ...faultMessage(warning, created), problemType: 'Warning', success: true })),
    ],
    componentFailures: job.faults.map((fault) => faultMessage(fault, created)),
  };
}

function successMessage({ component, change }: AppliedComponent, createdDate: string): DeployMessage {
  const { type, fullName, fileName, id } = component;
  return {
    changed: change === 'changed' || change === 'created',
    componentType: type,
    created: change === 'created',
    createdDate,
    deleted: change === 'deleted',
    fileName,
    fullName,
    id,
    success: true,
  };
}

function faultMessage(
  { type, fullName, fileName, line, column, problem }: DeployFault,
  createdDate: string,
): DeployMessage {
  return {
    changed: false,
    ...(column === undefined ? {} : { columnNumber: column }),
    // A fault of a type that nobody knows is one of the manifest.
    componentType: type === '' || metadataTypes().has(type) ? type : '',
    created: false,
    createdDate,
    deleted: false,
    fileName,
    fullName,
    ...(line === undefined ? {} : { lineNumber: line }),
    problem,
    problemType: 'Error',
    success: false,
  };
}
