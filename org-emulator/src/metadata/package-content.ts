import type { Component } from './component';
import type { DeployFault } from './deploy-fault';

/** A component that a deployment removes. */
export interface Deletion {
  type: string;
  fullName: string;
  /** The destructive manifest that names it. */
  fileName: string;
  /** Before or after the new components are in place. */
  moment: 'pre' | 'post';
}

/** What a deployment brings, understood file by file; nothing of it was checked against the org. */
export interface PackageContent {
  components: Component[];
  deletions: Deletion[];
  /** Files that were not understood, and components that are missing. */
  faults: DeployFault[];
}
