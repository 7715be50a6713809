import type { Request, Response } from 'express';

const COOKIE = 'booking-connector-return';
/** Lax: who signs in elsewhere comes back from there. */
const OPTIONS = { httpOnly: true, sameSite: 'lax', path: '/' } as const;
/** As long as a link to sign in by is good. */
const KEPT_MS = 15 * 60_000;

/** Pages that can be come back to; the first one is where everybody comes without that. */
const PAGES = /^\/(?:console\/.|go\/.)/;
/** Addresses that do something. */
const NO_PAGES = /^\/console\/(?:enter|sign-out|assets)(?:\/|$)/;

/**
 * Where somebody may be led to after signing in: a page of this server, whatever was asked for. Pure.
 * @returns its path and query, without steps such as `..`; null when it is none.
 */
export function safeReturn(wanted: string): string | null {
  // A backslash counts as a slash in browsers, and two slashes at the start name another site.
  if (wanted.length > 500 || !/^\/(?!\/)[\x21-\x7e]*$/.test(wanted) || wanted.includes('\\')) return null;
  if (!URL.canParse(wanted, HERE)) return null;
  const { origin, pathname, search } = new URL(wanted, HERE);
  if (origin !== HERE || !PAGES.test(pathname) || NO_PAGES.test(pathname)) return null;
  return `${pathname}${search}`;
}

/** Stands for this server, wherever it is. */
const HERE = 'https://here.invalid';

/**
 * Remembers which page somebody wanted who has to sign in first.
 * @returns it; null when it is none that he can be led back to.
 */
export function rememberReturn(req: Request, res: Response, { isSecure }: { isSecure: boolean }): string | null {
  const wanted = req.method === 'GET' ? safeReturn(req.originalUrl.replace(/^\/+/, '/')) : null;
  if (wanted === null) return null;
  const value = Buffer.from(wanted).toString('base64url');
  res.cookie(COOKIE, value, { ...OPTIONS, secure: isSecure, maxAge: KEPT_MS });
  return wanted;
}

/** The page that somebody wanted before he signed in, once; null when there is none. Whatever else the cookie holds is nothing. */
export function takeReturn(req: Request, res: Response): string | null {
  const [, value] = new RegExp(`(?:^|; ?)${COOKIE}=([\\w-]+)`).exec(req.headers.cookie ?? '') ?? [];
  if (value === undefined) return null;
  res.clearCookie(COOKIE, OPTIONS);
  return safeReturn(Buffer.from(value, 'base64url').toString());
}
