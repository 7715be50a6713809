import { canReadRow } from '../org/sharing';
import { parseDateTime } from '../records/timestamps';
import type { StoredRecord } from '../records/table';
import type { ObjectSchema } from '../schema/object-schema';
import { apiError, methodNotAllowed } from './api-error';
import type { ApiContext, ApiRequest, ApiResponse } from './api-request';

/** `GET /sobjects/X/updated?start=…&end=…`: ids of the rows that were created or changed in that time. */
export function updatedRecords(context: ApiContext, request: ApiRequest, object: ObjectSchema): ApiResponse {
  const span = spanOf(request);
  const ids = rowsWithin(context, object, span, false).map((row) => row.Id);
  return { status: 200, body: { ids, latestDateCovered: span.end } };
}

/** `GET /sobjects/X/deleted?start=…&end=…`: the rows that went to the recycle bin in that time and are still there. */
export function deletedRecords(context: ApiContext, request: ApiRequest, object: ObjectSchema): ApiResponse {
  const span = spanOf(request);
  const rows = rowsWithin(context, object, span, true).map((row) => ({ deletedDate: row.SystemModstamp, id: row.Id }));
  return {
    status: 200,
    body: { deletedRecords: rows, earliestDateAvailable: span.start, latestDateCovered: span.end },
  };
}

/** A span of time as the API answers date-times; the platform goes by whole minutes, the end included. */
interface Span {
  start: string;
  end: string;
}

function spanOf(request: ApiRequest): Span {
  if (request.method !== 'GET') throw methodNotAllowed(request.method, ['GET', 'HEAD']);
  const [start, end] = ['start', 'end'].map((name) => minuteOf(request.query.get(name), name));
  if (start === undefined || end === undefined || start > end) {
    throw apiError(400, 'INVALID_REPLICATION_DATE', 'startDate cannot be after endDate');
  }
  return { start, end };
}

function minuteOf(text: string | null, name: string): string {
  if (text === null) throw apiError(400, 'MISSING_ARGUMENT', `${name} is required`);
  // An unescaped plus in a query string reads as a space.
  const instant = parseDateTime(text.replace(' ', '+'));
  if (instant === null) throw apiError(400, 'INVALID_REPLICATION_DATE', `${name} is no date-time: ${text}`);
  return `${instant.slice(0, 16)}:00.000+0000`;
}

function rowsWithin(context: ApiContext, object: ObjectSchema, span: Span, isDeleted: boolean): StoredRecord[] {
  const { org, access } = context;
  return [...org.store.table(object).all()].filter((row) => {
    const changedAt = row.SystemModstamp;
    if ((row.IsDeleted === true) !== isDeleted || typeof changedAt !== 'string') return false;
    const minute = `${changedAt.slice(0, 16)}:00.000+0000`;
    return span.start <= minute && minute <= span.end && canReadRow(org, access, object, row);
  });
}
