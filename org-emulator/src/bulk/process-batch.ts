import {
  createSteps,
  deleteStep,
  readSteps,
  runSteps,
  updateSteps,
  upsertSteps,
  type InputRow,
  type RowOutcome,
  type Step,
} from '../dml/row-steps';
import { RowError } from '../dml/row-error';
import type { WriteContext } from '../dml/write-context';
import { toApiDateTime } from '../records/timestamps';
import type { ApiContext } from '../rest/api-request';
import type { ObjectSchema } from '../schema/object-schema';
import type { BulkBatch, BulkJob } from './bulk-jobs';
import { CsvFormatError, DELIMITERS, lineEndingOf, readCsv } from './csv';
import { columnsOf, InvalidBatchError, inputRow, type Column } from './csv-columns';

/** The platform saves the rows of a batch so many at a time, each chunk one transaction of its automation. */
const CHUNK_ROWS = 200;

/** Writes the rows of a batch and keeps what became of each. A header that is not understood fails the whole batch. */
export function processBatch(context: ApiContext, job: BulkJob, batch: BulkBatch): void {
  batch.systemModstamp = toApiDateTime(context.org.clock.now());
  try {
    const object = context.access.object(job.sobject);
    if (!object) throw new InvalidBatchError(`InvalidJob : Unable to find object: ${job.sobject}`);
    checkLineEnding(job, batch.content);
    const { header, rows } = readCsv(batch.content, DELIMITERS[job.columnDelimiter] ?? ',');
    const columns = columnsOf(context.access, object, header);
    batch.header = header;
    for (let from = 0; from < rows.length; from += CHUNK_ROWS) {
      const chunk = rows.slice(from, from + CHUNK_ROWS);
      const outcomes = writeChunk(context, job, object, columns, chunk);
      outcomes.forEach((outcome, at) => batch.results.push({ cells: chunk[at] ?? [], outcome }));
    }
    batch.state = 'Completed';
  } catch (error) {
    if (!(error instanceof InvalidBatchError || error instanceof CsvFormatError)) throw error;
    batch.state = 'Failed';
    batch.stateMessage =
      error instanceof CsvFormatError ? `InvalidBatch : Failed to parse CSV: ${error.message}` : error.message;
  }
}

function checkLineEnding(job: BulkJob, content: string): void {
  const ending = lineEndingOf(content);
  if (job.api === '1.0' || ending === undefined || ending === job.lineEnding) return;
  throw new InvalidBatchError(
    `ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is ${job.lineEnding}`,
  );
}

function writeChunk(
  context: ApiContext,
  job: BulkJob,
  object: ObjectSchema,
  columns: Column[],
  chunk: string[][],
): RowOutcome[] {
  const { org } = context;
  const write: WriteContext = {
    ...context,
    autoAssign: job.assignmentRuleId !== null,
    duplicateRules: { allowSave: false, includeRecordDetails: false, runAsCurrentUser: false },
    rowsInTransaction: chunk.length,
  };
  const rows = chunk.map((cells): InputRow | RowError => {
    try {
      return inputRow(object, columns, cells);
    } catch (error) {
      if (error instanceof RowError) return error;
      throw error;
    }
  });
  const understood = rows.filter((row): row is InputRow => !(row instanceof RowError));
  const read = stepsOf(write, job, object, understood);
  const steps = rows.flatMap((row): Step[] => (row instanceof RowError ? [{ error: row }] : readSteps([row], read)));
  return org.store.transaction(() => runSteps(steps)).map((outcome) => ({ ...outcome, ...createdOf(job, outcome) }));
}

function stepsOf(write: WriteContext, job: BulkJob, object: ObjectSchema, rows: InputRow[]): (row: InputRow) => Step {
  switch (job.operation) {
    case 'insert':
      return createSteps(write);
    case 'update':
      return updateSteps(write);
    case 'delete':
      return (row) => deleteStep(write, idOf(row));
    case 'hardDelete':
      return (row) => {
        const step = deleteStep(write, idOf(row));
        if ('error' in step) return step;
        return {
          run: () => {
            const id = step.run();
            const found = write.org.store.find(id);
            if (found) write.org.store.put(found.object, id, undefined);
            return id;
          },
        };
      };
    case 'upsert': {
      const key = object.field(job.keyField ?? '');
      if (key && key.type !== 'id') return upsertSteps(write, object, key, rows);
      const [update, create] = [updateSteps(write), createSteps(write)];
      return (row) => (row.Id === undefined ? { ...create(row), created: true } : { ...update(row), created: false });
    }
  }
}

/** The id that a row to be deleted names; an empty text when it names none. */
function idOf({ Id }: InputRow): string {
  return typeof Id === 'string' ? Id : '';
}

/** Every row of a bulk result says whether it was created. */
function createdOf({ operation }: BulkJob, { success, created }: RowOutcome): { created: boolean } {
  return { created: success && (operation === 'insert' || created === true) };
}
