/** What an address below `/services/data` points at. */
export interface Target {
  /** `v67.0`. */
  apiVersion: string;
  /** The decoded path segments after the version. */
  segments: string[];
  query: URLSearchParams;
}

/**
 * Understands `/services/data/vNN.N/…?…`. Slashes at the start or end, or doubled, do not matter.
 *
 * @returns null for any other address.
 */
export function parseTarget(url: string): Target | null {
  const [pathname = '', ...search] = url.split('?');
  const match = /^\/+services\/data\/(v\d+\.\d)(?:\/(.*))?$/.exec(pathname);
  if (!match?.[1]) return null;
  const segments = (match[2] ?? '').split('/').filter((segment) => segment !== '');
  return { apiVersion: match[1], segments: segments.map(decode), query: new URLSearchParams(search.join('?')) };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
