import type { Query, Subquery } from '@jetstreamapp/soql-parser-js';
import type { UserAccess } from '../org/access';
import type { Org } from '../org/org';
import { jsonOfField } from '../records/read-field';
import type { StoredRecord } from '../records/table';
import type { ObjectSchema } from '../schema/object-schema';
import { followLookup, resolvePath, valueOf, type FieldPath } from './field-path';
import { withoutAlias } from './filter';
import { malformedQuery, queryErrorAtName } from './query-error';

/** The JSON of a record in an answer. */
export type RecordJson = { attributes: { type: string; url?: string } } & Record<string, unknown>;

/** Whose query it is. */
export interface SelectContext {
  org: Org;
  access: UserAccess;
  apiVersion: string;
}

/** The columns of a query, ready to be read from rows. */
export interface SelectList {
  /** Whether a long text is among them, which makes pages shorter. */
  hasLongText: boolean;
  render(row: StoredRecord): RecordJson;
}

/** What runs a child query for a parent row; null when it has no children. */
export type ChildQuery = (row: StoredRecord) => unknown;

/**
 * Understands the SELECT list of a plain query.
 *
 * @param childQuery compiles a child subquery.
 * @throws ApiError for columns that are not there, named twice, or of a kind that the emulator does not answer.
 */
export function compileSelect(
  context: SelectContext,
  object: ObjectSchema,
  query: Query,
  soql: string,
  childQuery: (subquery: Subquery) => ChildQuery,
): SelectList {
  const { org, access, apiVersion } = context;
  const paths: FieldPath[] = [];
  const children: [name: string, run: ChildQuery][] = [];
  const seen = new Set<string>();
  for (const column of query.fields ?? []) {
    if (column.type === 'FieldSubquery') {
      children.push([column.subquery.relationshipName, childQuery(column.subquery)]);
      continue;
    }
    if (column.type !== 'Field' && column.type !== 'FieldRelationship') {
      throw malformedQuery(`unexpected token: '${'rawValue' in column ? (column.rawValue ?? '') : column.type}'`);
    }
    const raw = column.type === 'Field' ? column.field : [...column.relationships, column.field].join('.');
    const name = withoutAlias(raw, query.sObjectAlias);
    const path = resolvePath(access, object, name, soql);
    const key = path.names.join('.').toLowerCase();
    if (seen.has(key)) throw queryErrorAtName(soql, name, 'INVALID_FIELD', `duplicate field selected: ${name}`);
    seen.add(key);
    paths.push(path);
  }
  return {
    hasLongText: paths.some(({ field }) => field.type === 'textarea' && field.length > 255),
    render: (row) => {
      const json: RecordJson = { attributes: attributesOf(object.name, object.name, row, apiVersion) };
      for (const path of paths) renderPath(org, object, row, path, apiVersion, json);
      for (const [name, run] of children) json[name] = run(row);
      return json;
    },
  };
}

function renderPath(
  org: Org,
  object: ObjectSchema,
  row: StoredRecord,
  path: FieldPath,
  apiVersion: string,
  json: RecordJson,
): void {
  let at = { object, row };
  let target = json;
  for (const step of path.steps) {
    const name = step.relationshipName ?? step.name;
    const next = followLookup(org, at.row, step);
    if (!next) {
      target[name] ??= null;
      return;
    }
    const isPolymorphic = step.polymorphicForeignKey || step.referenceTo.length > 1;
    const shownType = isPolymorphic ? 'Name' : next.object.name;
    target[name] ??= { attributes: attributesOf(shownType, next.object.name, next.row, apiVersion) };
    target = target[name] as RecordJson;
    at = next;
  }
  const { field } = path;
  target[field.name] =
    field.type === 'address' ? jsonOfField(org, at.object, at.row, field) : valueOf(org, at.object, at.row, field);
}

function attributesOf(
  shownType: string,
  sobject: string,
  row: StoredRecord,
  apiVersion: string,
): { type: string; url: string } {
  return { type: shownType, url: `/services/data/${apiVersion}/sobjects/${sobject}/${row.Id}` };
}
