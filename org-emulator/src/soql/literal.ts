import type { LiteralType } from '@jetstreamapp/soql-parser-js';

/** A literal of a statement, understood. */
export type Literal =
  | { kind: 'string'; value: string; raw: string }
  | { kind: 'number'; value: number }
  | { kind: 'boolean'; value: boolean }
  | { kind: 'null' }
  | { kind: 'date'; value: string }
  | { kind: 'datetime'; value: string }
  | { kind: 'dateLiteral'; value: string };

/**
 * Reads a literal as the parser hands it over: strings with their quotes and escapes, everything else as text.
 *
 * @returns null for kinds of literal that a REST query cannot have.
 */
export function parseLiteral(text: string, type: LiteralType): Literal | null {
  switch (type) {
    case 'STRING':
      return { kind: 'string', value: unescapeString(text.slice(1, -1)), raw: text.slice(1, -1) };
    case 'INTEGER':
    case 'DECIMAL':
      return { kind: 'number', value: Number(text) };
    case 'BOOLEAN':
      return { kind: 'boolean', value: text.toUpperCase() === 'TRUE' };
    case 'NULL':
      return { kind: 'null' };
    case 'DATE':
      return { kind: 'date', value: text };
    case 'DATETIME':
      return { kind: 'datetime', value: text };
    case 'DATE_LITERAL':
    case 'DATE_N_LITERAL':
      return { kind: 'dateLiteral', value: text };
    default:
      return null;
  }
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** Resolves the escapes of a SOQL string. */
export function unescapeString(text: string): string {
  return text.replace(/\\(u[0-9A-Fa-f]{4}|.)/gs, (_all, escape: string) =>
    escape.length === 5 ? String.fromCharCode(Number.parseInt(escape.slice(1), 16)) : (ESCAPES[escape] ?? escape),
  );
}

/** The regular expression that a LIKE pattern means: `%` any text, `_` one character, both literal after a backslash. */
export function likePattern(raw: string): RegExp {
  let source = '';
  for (let at = 0; at < raw.length; at += 1) {
    const char = raw.charAt(at);
    if (char === '\\') {
      at += 1;
      const next = raw.charAt(at);
      source += escapeRegExp(ESCAPES[next] ?? next);
    } else if (char === '%') source += '.*';
    else if (char === '_') source += '.';
    else source += escapeRegExp(char);
  }
  return new RegExp(`^${source}$`, 'is');
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
