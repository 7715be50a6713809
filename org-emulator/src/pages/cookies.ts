import type { Request } from 'express';

/** The cookie by which a browser says in whose time zone it wants to read. */
export const TIME_ZONE_COOKIE = 'emulator-time-zone';
/** The cookie that holds the id of the user as whom a browser looks at the org. */
export const USER_COOKIE = 'emulator-user';
/** The cookie that holds the version of the design system that components are drawn with. */
export const SLDS_COOKIE = 'emulator-slds';
/** The cookie that holds the session of the components on a page. */
export const SESSION_COOKIE = 'emulator-session';

/** The value of a cookie in a `Cookie` header; undefined when it is not there, or cannot be decoded. */
export function cookieValue(header: string | undefined, name: string): string | undefined {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim());
  const sent = pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
  try {
    return sent === undefined ? undefined : decodeURIComponent(sent);
  } catch {
    return undefined;
  }
}

/** The value of a cookie of a request. */
export function cookieOf(req: Request, name: string): string | undefined {
  return cookieValue(req.get('cookie'), name);
}
