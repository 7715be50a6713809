import type { ApiContext } from '../rest/api-request';
import type { BulkBatch, BulkJob } from './bulk-jobs';
import { processBatch } from './process-batch';

/**
 * Has a batch processed after the answer to the request that started it: a client must ask for the job's state, as with a
 * real org. How long it takes is the setting `bulkProcessingMs`.
 *
 * @param onDone runs once the batch is completed or failed; not at all when the job was aborted or forgotten meanwhile.
 */
export function startBatch(context: ApiContext, job: BulkJob, batch: BulkBatch, onDone: () => void): void {
  const { org } = context;
  const run = (): void => {
    if (org.bulkJobs.find(job.id) !== job || batch.state !== 'InProgress') return;
    try {
      // What the user may do is asked again: it may have changed since.
      processBatch({ ...context, access: org.access(context.userId) }, job, batch);
    } catch (error) {
      // No request is there to answer it, so it is told to whoever runs the emulator.
      console.error(error);
      batch.state = 'Failed';
      batch.stateMessage = 'UNKNOWN_EXCEPTION : An unexpected error occurred in the emulator';
    }
    onDone();
  };
  batch.state = 'InProgress';
  setTimeout(run, org.settings.bulkProcessingMs).unref();
}
