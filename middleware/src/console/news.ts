import type { Request, Response } from 'express';
import { z } from 'zod';

/** What the next page tells first: what came of the form before it. */
export interface News {
  tone: 'good' | 'bad';
  text: string;
}

const COOKIE = 'booking-connector-news';
const OPTIONS = { httpOnly: true, sameSite: 'strict', path: '/console' } as const;
const shape = z.strictObject({ tone: z.enum(['good', 'bad']), text: z.string().max(1_000) });

/** Leaves it for the next page. */
export function tellNext(res: Response, { tone, text }: News): void {
  const value = Buffer.from(JSON.stringify({ tone, text: text.slice(0, 1_000) })).toString('base64url');
  res.cookie(COOKIE, value, { ...OPTIONS, maxAge: 60_000 });
}

/** What the page before has left, once. Whatever else stands in the cookie is nothing. */
export function readNews(req: Request, res: Response): News | null {
  const [, value] = new RegExp(`(?:^|; ?)${COOKIE}=([\\w-]+)`).exec(req.headers.cookie ?? '') ?? [];
  if (value === undefined) return null;
  res.clearCookie(COOKIE, OPTIONS);
  try {
    return shape.parse(JSON.parse(Buffer.from(value, 'base64url').toString()));
  } catch {
    return null;
  }
}
