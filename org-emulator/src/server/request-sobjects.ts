/**
 * The names of the objects that a request is about, in lower case: from its address, from its subrequests' addresses,
 * from the types of its rows and from its queries. Read from the text alone, so that a request that is never executed
 * can be told too.
 */
export function sobjectsOf(url: string, body: string): Set<string> {
  const names = new Set<string>();
  for (const source of [safeDecode(url), safeDecode(body)]) {
    for (const [, name] of source.matchAll(/\/sobjects\/(\w+)/g)) names.add(String(name).toLowerCase());
    for (const [, name] of source.matchAll(/[+\s]FROM[+\s]+(\w+)/gi)) names.add(String(name).toLowerCase());
  }
  for (const [, name] of body.matchAll(/"attributes"\s*:\s*\{[^}]*?"type"\s*:\s*"(\w+)"/g)) {
    names.add(String(name).toLowerCase());
  }
  return names;
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** How many rows a request brings in collections. */
export function countRows(body: string): number {
  return body.match(/"attributes"\s*:/g)?.length ?? 0;
}
