import type { Query } from '@jetstreamapp/soql-parser-js';
import type { UserAccess } from '../org/access';
import type { Field } from '../schema/field';
import type { ObjectSchema } from '../schema/object-schema';
import { resolvePath } from './field-path';
import { withoutAlias } from './filter';
import { parseSoql } from './parse';
import { noSuchObject } from './query-error';

/** One column of a result, as `GET /query?columns=true` tells it. */
export interface ColumnMetadata {
  aggregate: boolean;
  apexType: string;
  booleanType: boolean;
  columnName: string;
  custom: boolean;
  displayName: string;
  foreignKeyName: string | null;
  insertable: boolean;
  joinColumns: ColumnMetadata[];
  numberType: boolean;
  textType: boolean;
  updatable: boolean;
}

const NUMBERS = new Set(['double', 'int', 'long', 'currency', 'percent']);

/**
 * What columns a statement has, without its rows: clients put tables together by it.
 *
 * @throws ApiError for an object or a column that is not there.
 */
export function queryColumns(
  access: UserAccess,
  soql: string,
): { columnMetadata: ColumnMetadata[]; entityName: string } {
  const query = parseSoql(soql);
  const object = access.object(query.sObject ?? '');
  if (!object) throw noSuchObject(soql, query.sObject ?? '');
  return { columnMetadata: columnsOf(access, object, query, soql), entityName: object.name };
}

function columnsOf(access: UserAccess, object: ObjectSchema, query: Query, soql: string): ColumnMetadata[] {
  const columns: ColumnMetadata[] = [];
  let unnamed = 0;
  for (const column of query.fields ?? []) {
    if (column.type === 'FieldSubquery') {
      const { relationshipName } = column.subquery;
      const child = access.object(object.childRelationship(relationshipName)?.childSObject ?? '');
      const inner = child ? columnsOf(access, child, column.subquery, soql) : [];
      columns.push({ ...plain(relationshipName), aggregate: true, joinColumns: inner });
    } else if (column.type === 'FieldFunctionExpression') {
      const name = column.alias ?? `expr${unnamed++}`;
      columns.push({ ...plain(name), aggregate: true, numberType: true });
    } else if (column.type === 'Field' || column.type === 'FieldRelationship') {
      const raw = column.type === 'Field' ? column.field : [...column.relationships, column.field].join('.');
      const path = resolvePath(access, object, withoutAlias(raw, query.sObjectAlias), soql);
      addPath(columns, path.names, path.field);
    }
  }
  return columns;
}

/** Puts a column below the columns of the relationships that lead to it. */
function addPath(columns: ColumnMetadata[], names: string[], field: Field): void {
  const [name = '', ...rest] = names;
  if (rest.length === 0) {
    columns.push(ofField(name, field));
    return;
  }
  let parent = columns.find(({ columnName }) => columnName === name);
  if (!parent) {
    parent = plain(name);
    columns.push(parent);
  }
  addPath(parent.joinColumns, rest, field);
}

function ofField(name: string, field: Field): ColumnMetadata {
  const isNumber = NUMBERS.has(field.type);
  const isBoolean = field.type === 'boolean';
  const isId = field.type === 'id' || field.type === 'reference';
  return {
    ...plain(name),
    apexType: isId ? 'Id' : isNumber ? 'Double' : isBoolean ? 'Boolean' : 'String',
    booleanType: isBoolean,
    custom: field.custom,
    insertable: field.createable,
    numberType: isNumber,
    textType: !isNumber && !isBoolean && !isId,
    updatable: field.updateable,
  };
}

function plain(name: string): ColumnMetadata {
  return {
    aggregate: false,
    apexType: 'String',
    booleanType: false,
    columnName: name,
    custom: false,
    displayName: name,
    foreignKeyName: null,
    insertable: false,
    joinColumns: [],
    numberType: false,
    textType: false,
    updatable: false,
  };
}
