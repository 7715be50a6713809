import type { ApiError } from '../rest/api-error';
import { apiError } from '../rest/api-error';

/** How many characters on each side of the fault the platform quotes, in whole words. */
const CONTEXT_LENGTH = 32;

/** A fault at a place of the statement, with the platform's quotation and caret. `offset` counts from 0. */
export function queryErrorAt(soql: string, offset: number, code: string, text: string): ApiError {
  const { excerpt, start } = excerptAround(soql, offset);
  const before = soql.slice(0, offset).split('\n');
  const row = before.length;
  const column = (before.at(-1) ?? '').length + 1;
  const caret = ' '.repeat(offset - start) + '^';
  return apiError(400, code, `\n${excerpt}\n${caret}\nERROR at Row:${row}:Column:${column}\n${text}`);
}

/** A fault at the first place where a name stands in the statement. */
export function queryErrorAtName(soql: string, name: string, code: string, text: string): ApiError {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const at = new RegExp(`(?<![\\w.])${escaped}(?![\\w])`, 'i').exec(soql)?.index ?? 0;
  return queryErrorAt(soql, at, code, text);
}

/** The whole words within reach of an offset. */
function excerptAround(soql: string, offset: number): { excerpt: string; start: number } {
  const words = [...soql.matchAll(/[\w.]+|'(?:[^'\\]|\\.)*'|\S/g)].filter(
    ({ index }) => index >= offset - CONTEXT_LENGTH && index <= offset + CONTEXT_LENGTH,
  );
  const start = Math.min(words[0]?.index ?? offset, offset);
  const last = words.at(-1);
  const end = last ? last.index + last[0].length : soql.length;
  return { excerpt: soql.slice(start, Math.max(end, offset)), start };
}

const REFERENCE_HINT = 'Please reference your WSDL or the describe call for the appropriate names.';

/** A column that the entity does not have. */
export function noSuchColumn(soql: string, path: string, column: string, entity: string): ApiError {
  const hint = "If you are attempting to use a custom field, be sure to append the '__c' after the custom field name.";
  return queryErrorAtName(
    soql,
    path,
    'INVALID_FIELD',
    `No such column '${column}' on entity '${entity}'. ${hint} ${REFERENCE_HINT}`,
  );
}

/** A relationship that the entity does not have. */
export function noSuchRelationship(soql: string, path: string, relationship: string): ApiError {
  const hint =
    "If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name.";
  return queryErrorAtName(
    soql,
    path,
    'INVALID_FIELD',
    `Didn't understand relationship '${relationship}' in field path. ${hint} ${REFERENCE_HINT}`,
  );
}

/** An object that the org does not have. */
export function noSuchObject(soql: string, name: string): ApiError {
  const hint = "If you are attempting to use a custom object, be sure to append the '__c' after the entity name.";
  const from = new RegExp(`\\bFROM\\s+${name}\\b`, 'i').exec(soql);
  const offset = from ? from.index + from[0].length - name.length : 0;
  return queryErrorAt(
    soql,
    offset,
    'INVALID_TYPE',
    `sObject type '${name}' is not supported. ${hint} ${REFERENCE_HINT}`,
  );
}

/** A statement that is no SOQL. */
export function malformedQuery(message: string): ApiError {
  return apiError(400, 'MALFORMED_QUERY', message);
}
