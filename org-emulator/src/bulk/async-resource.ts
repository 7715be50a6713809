import { apiError, type ApiError } from '../rest/api-error';
import type { ApiContext, ApiResponse } from '../rest/api-request';
import { parseJobInfo, xmlAnswer } from './async-xml';
import { countRows, type BulkBatch, type BulkJob } from './bulk-jobs';
import { writeCsv } from './csv';
import { addBatch, openJob, setState } from './open-job';
import { rowErrorText } from './row-error-text';
import { startBatch } from './start-batch';

/** A request below `/services/async/NN.N`. */
export interface AsyncRequest {
  method: string;
  /** The path after the version: `['job', '750…', 'batch']`. */
  segments: string[];
  text: string;
}

/**
 * Bulk API 1.0, for jobs of CSV that write: `/job`, `/job/{id}`, its batches and their results.
 *
 * @throws ApiError with the codes of the other APIs; `asyncRefusal` tells it in the words of this one.
 * @see Bulk API 2.0 and Bulk API Developer Guide, "Bulk API"
 */
export function asyncResource(context: ApiContext, request: AsyncRequest): ApiResponse {
  const { method, segments } = request;
  const [resource, jobId, batches, batchId, part, ...rest] = segments;
  if (resource !== 'job' || (batches ?? 'batch') !== 'batch' || rest.length > 0) throw invalidUrl();
  if (jobId === undefined) {
    if (method !== 'POST') throw invalidUrl();
    return newJob(context, request);
  }
  const job = context.org.bulkJobs.find(jobId);
  if (job?.api !== '1.0') throw apiError(400, 'InvalidJob', `Invalid job id: ${jobId}`);
  if (batches === undefined) {
    if (method === 'POST') changeState(context, job, request);
    return xmlAnswer(200, 'jobInfo', jobInfo(job));
  }
  if (batchId === undefined) {
    if (method === 'POST') return upload(context, job, request);
    return xmlAnswer(200, 'batchInfoList', { batchInfo: job.batches.map((batch) => batchInfo(job, batch)) });
  }
  const batch = job.batches.find(({ id }) => id === batchId);
  if (!batch) throw apiError(400, 'InvalidBatch', `Invalid batch id: ${batchId}`);
  switch (part) {
    case undefined:
      return xmlAnswer(200, 'batchInfo', batchInfo(job, batch));
    case 'request':
      return { status: 200, text: { type: 'text/csv', content: batch.content } };
    case 'result':
      return batchResult(batch);
    default:
      throw invalidUrl();
  }
}

/** A refusal as Bulk API 1.0 tells it: an `error` element, its code in CamelCase; 400 for all that is the client's. */
export function asyncRefusal(error: ApiError): ApiResponse {
  const { errorCode = 'Unknown', message = '' } = error.entries[0] ?? {};
  const [exceptionCode, exceptionMessage = message.replace(/^InvalidJob : /, '')] = WORDS[errorCode] ?? [errorCode];
  return xmlAnswer(error.status >= 500 ? error.status : 400, 'error', { exceptionCode, exceptionMessage });
}

/** Codes that the other APIs have other words for. A message of its own where there is one. */
const WORDS: Record<string, [code: string, message?: string]> = {
  INVALID_SESSION_ID: ['InvalidSessionId', 'Invalid session id'],
  API_DISABLED_FOR_ORG: ['FeatureNotEnabled'],
  REQUEST_LIMIT_EXCEEDED: ['ExceededQuota'],
  INVALIDJOB: ['InvalidJob'],
  API_ERROR: ['InvalidJob'],
};

function newJob(context: ApiContext, { text }: AsyncRequest): ApiResponse {
  const asked = parseJobInfo(text);
  if (!asked) throw apiError(400, 'InvalidJob', 'The body must be a jobInfo element');
  return xmlAnswer(201, 'jobInfo', jobInfo(openJob(context, '1.0', asked)));
}

function changeState(context: ApiContext, job: BulkJob, { text }: AsyncRequest): void {
  const state = parseJobInfo(text)?.state;
  if (state !== 'Closed' && state !== 'Aborted') {
    throw apiError(400, 'InvalidJobState', `A job can be Closed or Aborted, not ${String(state)}`);
  }
  if (job.state !== 'Open') throw apiError(400, 'InvalidJobState', `The job is ${job.state}`);
  setState(context, job, state);
}

/** Each batch is processed as soon as it is there, whether its job is closed or not. */
function upload(context: ApiContext, job: BulkJob, { text }: AsyncRequest): ApiResponse {
  if (job.state !== 'Open') throw apiError(400, 'InvalidJobState', `The job is ${job.state}`);
  if (text.trim() === '') throw apiError(400, 'ClientInputError', 'The batch has no content');
  const batch = addBatch(context, job, text);
  const queued = batchInfo(job, batch);
  startBatch(context, job, batch, () => undefined);
  return xmlAnswer(201, 'batchInfo', queued);
}

function batchResult(batch: BulkBatch): ApiResponse {
  if (batch.state !== 'Completed') throw apiError(400, 'InvalidBatch', 'Batch not completed');
  const rows = batch.results.map(({ outcome }) => [
    outcome.success ? outcome.id : '',
    String(outcome.success),
    String(outcome.created === true),
    outcome.success ? '' : rowErrorText(outcome.error),
  ]);
  return {
    status: 200,
    text: { type: 'text/csv', content: writeCsv([['Id', 'Success', 'Created', 'Error'], ...rows]) },
  };
}

function jobInfo(job: BulkJob): Record<string, unknown> {
  const { processed, failed } = countRows(job.batches);
  const countOf = (state: BulkBatch['state']): number => job.batches.filter((batch) => batch.state === state).length;
  return {
    id: job.id,
    operation: job.operation,
    object: job.sobject,
    createdById: job.createdById,
    createdDate: asyncTime(job.createdDate),
    systemModstamp: asyncTime(job.systemModstamp),
    state: job.state,
    ...(job.keyField === null ? {} : { externalIdFieldName: job.keyField }),
    concurrencyMode: 'Parallel',
    contentType: 'CSV',
    numberBatchesQueued: countOf('Queued'),
    numberBatchesInProgress: countOf('InProgress'),
    numberBatchesCompleted: countOf('Completed'),
    numberBatchesFailed: countOf('Failed'),
    numberBatchesTotal: job.batches.length,
    numberRecordsProcessed: processed,
    numberRetries: 0,
    apiVersion: job.apiVersion.slice(1),
    ...(job.assignmentRuleId === null ? {} : { assignmentRuleId: job.assignmentRuleId }),
    numberRecordsFailed: failed,
    ...NO_TIMES,
  };
}

function batchInfo(job: BulkJob, batch: BulkBatch): Record<string, unknown> {
  const { processed, failed } = countRows([batch]);
  return {
    id: batch.id,
    jobId: job.id,
    state: batch.state,
    ...(batch.stateMessage === null ? {} : { stateMessage: batch.stateMessage }),
    createdDate: asyncTime(batch.createdDate),
    systemModstamp: asyncTime(batch.systemModstamp),
    numberRecordsProcessed: processed,
    numberRecordsFailed: failed,
    ...NO_TIMES,
  };
}

const NO_TIMES = { totalProcessingTime: 0, apiActiveProcessingTime: 0, apexProcessingTime: 0 };

/** This API writes its times with a Z. */
function asyncTime(dateTime: string): string {
  return dateTime.replace('+0000', 'Z');
}

function invalidUrl(): ApiError {
  return apiError(400, 'InvalidUrl', 'The address is no resource of the Bulk API');
}
