import { OWN_CODES } from './error-table';
import { QueryFailedError, TooManyRowsError } from './errors';
import { isJson, jsonList, type Json } from './json';
import { MAX_SOQL } from './soql';

/** Subrequests of one composite call. */
export const MAX_SUBREQUESTS = 25;
/** Subrequests of one composite call that may be queries or collections, all together. */
export const MAX_QUERY_OR_COLLECTION = 5;
/** Rows of one collection. */
export const MAX_ROWS = 200;
/** Runs of rows of the same type in one collection. Rows sorted by type make one run for each type. */
export const MAX_TYPE_RUNS = 10;

/**
 * One subrequest of a composite call.
 *
 * @see https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_composite.htm
 */
export interface CompositeRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/services/data/vNN.0`, as `/queryAll?q=...`, percent-encoded. The connection puts the version before it. */
  path: string;
  /** Unique within the call; starts with a letter, then letters, digits and underscores. */
  referenceId: string;
  httpHeaders?: Record<string, string>;
  body?: unknown;
}

/** What became of one subrequest. The call as a whole succeeded, or there would be no answer to read. */
export interface CompositeAnswer {
  referenceId: string;
  /** HTTP status of the subrequest. */
  status: number;
  /** Null where the subrequest has no body (204, 304). */
  body: unknown;
  /** Of the subrequest, in lower case. */
  headers?: Readonly<Record<string, string>>;
}

/** A record as a query gives it. */
export interface SalesforceRecord {
  attributes?: { type: string; url?: string };
  [field: string]: unknown;
}

/**
 * A row to write: API names and values. A nested reference (`Who`) names its type first, in `attributes`, then the one
 * external id: `{ attributes: { type: 'Contact' }, Booking_Customer_Id__c: '...' }`.
 */
export type Row = Record<string, unknown>;

/** A row that says its object. */
export type TypedRow = Row & { attributes: { type: string } };

/** A row that says its object and its record id, in `Id`. */
export type RowWithId = TypedRow & { Id: string };

/** How the org treats the rows of one subrequest. */
export interface WriteOptions {
  /** Whether the org's assignment rules choose the owner of Leads, Cases and Accounts. Default false. */
  autoAssign?: boolean;
  /** Whether to save where a duplicate rule only warns. Default false: the row is refused with DUPLICATES_DETECTED. */
  allowDuplicates?: boolean;
}

/** Why a row was refused, in Salesforce's words. `message` may quote values: `redact` it before it is logged. */
export interface RowError {
  code: string;
  message: string;
  /** API names; often empty. */
  fields: string[];
  /**
   * Records that a duplicate rule or an ambiguous key found. Single rows answer with them; rows of a collection that
   * a duplicate rule refused do not, so those are sent again as single rows to learn the ids.
   */
  duplicateIds?: { sobject: string; id: string }[];
}

/** What became of a row. `created` is null where the operation does not say (everything but an upsert). */
export type RowResult = { success: true; id: string; created: boolean | null } | { success: false; errors: RowError[] };

/**
 * A query. The statement travels in the body of the call, so its length is bounded by SOQL alone.
 *
 * @param options `all` also finds deleted and archived records (`/queryAll`).
 * @throws RangeError when the statement is longer than SOQL takes.
 */
export function queryRequest(referenceId: string, soql: string, options: { all?: boolean } = {}): CompositeRequest {
  if (soql.length > MAX_SOQL) throw new RangeError(`A SOQL statement holds at most ${MAX_SOQL} characters`);
  return {
    method: 'GET',
    path: `${options.all === true ? '/queryAll' : '/query'}?q=${encodeURIComponent(soql)}`,
    referenceId,
  };
}

/** Describe of one object. Neither a query nor a collection: 25 fit into a call. */
export function describeRequest(referenceId: string, sobject: string): CompositeRequest {
  return { method: 'GET', path: `/sobjects/${encodeURIComponent(sobject)}/describe`, referenceId };
}

/**
 * Creates or updates rows of one object by external id; each row stands for itself.
 *
 * @param externalIdField its value must be in each row, and no value twice: Salesforce refuses all rows that share one.
 * @param records 1 to 200 rows of `sobject`, without a record id.
 * @throws RangeError for no rows, too many, or two with the same key (compared without case, as Salesforce may).
 * @see https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections_upsert.htm
 */
export function upsertRows(
  referenceId: string,
  sobject: string,
  externalIdField: string,
  records: readonly Row[],
  options: WriteOptions = {},
): CompositeRequest {
  const keys = records.map((record) => record[externalIdField]);
  if (keys.some((key) => typeof key !== 'string' || key === '')) {
    throw new RangeError(`Expected a value of ${externalIdField} in each row of ${referenceId}`);
  }
  if (new Set(keys.map((key) => String(key).toLowerCase())).size < keys.length) {
    throw new RangeError(`Expected each value of ${externalIdField} once in ${referenceId}`);
  }
  const typed = records.map((record) => ({ ...record, attributes: { type: sobject } }));
  const path = `/composite/sobjects/${encodeURIComponent(sobject)}/${encodeURIComponent(externalIdField)}`;
  return collection('PATCH', path, referenceId, typed, options);
}

/**
 * Updates rows by record id; each row stands for itself. Rows may be of several objects, sorted by object.
 *
 * @throws RangeError for no rows, more than 200, or more than ten changes of type from row to row.
 * @see https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections_update.htm
 */
export function updateRows(
  referenceId: string,
  records: readonly RowWithId[],
  options: WriteOptions = {},
): CompositeRequest {
  // The documented spelling of the key is `id`, whatever the field is called in queries.
  const rows = records.map(({ Id, ...rest }): TypedRow => ({ ...(rest as TypedRow), id: Id }));
  return collection('PATCH', '/composite/sobjects', referenceId, rows, options);
}

/**
 * Creates rows; each row stands for itself. Not safe to repeat: for objects without an external id only.
 *
 * @throws RangeError as {@link updateRows}.
 * @see https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections_create.htm
 */
export function createRows(
  referenceId: string,
  records: readonly TypedRow[],
  options: WriteOptions = {},
): CompositeRequest {
  return collection('POST', '/composite/sobjects', referenceId, records, options);
}

/**
 * Deletes records by id; each stands for itself.
 *
 * @throws RangeError for no ids or more than 200.
 * @see https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections_delete.htm
 */
export function deleteRows(referenceId: string, ids: readonly string[]): CompositeRequest {
  checkRowCount(referenceId, ids.length);
  const list = ids.map(encodeURIComponent).join(',');
  return { method: 'DELETE', path: `/composite/sobjects?ids=${list}&allOrNone=false`, referenceId };
}

/**
 * Creates or updates one row by external id. Not one of the five collections of a call, and its refusal by a duplicate
 * rule carries the ids that were found. A row that was built for a collection may be given as it is: its `attributes`
 * and the key are left out of the body, where Salesforce does not want them.
 *
 * @throws RangeError for a key that cannot stand in a path.
 * @see https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_upsert.htm
 */
export function upsertRow(
  referenceId: string,
  sobject: string,
  externalIdField: string,
  key: string,
  record: Row,
  options: WriteOptions = {},
): CompositeRequest {
  if (key === '' || key === '.' || key === '..')
    throw new RangeError(`Expected a key of ${referenceId} that can stand in a path`);
  const body = Object.fromEntries(
    Object.entries(record).filter(([name]) => name !== 'attributes' && name !== externalIdField),
  );
  return {
    method: 'PATCH',
    path: `/sobjects/${encodeURIComponent(sobject)}/${encodeURIComponent(externalIdField)}/${encodeURIComponent(key)}`,
    referenceId,
    httpHeaders: writeHeaders(options),
    body,
  };
}

/** Changes one record by id: outside the five collections of a call, and refused or written alone. */
export function updateRow(
  referenceId: string,
  sobject: string,
  id: string,
  record: Row,
  options: WriteOptions = {},
): CompositeRequest {
  return {
    method: 'PATCH',
    path: `/sobjects/${encodeURIComponent(sobject)}/${encodeURIComponent(id)}`,
    referenceId,
    httpHeaders: writeHeaders(options),
    body: record,
  };
}

/**
 * The headers that keep the org from choosing owners and from saving duplicates. Only three other headers are inherited
 * from the outer request, so each write carries its own.
 *
 * @see https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_autoassign.htm
 * @see https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_duplicaterules.htm
 */
export function writeHeaders(options: WriteOptions = {}): Record<string, string> {
  return {
    'Sforce-Auto-Assign': options.autoAssign === true ? 'TRUE' : 'FALSE',
    'Sforce-Duplicate-Rule-Header': `allowSave=${options.allowDuplicates === true}`,
  };
}

/** Whether the subrequest takes one of the five places for queries and collections. */
export function isQueryOrCollection(request: CompositeRequest): boolean {
  return /^\/(?:query|queryAll|composite\/sobjects)(?:[/?]|$)/.test(request.path);
}

/**
 * Checks a call against the documented limits before it costs anything.
 *
 * @throws RangeError when there are no subrequests, too many, more than five queries and collections, or reference ids
 *   that are malformed or not unique.
 */
export function checkComposite(requests: readonly CompositeRequest[]): void {
  if (requests.length === 0 || requests.length > MAX_SUBREQUESTS) {
    throw new RangeError(`A composite call takes 1 to ${MAX_SUBREQUESTS} subrequests, got ${requests.length}`);
  }
  const heavy = requests.filter(isQueryOrCollection).length;
  if (heavy > MAX_QUERY_OR_COLLECTION) {
    throw new RangeError(`A composite call takes ${MAX_QUERY_OR_COLLECTION} queries and collections, got ${heavy}`);
  }
  const ids = requests.map((request) => request.referenceId);
  if (ids.some((id) => !/^[A-Za-z]\w*$/.test(id)) || new Set(ids).size < ids.length) {
    throw new RangeError(`Expected reference ids of letters, digits and underscores, each once, got ${ids.join(', ')}`);
  }
}

/**
 * What became of each row, in the order in which the rows were sent. Reads collections (`statusCode` in the errors),
 * single rows (`errorCode`), and a subrequest that was refused as a whole, whose error every row then gets. A row that
 * the answer says nothing about counts as NO_RESULT_FOR_ROW: it may have been written.
 *
 * @param rowCount how many rows were sent; 1 for a single row.
 * @returns exactly `rowCount` results. The id of a single row that was updated without an answer body (204) is ''.
 */
export function readRows(answer: CompositeAnswer, rowCount: number): RowResult[] {
  const { body, status } = answer;
  const succeeded = status >= 200 && status < 300;
  // Rolled-back collections were seen with 200 and with 400, so the shape of the body decides, not the status.
  if (Array.isArray(body) && body.some((row) => isJson(row) && 'success' in row)) {
    return Array.from({ length: rowCount }, (_, index) => readRow(body[index]));
  }
  if (succeeded && isJson(body)) return Array.from({ length: rowCount }, () => readRow(body));
  if (succeeded && rowCount === 1 && body === null && status === 204) return [{ success: true, id: '', created: null }];
  if (succeeded) return Array.from({ length: rowCount }, () => readRow(undefined));
  const errors = readErrors(status, body);
  return Array.from({ length: rowCount }, () => ({ success: false, errors }));
}

/**
 * The records that a query found.
 *
 * Follows no pages: a page costs one of the five places of the call even when it turns out empty, and the read call uses
 * all five for questions. So a result of more than one page (about 2,000 rows) asks the caller for a smaller batch.
 *
 * @throws QueryFailedError when the query was refused, TooManyRowsError when there is another page.
 * @see https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_query.htm
 */
export function readRecords(answer: CompositeAnswer): SalesforceRecord[] {
  const { body, status, referenceId } = answer;
  if (status < 200 || status >= 300 || !isJson(body) || !Array.isArray(body.records)) {
    throw new QueryFailedError(referenceId, { ...readErrors(status, body)[0], status });
  }
  if (body.done === false) {
    const totalSize = typeof body.totalSize === 'number' ? body.totalSize : body.records.length;
    throw new TooManyRowsError(referenceId, totalSize);
  }
  return jsonList(body.records);
}

/**
 * The errors of a refused request, in either of Salesforce's envelopes, whatever the body holds. Never empty: a body
 * that says nothing readable (a web page, nothing) gives `ERROR_HTTP_<status>` with an empty message.
 */
export function readErrors(status: number, body: unknown): [RowError, ...RowError[]] {
  if (status === 300 && Array.isArray(body)) return [multipleChoices(body)];
  const errors = jsonList(Array.isArray(body) ? body : [body]).map(readError);
  const [first, ...others] = errors.filter((error) => error.code !== '');
  return first === undefined ? [{ code: `ERROR_HTTP_${status}`, message: '', fields: [] }] : [first, ...others];
}

function collection(
  method: 'POST' | 'PATCH',
  path: string,
  referenceId: string,
  records: readonly TypedRow[],
  options: WriteOptions,
): CompositeRequest {
  checkRowCount(referenceId, records.length);
  const runs = records.filter((row, index) => row.attributes.type !== records[index - 1]?.attributes.type).length;
  if (runs > MAX_TYPE_RUNS) {
    throw new RangeError(`A collection takes ${MAX_TYPE_RUNS} runs of rows of one type, got ${runs} in ${referenceId}`);
  }
  // `attributes` first: Salesforce refuses a reference whose type comes after other fields.
  const rows = records.map(({ attributes, ...rest }) => ({ attributes: { type: attributes.type }, ...rest }));
  return { method, path, referenceId, httpHeaders: writeHeaders(options), body: { allOrNone: false, records: rows } };
}

function checkRowCount(referenceId: string, count: number): void {
  if (count === 0 || count > MAX_ROWS) {
    throw new RangeError(`A collection takes 1 to ${MAX_ROWS} rows, got ${count} in ${referenceId}`);
  }
}

function readRow(row: unknown): RowResult {
  if (!isJson(row)) return { success: false, errors: [{ code: OWN_CODES.rowMissing, message: '', fields: [] }] };
  if (row.success === true && typeof row.id === 'string') {
    return { success: true, id: row.id, created: typeof row.created === 'boolean' ? row.created : null };
  }
  const errors = jsonList(row.errors)
    .map(readError)
    .filter((error) => error.code !== '');
  return {
    success: false,
    errors: errors.length > 0 ? errors : [{ code: OWN_CODES.rowMissing, message: '', fields: [] }],
  };
}

function readError(error: Json): RowError {
  const code = [error.errorCode, error.statusCode].find((value): value is string => typeof value === 'string');
  const read: RowError = {
    code: code ?? '',
    message: typeof error.message === 'string' ? error.message : '',
    fields: Array.isArray(error.fields) ? error.fields.filter((field) => typeof field === 'string') : [],
  };
  // Salesforce spells the key `duplicateResut`; the other spelling is there for the day it is mended.
  const duplicates = error.duplicateResut ?? error.duplicateResult;
  if (isJson(duplicates)) read.duplicateIds = duplicateIds(duplicates);
  return read;
}

function duplicateIds(duplicates: Json): { sobject: string; id: string }[] {
  return jsonList(duplicates.matchResults).flatMap((result) =>
    jsonList(result.matchRecords).flatMap((match) => {
      const record = isJson(match.record) ? match.record : {};
      const type = isJson(record.attributes) ? record.attributes.type : result.entityType;
      return typeof record.Id === 'string' && typeof type === 'string' ? [{ sobject: type, id: record.Id }] : [];
    }),
  );
}

/** HTTP 300: the body lists the addresses of all records that carry the key. */
function multipleChoices(urls: unknown[]): RowError {
  const found = urls.flatMap((url) => {
    const [, sobject, id] = (typeof url === 'string' ? /\/sobjects\/(\w+)\/(\w+)$/.exec(url) : null) ?? [];
    return sobject !== undefined && id !== undefined ? [{ sobject, id }] : [];
  });
  return {
    code: OWN_CODES.multipleChoices,
    message: 'Several records carry this key',
    fields: [],
    duplicateIds: found,
  };
}

/** The answer to one subrequest of a call. Throws TypeError when there is none: `composite` answers each. */
export function answerOf(answers: ReadonlyMap<string, CompositeAnswer>, referenceId: string): CompositeAnswer {
  const answer = answers.get(referenceId);
  if (answer === undefined) throw new TypeError(`Expected an answer for ${referenceId}, got none.`);
  return answer;
}
