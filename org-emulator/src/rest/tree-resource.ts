import { parseRow } from '../dml/parse-row';
import { RowError } from '../dml/row-error';
import { insertRow } from '../dml/save';
import type { WriteContext } from '../dml/write-context';
import type { ObjectSchema } from '../schema/object-schema';
import { apiError, methodNotAllowed, notFound } from './api-error';
import type { ApiContext, ApiRequest, ApiResponse } from './api-request';
import { writeContextOf } from './write-headers';

const MAX_RECORDS = 200;
const MAX_DEPTH = 5;

/** A record of a tree: its fields, and its children by the name of their relationship. */
type TreeRecord = Record<string, unknown>;

interface TreeError {
  referenceId: string;
  errors: unknown[];
}

/**
 * `POST /composite/tree/X`: records with their children, all or none.
 *
 * @see REST API Developer Guide, "sObject Tree"
 */
export function treeResource(context: ApiContext, request: ApiRequest, sobject: string): ApiResponse {
  if (request.method !== 'POST') throw methodNotAllowed(request.method, ['POST']);
  const object = context.access.object(sobject);
  if (!object) throw notFound();
  const write = writeContextOf(context, request);
  const records = recordsOf(request.body);
  if (!records) throw apiError(400, 'JSON_PARSER_ERROR', 'The request needs a list of "records"');
  const created: { referenceId: string; id: string }[] = [];
  const failed: TreeError[] = [];
  const run = new TreeWriter(write, created, failed);
  context.org.store.transaction((rollback) => {
    for (const record of records) run.create(object, record, {}, 1);
    if (created.length + failed.length > MAX_RECORDS) {
      rollback();
      throw apiError(400, 'INVALID_INPUT', `The tree has more than ${MAX_RECORDS} records`);
    }
    if (failed.length > 0) rollback();
  });
  if (failed.length > 0) return { status: 400, body: { hasErrors: true, results: failed } };
  return { status: 201, body: { hasErrors: false, results: created } };
}

class TreeWriter {
  constructor(
    private readonly write: WriteContext,
    private readonly created: { referenceId: string; id: string }[],
    private readonly failed: TreeError[],
  ) {}

  create(object: ObjectSchema, record: TreeRecord, parent: TreeRecord, depth: number): void {
    const referenceId = referenceOf(record);
    if (depth > MAX_DEPTH) throw apiError(400, 'INVALID_INPUT', `The tree is deeper than ${MAX_DEPTH} levels`);
    const children = Object.entries(record).flatMap(([name, value]) => {
      const relation = object.childRelationship(name);
      const records = recordsOf(value);
      return relation && records ? [{ name, relation, records }] : [];
    });
    const fields = { ...record, ...parent };
    for (const { name } of children) delete fields[name];
    try {
      const id = insertRow(this.write, object, parseRow(this.write, object, fields, 'create'));
      this.created.push({ referenceId, id });
      for (const { relation, records } of children) {
        const child = this.write.access.object(relation.childSObject);
        if (!child) throw new RowError('INVALID_TYPE', `sObject type '${relation.childSObject}' is not supported.`);
        for (const inner of records) this.create(child, inner, { [relation.field]: id }, depth + 1);
      }
    } catch (error) {
      if (!(error instanceof RowError)) throw error;
      this.failed.push({ referenceId, errors: [error.toResult()] });
    }
  }
}

function recordsOf(value: unknown): TreeRecord[] | undefined {
  const { records } = (typeof value === 'object' ? (value ?? {}) : {}) as { records?: unknown };
  return Array.isArray(records) ? (records as TreeRecord[]) : undefined;
}

function referenceOf(record: TreeRecord): string {
  const { referenceId } = (record.attributes ?? {}) as { referenceId?: unknown };
  if (typeof referenceId === 'string') return referenceId;
  throw apiError(400, 'INVALID_INPUT', 'Each record of a tree needs attributes with a referenceId');
}
