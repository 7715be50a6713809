import { parseQuery, type Query } from '@jetstreamapp/soql-parser-js';
import { malformedQuery, queryErrorAt } from './query-error';

const MAX_STATEMENT_LENGTH = 100_000;
const MAX_STRING_LENGTH = 4_000;

/**
 * Parses a statement.
 *
 * @throws ApiError MALFORMED_QUERY when it is no SOQL, longer than 100,000 characters, or has a string of more than 4,000.
 * @see SOQL and SOSL Limits for Search Queries
 */
export function parseSoql(soql: string): Query {
  if (soql.length > MAX_STATEMENT_LENGTH) {
    throw malformedQuery(`SOQL statements cannot be longer than ${MAX_STATEMENT_LENGTH} characters.`);
  }
  for (const { 0: literal, index } of soql.matchAll(/'(?:[^'\\]|\\.)*'/gs)) {
    if (literal.length - 2 > MAX_STRING_LENGTH) {
      throw queryErrorAt(
        soql,
        index,
        'MALFORMED_QUERY',
        `string literal is longer than ${MAX_STRING_LENGTH} characters`,
      );
    }
  }
  if (!/^\s*SELECT\b/i.test(soql)) {
    const word = /^\s*(\S+)/.exec(soql)?.[1];
    throw word === undefined
      ? malformedQuery('A query string has to be specified')
      : queryErrorAt(soql, soql.indexOf(word), 'MALFORMED_QUERY', `unexpected token: '${word}'`);
  }
  try {
    return parseQuery(soql);
  } catch (error) {
    throw syntaxError(soql, error);
  }
}

/** The platform's words for what the parser tripped over, as far as it tells where. */
function syntaxError(soql: string, error: unknown): Error {
  const { message = '', token } = error as { message?: string; token?: { image?: string; startOffset?: number } };
  const lexing = /at offset: (\d+)/.exec(message)?.[1];
  const found = token?.image ?? /found(?:: '| --> ')([^']*)'/.exec(message)?.[1];
  if (lexing !== undefined) {
    const offset = Number(lexing);
    return queryErrorAt(
      soql,
      offset,
      'MALFORMED_QUERY',
      `line 1:${offset} no viable alternative at character '${soql.charAt(offset)}'`,
    );
  }
  if (found === undefined || found === '') return malformedQuery("unexpected token: '<EOF>'");
  const offset = token?.startOffset ?? Math.max(soql.lastIndexOf(found), 0);
  return queryErrorAt(soql, offset, 'MALFORMED_QUERY', `unexpected token: '${found}'`);
}
