const SPACE = /[ \t\n\r]*/y;
// The platform allows no bare control characters in a string, nor does JSON.
const SCALAR =
  // eslint-disable-next-line no-control-regex -- they are what the pattern must exclude
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/**
 * Where a text that is no JSON goes wrong, as an offset from 0; its length when it ends too early. The runtime's own
 * parser does not always tell.
 */
export function findJsonFault(text: string): number {
  let at = 0;
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (!found) return false;
    at = pattern.lastIndex;
    return true;
  };
  /** Reads a list up to its closing mark; false at the first fault. */
  const list = (close: string, entry: () => boolean): boolean => {
    at += 1;
    skip(SPACE);
    if (text[at] === close) {
      at += 1;
      return true;
    }
    for (;;) {
      if (!entry()) return false;
      skip(SPACE);
      if (text[at] === close) {
        at += 1;
        return true;
      }
      if (text[at] !== ',') return false;
      at += 1;
    }
  };
  const member = (): boolean => {
    skip(SPACE);
    if (text[at] !== '"' || !skip(SCALAR)) return false;
    skip(SPACE);
    if (text[at] !== ':') return false;
    at += 1;
    return value();
  };
  const value = (): boolean => {
    skip(SPACE);
    if (text[at] === '{') return list('}', member);
    if (text[at] === '[') return list(']', value);
    return skip(SCALAR);
  };
  if (value()) skip(SPACE);
  return at;
}
