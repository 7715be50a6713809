import type { Condition, ConditionWithValueQuery, WhereClause } from '@jetstreamapp/soql-parser-js';
import { malformedQuery } from './query-error';

/** A WHERE clause as a tree. */
export type ConditionTree =
  | { op: 'and' | 'or'; terms: ConditionTree[] }
  | { op: 'not'; term: ConditionTree }
  | { op: 'is'; condition: Exclude<ConditionWithValueQuery, { openParen: number } & { field?: never }> };

type Token = '(' | ')' | 'AND' | 'OR' | 'NOT' | Exclude<Condition, { field?: never }>;

/**
 * Builds the tree from the parser's flat chain of conditions. SOQL wants parentheses where AND and OR meet, and around a
 * NOT that stands beside something else.
 *
 * @throws ApiError MALFORMED_QUERY where they are missing.
 */
export function conditionTree(where: WhereClause): ConditionTree {
  const tokens = flatten(where);
  let at = 0;
  const peek = (): Token | undefined => tokens[at];
  const expression = (): ConditionTree => {
    if (peek() === 'NOT') {
      at += 1;
      return { op: 'not', term: simple() };
    }
    const first = simple();
    const joiner = peek();
    if (joiner !== 'AND' && joiner !== 'OR') return first;
    const terms = [first];
    while (peek() === joiner) {
      at += 1;
      terms.push(simple());
    }
    return { op: joiner === 'AND' ? 'and' : 'or', terms };
  };
  const simple = (): ConditionTree => {
    const token = peek();
    if (token === '(') {
      at += 1;
      const inner = expression();
      if (peek() !== ')') throw unexpected(peek());
      at += 1;
      return inner;
    }
    if (token === undefined || typeof token === 'string') throw unexpected(token);
    at += 1;
    return { op: 'is', condition: token as never };
  };
  const tree = expression();
  if (at < tokens.length) throw unexpected(peek());
  return tree;
}

function unexpected(token: Token | undefined): Error {
  return malformedQuery(`unexpected token: '${typeof token === 'string' ? token : '<EOF>'}'`);
}

function flatten(where: WhereClause): Token[] {
  const tokens: Token[] = [];
  let clause: WhereClause | undefined = where;
  while (clause) {
    const { left } = clause;
    const isNot: boolean = 'operator' in clause && clause.operator === 'NOT';
    if (left) {
      const { openParen = 0, closeParen = 0 } = left as { openParen?: number; closeParen?: number };
      for (let n = 0; n < openParen; n += 1) tokens.push('(');
      if (!isNot) tokens.push(left as Token);
      for (let n = 0; n < closeParen; n += 1) tokens.push(')');
    }
    if (!('operator' in clause)) break;
    tokens.push(clause.operator);
    clause = clause.right;
  }
  return tokens;
}
