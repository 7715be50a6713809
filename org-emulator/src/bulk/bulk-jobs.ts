import type { RowOutcome } from '../dml/row-steps';

/** What a job does with each of its rows. */
export const OPERATIONS = ['insert', 'update', 'upsert', 'delete', 'hardDelete'] as const;
export type BulkOperation = (typeof OPERATIONS)[number];

/** A part of a job's rows that is processed at once: one per upload. */
export interface BulkBatch {
  id: string;
  /** `NotProcessed` when its job was aborted before. */
  state: 'Queued' | 'InProgress' | 'Completed' | 'Failed' | 'NotProcessed';
  /** Why the whole batch failed; null otherwise. */
  stateMessage: string | null;
  /** The CSV as it was uploaded. */
  content: string;
  createdDate: string;
  systemModstamp: string;
  /** Names of its columns; empty until it is processed. */
  header: string[];
  /** Its rows with what became of each; empty until it is processed. */
  results: { cells: string[]; outcome: RowOutcome }[];
}

/** One job of the Bulk API, of either version. */
export interface BulkJob {
  id: string;
  /** 2.0 takes one upload and starts when it is closed; 1.0 takes batches and starts each at once. */
  api: '1.0' | '2.0';
  operation: BulkOperation;
  /** API name of the object. */
  sobject: string;
  /** The field whose value says which record an upserted row is; null for other operations. */
  keyField: string | null;
  /** The assignment rule to run, if the job names one: a bulk job runs none by itself. */
  assignmentRuleId: string | null;
  createdById: string;
  createdDate: string;
  systemModstamp: string;
  /** 1.0 knows Open, Closed, Aborted and Failed; 2.0 all but Closed. */
  state: 'Open' | 'Closed' | 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Aborted' | 'Failed';
  /** `v67.0`. */
  apiVersion: string;
  lineEnding: 'LF' | 'CRLF';
  /** A key of DELIMITERS. */
  columnDelimiter: string;
  batches: BulkBatch[];
}

/** The bulk jobs of an org, the oldest first. They live in memory and are in no snapshot. */
export class BulkJobs {
  private readonly jobs = new Map<string, BulkJob>();

  add(job: BulkJob): void {
    this.jobs.set(job.id, job);
  }

  /** The job of a 15- or 18-character id. */
  find(id: string): BulkJob | undefined {
    return this.jobs.get(id) ?? [...this.jobs.values()].find((job) => id.length === 15 && job.id.startsWith(id));
  }

  list(): BulkJob[] {
    return [...this.jobs.values()];
  }

  remove(id: string): void {
    this.jobs.delete(id);
  }

  clear(): void {
    this.jobs.clear();
  }
}

/** How many rows of a job were processed, and how many of them failed. */
export function countRows(batches: BulkBatch[]): { processed: number; failed: number } {
  const results = batches.flatMap((batch) => batch.results);
  return { processed: results.length, failed: results.filter(({ outcome }) => !outcome.success).length };
}
