import { malformedSearch } from './search-error';

/** Which fields of a record are searched. */
export type SearchGroup = 'ALL' | 'NAME' | 'EMAIL' | 'PHONE';

/** A search statement. */
export interface SearchStatement {
  /** What stands between the braces. */
  expression: string;
  group: SearchGroup;
  /** The objects to return, in order; undefined when the statement names none: all that can be searched. */
  returning: Returning[] | undefined;
  limit: number;
}

/** One object of RETURNING. */
export interface Returning {
  sobject: string;
  /** `Id, Name`. */
  fields: string;
  /** The SOQL clauses after the fields, such as `WHERE Name LIKE 'A%' LIMIT 5`; may be empty. */
  clauses: string;
}

const MAX_RECORDS = 2_000;
const FIND = /^\s*FIND\s*\{(?<expression>(?:[^{}\\]|\\.)*)\}\s*(?<rest>.*)$/is;
const IN = /^IN\s+(?<group>\w+)\s+FIELDS\b\s*(?<rest>.*)$/is;
const RETURNING = /^RETURNING\s+(?<rest>.*)$/is;
const LIMIT = /^LIMIT\s+(?<limit>\d+)\s*$/i;

/**
 * Parses `FIND {x} [IN group FIELDS] [RETURNING Object(fields WHERE … ORDER BY … LIMIT …), …] [LIMIT n]`. Other clauses
 * are refused by name.
 *
 * @throws ApiError MALFORMED_SEARCH.
 */
export function parseSosl(sosl: string): SearchStatement {
  const find = FIND.exec(sosl)?.groups;
  if (!find) throw malformedSearch('A search must begin with FIND {search term}');
  const inGroup = IN.exec(find.rest ?? '')?.groups;
  const group = (inGroup?.group ?? 'ALL').toUpperCase();
  if (!isGroup(group)) throw malformedSearch(`${group} FIELDS is not supported here: ALL, NAME, EMAIL or PHONE`);
  let rest = (inGroup?.rest ?? find.rest ?? '').trim();
  let returning: Returning[] | undefined;
  const list = RETURNING.exec(rest)?.groups?.rest;
  if (list !== undefined) {
    const read = readReturning(list);
    returning = read.returning;
    rest = read.rest;
  }
  const limit = LIMIT.exec(rest)?.groups?.limit;
  if (rest !== '' && limit === undefined) throw malformedSearch(`unexpected or unsupported clause: ${rest}`);
  return {
    expression: find.expression ?? '',
    group,
    returning,
    limit: limit === undefined ? MAX_RECORDS : Math.min(Number(limit), MAX_RECORDS),
  };
}

function isGroup(text: string): text is SearchGroup {
  return ['ALL', 'NAME', 'EMAIL', 'PHONE'].includes(text);
}

/** Reads `Account(Id, Name WHERE …), Contact` up to what follows the list. */
function readReturning(text: string): { returning: Returning[]; rest: string } {
  const returning: Returning[] = [];
  let rest = text;
  for (;;) {
    const name = /^\s*(\w+)\s*/.exec(rest);
    if (!name?.[1]) throw malformedSearch('RETURNING must name an object');
    rest = rest.slice(name[0].length);
    let inner = '';
    if (rest.startsWith('(')) {
      const end = closingParenthesis(rest);
      inner = rest.slice(1, end);
      rest = rest.slice(end + 1).trimStart();
    }
    returning.push(readObject(name[1], inner));
    if (!rest.startsWith(',')) return { returning, rest: rest.trim() };
    rest = rest.slice(1);
  }
}

function readObject(sobject: string, inner: string): Returning {
  const at = inner.search(/\b(WHERE|USING|ORDER\s+BY|LIMIT|OFFSET)\b/i);
  const fields = (at < 0 ? inner : inner.slice(0, at)).trim();
  const clauses = at < 0 ? '' : inner.slice(at).trim();
  if (/^USING\b/i.test(clauses)) throw malformedSearch('USING is not supported here');
  if (fields === '' && clauses !== '')
    throw malformedSearch(`RETURNING ${sobject} must name a field before ${clauses}`);
  return { sobject, fields: fields === '' ? 'Id' : fields, clauses };
}

/** The place of the parenthesis that closes the one at the start of a text; those in strings do not count. */
function closingParenthesis(text: string): number {
  let depth = 0;
  for (const { 0: found, index } of text.matchAll(/'(?:[^'\\]|\\.)*'|[()]/gs)) {
    if (found === '(') depth += 1;
    else if (found === ')') depth -= 1;
    if (depth === 0) return index;
  }
  throw malformedSearch('RETURNING has a parenthesis that is not closed');
}
