import type { AppliedComponent, Deployer } from './apply';
import type { DeployFault } from './deploy-fault';
import type { PackageContent } from './package-content';

/** How a deployment is asked for. Absent options are off. */
export interface DeployOptions {
  /** Checks everything and changes nothing. */
  checkOnly: boolean;
  /** With a fault nothing is kept; else what does not depend on anything at fault is. */
  rollbackOnError: boolean;
  /** Whether `package.xml` lies at the root of the zip; else in the one folder there. */
  singlePackage: boolean;
  ignoreWarnings: boolean;
  purgeOnDelete: boolean;
  /** The tests to run; there are none in an org without Apex. */
  testLevel: string | null;
}

export type DeployStatus = 'Pending' | 'InProgress' | 'Succeeded' | 'SucceededPartial' | 'Failed' | 'Canceled';

/** A deployment that was asked for, and what came of it. */
export interface DeployJob {
  id: string;
  options: DeployOptions;
  status: DeployStatus;
  by: Deployer;
  createdAt: Date;
  startedAt: Date | null;
  completedAt: Date | null;
  content: PackageContent;
  /** Components that are, or with checkOnly would be, in place. */
  applied: AppliedComponent[];
  faults: DeployFault[];
  warnings: DeployFault[];
  canceledById: string | null;
}

/** The deployments of an org, by id. */
export class DeployJobs {
  private readonly jobs = new Map<string, DeployJob>();

  add(job: DeployJob): void {
    this.jobs.set(job.id, job);
  }

  clear(): void {
    this.jobs.clear();
  }

  /** The job of an id with 15 or 18 characters, or undefined. */
  find(id: string): DeployJob | undefined {
    return this.jobs.get(id) ?? [...this.jobs.values()].find((job) => job.id.slice(0, 15) === id);
  }
}

/** Whether a job has come to its end. */
export function isDone({ status }: DeployJob): boolean {
  return status !== 'Pending' && status !== 'InProgress';
}
