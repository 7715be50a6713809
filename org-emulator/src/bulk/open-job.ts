import { makeId } from '../records/record-id';
import { toApiDateTime } from '../records/timestamps';
import { apiError, type ApiError } from '../rest/api-error';
import type { ApiContext } from '../rest/api-request';
import { OPERATIONS, type BulkBatch, type BulkJob } from './bulk-jobs';
import { DELIMITERS } from './csv';

/** A job as it is asked for; every value is what the client sent. */
export interface JobRequest {
  object?: unknown;
  operation?: unknown;
  externalIdFieldName?: unknown;
  contentType?: unknown;
  lineEnding?: unknown;
  columnDelimiter?: unknown;
  assignmentRuleId?: unknown;
}

/**
 * Opens a job.
 *
 * @throws ApiError INVALIDJOB for an object or key that cannot be, API_ERROR for a property that makes no sense.
 */
export function openJob(context: ApiContext, api: BulkJob['api'], request: JobRequest): BulkJob {
  const { org, access } = context;
  const operation = oneOf('operation', request.operation, OPERATIONS);
  oneOf('contentType', request.contentType ?? 'CSV', ['CSV']);
  const lineEnding = oneOf('lineEnding', request.lineEnding ?? 'LF', ['LF', 'CRLF'] as const);
  const columnDelimiter = oneOf('columnDelimiter', request.columnDelimiter ?? 'COMMA', Object.keys(DELIMITERS));
  const object = access.object(textOf(request.object));
  if (!object) throw invalidJob(`Unable to find object: ${textOf(request.object)}`);
  if (operation === 'hardDelete' && !access.has('BulkApiHardDelete')) {
    throw invalidJob(
      'hardDelete operation requires special user profile permission, please contact your system administrator',
    );
  }
  const now = toApiDateTime(org.clock.now());
  const job: BulkJob = {
    id: makeId('750', org.store.nextNumber('750')),
    api,
    operation,
    sobject: object.name,
    keyField: operation === 'upsert' ? keyFieldOf(context, object.name, request.externalIdFieldName) : null,
    assignmentRuleId: typeof request.assignmentRuleId === 'string' ? request.assignmentRuleId : null,
    createdById: context.userId,
    createdDate: now,
    systemModstamp: now,
    state: 'Open',
    apiVersion: context.apiVersion,
    lineEnding,
    columnDelimiter,
    batches: [],
  };
  org.bulkJobs.add(job);
  return job;
}

/** Adds an upload to a job. */
export function addBatch({ org }: ApiContext, job: BulkJob, content: string): BulkBatch {
  const now = toApiDateTime(org.clock.now());
  const batch: BulkBatch = {
    id: makeId('751', org.store.nextNumber('751')),
    state: 'Queued',
    stateMessage: null,
    content,
    createdDate: now,
    systemModstamp: now,
    header: [],
    results: [],
  };
  job.batches.push(batch);
  return batch;
}

/** Marks a job as changed. */
export function setState({ org }: ApiContext, job: BulkJob, state: BulkJob['state']): void {
  job.state = state;
  job.systemModstamp = toApiDateTime(org.clock.now());
  if (state !== 'Aborted') return;
  for (const batch of job.batches) {
    if (batch.state === 'Queued' || batch.state === 'InProgress') batch.state = 'NotProcessed';
  }
}

function keyFieldOf({ access }: ApiContext, sobject: string, given: unknown): string {
  if (given === undefined) {
    throw invalidJob(`External ID was blank for ${sobject}. An External ID must be specified for upsert.`);
  }
  const field = access.object(sobject)?.field(textOf(given));
  if (field && (field.externalId || field.idLookup || field.type === 'id')) return field.name;
  throw invalidJob(`Field name provided, ${textOf(given)} does not match an External ID for ${sobject}`);
}

function oneOf<T extends string>(property: string, given: unknown, allowed: readonly T[]): T {
  const found = allowed.find((value) => value === given);
  if (found !== undefined) return found;
  throw apiError(400, 'API_ERROR', `Invalid value: '${textOf(given)}' supplied for property: '${property}'`);
}

function invalidJob(message: string): ApiError {
  return apiError(400, 'INVALIDJOB', `InvalidJob : ${message}`);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
}
