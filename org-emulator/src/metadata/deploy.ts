import type { Org } from '../org/org';
import { makeId } from '../records/record-id';
import { apiError } from '../rest/api-error';
import { applyComponents, previewComponents } from './apply';
import { checkDeployment } from './check-deployment';
import { isDone, type DeployJob, type DeployOptions } from './deploy-job';
import type { PackageContent } from './package-content';
import { readPackage } from './read-package';

/** How long a checked deployment can be deployed without its files. */
const QUICK_DEPLOY_MS = 10 * 24 * 60 * 60 * 1000;

/**
 * Takes a deployment of a zip. It is carried out after the answer to the request: a client asks for its state, as with a
 * real org. How long it takes is the setting `metadataProcessingMs`.
 *
 * @throws ApiError INSUFFICIENT_ACCESS for a user who may not change metadata.
 */
export function startDeploy(org: Org, userId: string, zip: Uint8Array, options: DeployOptions): DeployJob {
  checkMayDeploy(org, userId);
  return start(org, userId, readPackage(zip, options.singlePackage), options);
}

/**
 * Deploys what was checked before with a test level, without its files.
 *
 * @throws ApiError INVALID_ID_FIELD when there is no such check, it failed, or it is too old.
 */
export function startQuickDeploy(org: Org, userId: string, validationId: string): DeployJob {
  checkMayDeploy(org, userId);
  const validated = org.deployments.find(validationId);
  const age = org.clock.now().getTime() - (validated?.createdAt.getTime() ?? 0);
  const isGood = validated?.options.checkOnly && validated.status === 'Succeeded' && age < QUICK_DEPLOY_MS;
  if (!validated || !isGood) {
    throw apiError(400, 'INVALID_ID_FIELD', `invalid validation id: ${validationId}`);
  }
  return start(org, userId, validated.content, { ...validated.options, checkOnly: false });
}

/** Asks that a deployment be given up. One that is done stays as it is. */
export function cancelDeploy(org: Org, userId: string, id: string): DeployJob {
  const job = findDeploy(org, id);
  if (isDone(job)) throw apiError(400, 'INVALID_ID_FIELD', `Deployment already completed: ${id}`);
  Object.assign(job, { status: 'Canceled', completedAt: org.clock.now(), canceledById: userId });
  return job;
}

/** The deployment of an id. Throws ApiError INVALID_CROSS_REFERENCE_KEY when there is none. */
export function findDeploy(org: Org, id: string): DeployJob {
  const job = org.deployments.find(id);
  if (!job) throw apiError(404, 'INVALID_CROSS_REFERENCE_KEY', `invalid deployment id: ${id}`);
  return job;
}

/** Refuses a user who may not use the Metadata API. */
export function checkMayDeploy(org: Org, userId: string): void {
  const access = org.access(userId);
  if (access.isAdministrator || access.has('ModifyMetadata') || access.has('ModifyAllData')) return;
  throw apiError(
    403,
    'INSUFFICIENT_ACCESS',
    'use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions',
  );
}

function start(org: Org, userId: string, content: PackageContent, options: DeployOptions): DeployJob {
  const job: DeployJob = {
    id: makeId('0Af', org.store.nextNumber('0Af')),
    options,
    status: 'Pending',
    by: { userId, namespace: null },
    createdAt: org.clock.now(),
    startedAt: null,
    completedAt: null,
    content,
    applied: [],
    faults: [],
    warnings: [],
    canceledById: null,
  };
  org.deployments.add(job);
  setTimeout(() => {
    carryOut(org, job);
  }, org.settings.metadataProcessingMs).unref();
  return job;
}

function carryOut(org: Org, job: DeployJob): void {
  if (isDone(job)) return;
  job.startedAt = org.clock.now();
  const { checkOnly, rollbackOnError } = job.options;
  const { accepted, faults, warnings } = checkDeployment(org, job.content, rollbackOnError);
  const put = checkOnly ? previewComponents : applyComponents;
  job.faults = faults;
  job.warnings = warnings;
  job.applied = put(org, accepted.components, accepted.removed, job.by);
  job.status = faults.length === 0 ? 'Succeeded' : rollbackOnError || checkOnly ? 'Failed' : 'SucceededPartial';
  job.completedAt = org.clock.now();
}
