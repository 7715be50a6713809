/** A JSON object of which nothing is known yet. */
export type Json = Record<string, unknown>;

/** Whether a value is a JSON object, neither null nor a list. */
export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list; none when the value is no list. */
export function jsonList(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isJson) : [];
}

/** Parses an answer. Undefined when it is no JSON: web pages and cut-off answers are findings here, not faults. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
