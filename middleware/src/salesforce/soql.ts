/** Longest string that SOQL takes between quotes in a WHERE clause, in characters. */
export const MAX_SOQL_STRING = 4_000;

/** Longest SOQL statement, in characters. */
export const MAX_SOQL = 100_000;

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

/**
 * Quotes a value for SOQL, as `'O\'Brien'`. One pass over the value, so that the backslash of one escape is never
 * escaped by another. `%` and `_` stay as they are: they mean something in LIKE only, which is not used.
 *
 * @throws RangeError when the value is longer than a SOQL literal may be; no field that is searched holds so much.
 * @see https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_quotedstringescapes.htm
 */
export function soqlString(value: string): string {
  if (value.length > MAX_SOQL_STRING) {
    throw new RangeError(`A SOQL literal holds at most ${MAX_SOQL_STRING} characters, got ${value.length}`);
  }
  return `'${value.replace(/[\\'"\n\r\t\b\f]/g, (character) => ESCAPES[character] ?? character)}'`;
}

/**
 * `Email IN ('a@example.com','b@example.com')`; each value once.
 *
 * @throws RangeError for an empty list: SOQL refuses `IN ()`, and whoever has nothing to ask for leaves the query out.
 */
export function soqlIn(field: string, values: readonly string[]): string {
  if (values.length === 0) throw new RangeError(`Expected values for ${field} IN (...), got none`);
  return `${apiName(field)} IN (${[...new Set(values)].map(soqlString).join(',')})`;
}

/**
 * `SELECT Id,Email FROM Contact WHERE ...`; each field once.
 *
 * @param fields API names, a relation's with dots (`Owner.IsActive`).
 * @param where built with {@link soqlIn} and {@link soqlString}: it is taken as it is.
 * @throws RangeError when no field is named, TypeError when a name is no API name.
 */
export function select(fields: readonly string[], sobject: string, where: string): string {
  if (fields.length === 0) throw new RangeError(`Expected fields to select from ${sobject}, got none`);
  return `SELECT ${[...new Set(fields)].map(apiName).join(',')} FROM ${apiName(sobject)} WHERE ${where}`;
}

/** Names reach SOQL unquoted and some come from an admin's settings, so anything but a name is refused. */
function apiName(name: string): string {
  if (!/^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/.test(name)) throw new TypeError('Expected the API name of a field or object');
  return name;
}
