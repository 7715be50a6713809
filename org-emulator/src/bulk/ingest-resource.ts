import { apiError, methodNotAllowed, notFound } from '../rest/api-error';
import type { ApiContext, ApiRequest, ApiResponse } from '../rest/api-request';
import { countRows, type BulkJob } from './bulk-jobs';
import { writeCsv } from './csv';
import { addBatch, openJob, setState } from './open-job';
import { rowErrorText } from './row-error-text';
import { startBatch } from './start-batch';

/**
 * Bulk API 2.0: `/jobs/ingest`, `/jobs/ingest/{id}` and what is below it.
 *
 * @see Bulk API 2.0 and Bulk API Developer Guide, "Bulk API 2.0 Ingest"
 */
export function ingestResource(context: ApiContext, request: ApiRequest): ApiResponse {
  const [, , id, part, ...rest] = request.segments;
  if (rest.length > 0) throw notFound();
  if (id === undefined) return jobs(context, request);
  const job = context.org.bulkJobs.find(id);
  if (job?.api !== '2.0') throw notFound();
  switch (part) {
    case undefined:
      return oneJob(context, request, job);
    case 'batches':
      return upload(context, request, job);
    case 'successfulResults':
      return results(request, job, ['sf__Id', 'sf__Created'], successfulRows(job));
    case 'failedResults':
      return results(request, job, ['sf__Id', 'sf__Error'], failedRows(job));
    case 'unprocessedrecords':
      return unprocessed(request, job);
    default:
      throw notFound();
  }
}

function jobs(context: ApiContext, request: ApiRequest): ApiResponse {
  if (request.method === 'GET') {
    const records = context.org.bulkJobs.list().filter(({ api }) => api === '2.0');
    return { status: 200, body: { done: true, records: records.map(jobInfo), nextRecordsUrl: null } };
  }
  if (request.method !== 'POST') throw methodNotAllowed(request.method, ['GET', 'HEAD', 'POST']);
  const job = openJob(context, '2.0', request.body ?? {});
  const contentUrl = `services/data/${job.apiVersion}/jobs/ingest/${job.id}/batches`;
  const { lineEnding, columnDelimiter } = job;
  return { status: 200, body: { ...jobHead(job), contentUrl, lineEnding, columnDelimiter } };
}

function oneJob(context: ApiContext, request: ApiRequest, job: BulkJob): ApiResponse {
  switch (request.method) {
    case 'GET':
      return { status: 200, body: jobInfo(job) };
    case 'PATCH':
      changeState(context, job, (request.body as { state?: unknown } | undefined)?.state);
      return { status: 200, body: jobHead(job) };
    case 'DELETE':
      if (job.state === 'Open' || job.state === 'InProgress') {
        throw invalidState(`Deleting a job in state ${job.state} is not allowed`);
      }
      context.org.bulkJobs.remove(job.id);
      return { status: 204 };
    default:
      throw methodNotAllowed(request.method, ['DELETE', 'GET', 'HEAD', 'PATCH']);
  }
}

function changeState(context: ApiContext, job: BulkJob, state: unknown): void {
  const isFinished = ['JobComplete', 'Failed', 'Aborted'].includes(job.state);
  if (state === 'Aborted' && !isFinished) {
    setState(context, job, 'Aborted');
    return;
  }
  if (state !== 'UploadComplete' && state !== 'Aborted') {
    throw apiError(400, 'API_ERROR', `Invalid value: '${String(state)}' supplied for property: 'state'`);
  }
  if (job.state !== 'Open') throw invalidState(`The job is in state ${job.state}, not Open`);
  const batch = job.batches[0] ?? addBatch(context, job, '');
  setState(context, job, 'UploadComplete');
  startBatch(context, job, batch, () => {
    setState(context, job, batch.state === 'Failed' ? 'Failed' : 'JobComplete');
  });
}

function upload(context: ApiContext, request: ApiRequest, job: BulkJob): ApiResponse {
  if (request.method !== 'PUT') throw methodNotAllowed(request.method, ['PUT']);
  if (job.state !== 'Open') throw invalidState(`The job is in state ${job.state}, not Open`);
  if (job.batches.length > 0) {
    throw apiError(
      400,
      'BULK_API_ERROR',
      `Found multiple contents for job: <${job.id.slice(0, 15)}>, please 'Close' / 'Abort' / 'Delete' the current Job then create a new Job and make sure you only do 'PUT' once on a given Job.`,
    );
  }
  addBatch(context, job, request.bodyText ?? '');
  return { status: 201 };
}

/** A job as the answers to its creation and its changes tell it. */
function jobHead(job: BulkJob): Record<string, unknown> {
  return {
    id: job.id,
    operation: job.operation,
    object: job.sobject,
    createdById: job.createdById,
    createdDate: job.createdDate,
    systemModstamp: job.systemModstamp,
    state: job.state,
    ...(job.keyField === null ? {} : { externalIdFieldName: job.keyField }),
    ...(job.assignmentRuleId === null ? {} : { assignmentRuleId: job.assignmentRuleId }),
    concurrencyMode: 'Parallel',
    contentType: 'CSV',
    apiVersion: Number(job.apiVersion.slice(1)),
  };
}

function jobInfo(job: BulkJob): Record<string, unknown> {
  const { processed, failed } = countRows(job.batches);
  const errorMessage = job.batches[0]?.stateMessage ?? null;
  return {
    ...jobHead(job),
    state: stateOf(job),
    jobType: 'V2Ingest',
    lineEnding: job.lineEnding,
    columnDelimiter: job.columnDelimiter,
    numberRecordsProcessed: processed,
    numberRecordsFailed: failed,
    retries: 0,
    totalProcessingTime: 0,
    apiActiveProcessingTime: 0,
    apexProcessingTime: 0,
    ...(errorMessage === null ? {} : { errorMessage }),
  };
}

/** A closed job is in progress as soon as its batch is. */
function stateOf(job: BulkJob): BulkJob['state'] {
  return job.state === 'UploadComplete' && job.batches[0]?.state === 'InProgress' ? 'InProgress' : job.state;
}

function successfulRows(job: BulkJob): string[][] {
  return job.batches
    .flatMap((batch) => batch.results)
    .flatMap(({ cells, outcome }) =>
      outcome.success ? [[outcome.id, String(outcome.created === true), ...cells]] : [],
    );
}

function failedRows(job: BulkJob): string[][] {
  return job.batches
    .flatMap((batch) => batch.results)
    .flatMap(({ cells, outcome }) => (outcome.success ? [] : [['', rowErrorText(outcome.error), ...cells]]));
}

function results(request: ApiRequest, job: BulkJob, columns: string[], rows: string[][]): ApiResponse {
  const header = job.batches[0]?.header ?? [];
  return csvAnswer(request, writeCsv([[...columns, ...header], ...rows]));
}

/** What a failed or aborted job left undone, as it was uploaded. */
function unprocessed(request: ApiRequest, job: BulkJob): ApiResponse {
  const isUndone = job.state === 'Failed' || job.state === 'Aborted';
  return csvAnswer(request, isUndone ? (job.batches[0]?.content ?? '') : writeCsv([job.batches[0]?.header ?? []]));
}

function csvAnswer(request: ApiRequest, content: string): ApiResponse {
  if (request.method !== 'GET') throw methodNotAllowed(request.method, ['GET', 'HEAD']);
  return { status: 200, text: { type: 'text/csv', content } };
}

function invalidState(message: string): ReturnType<typeof apiError> {
  return apiError(400, 'INVALIDJOBSTATE', `InvalidJobState : ${message}`);
}
