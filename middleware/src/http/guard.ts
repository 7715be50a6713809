import type { Request, Response } from 'express';
import { findApiToken } from '../security/api-token.store';
import type { Actor } from '../security/audit.store';
import { csrfTokenOf } from '../security/bearer-secret';
import { safeEqual } from '../security/safe-equal';
import { endSession, findSession, startSession, useSignInLink, type SessionLimits } from '../security/sign-in.store';
import type { Db } from '../store/db';
import { createAttempts } from './attempts';
import { HttpProblem } from './problem';

const FAILURES_PER_MINUTE = 10;
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What letting people in needs. */
export interface GuardDeps {
  store: Db;
  now: () => Date;
  /** Where people reach this server. */
  baseUrl: () => string;
  session: SessionLimits;
}

/** Somebody who has shown who he is. */
export interface Visitor {
  actor: Actor;
  /** What his forms must carry; null for a program with a token, which no other site can speak for. */
  csrfToken: string | null;
}

/** The way in, for the API and the console. */
export interface Guard {
  /**
   * Who asks, by bearer token or by cookie.
   * @returns null when he shows nothing, or a session that has ended.
   * @throws HttpProblem 401 for a token that is none; 429 after too many of them.
   */
  identify(req: Request): Promise<Visitor | null>;
  /**
   * Refuses what another site may have sent in a signed-in person's name. Safe methods and programs pass.
   * @throws HttpProblem 403.
   */
  assertOwnRequest(req: Request, visitor: Visitor): void;
  /**
   * Signs in by a link's secret, which is used up by it.
   * @throws HttpProblem 401 when it is none, used or expired; 403 from another site; 429 after too many failures.
   */
  enter(req: Request, res: Response, secret: string): Promise<void>;
  /** Ends the session of the cookie. */
  leave(req: Request, res: Response): Promise<void>;
}

/** Makes the guard of one server. */
export function createGuard({ store, now, baseUrl, session }: GuardDeps): Guard {
  const attempts = createAttempts({ most: FAILURES_PER_MINUTE, windowMs: 60_000 });
  const isSecure = (): boolean => baseUrl().startsWith('https:');
  // The prefix makes browsers refuse one that a neighbouring host, or plain http, has set.
  const cookieName = (): string => (isSecure() ? '__Host-booking-connector' : 'booking-connector');
  // Lax, so that a link to a booking opens from a chat or from Salesforce. Nothing is ever changed by a link.
  const cookieOptions = () => ({ httpOnly: true, sameSite: 'lax', secure: isSecure(), path: '/' }) as const;
  const addressOf = (req: Request): string => req.ip ?? '';

  const bySession = async (req: Request): Promise<Visitor | null> => {
    const secret = readCookie(req, cookieName());
    const person = secret === null ? null : await findSession(store, secret, session, now());
    if (secret === null || person === null) return null;
    return { actor: { ...person, via: 'console' }, csrfToken: csrfTokenOf(secret) };
  };

  return {
    async identify(req) {
      const { authorization } = req.headers;
      if (authorization === undefined) return bySession(req);
      attempts.assertAllowed(addressOf(req));
      const [, token] = /^Bearer ([\w-]{20,200})$/i.exec(authorization) ?? [];
      const person = token === undefined ? null : await findApiToken(store, token, now());
      if (person !== null) return { actor: { ...person, via: 'api' }, csrfToken: null };
      attempts.fail(addressOf(req));
      throw unauthorized('The token is not one of this connector, or was revoked.');
    },

    assertOwnRequest(req, { csrfToken }) {
      if (SAFE_METHODS.has(req.method) || csrfToken === null) return;
      assertOwnOrigin(req, baseUrl());
      const { csrf } = (req.body ?? {}) as { csrf?: unknown };
      const given = req.get('x-csrf-token') ?? (typeof csrf === 'string' ? csrf : '');
      if (safeEqual(given, csrfToken)) return;
      throw new HttpProblem(
        403,
        'csrf',
        'The request does not carry the token of this session. Open the page again, and send it from there.',
      );
    },

    async enter(req, res, secret) {
      assertOwnOrigin(req, baseUrl());
      attempts.assertAllowed(addressOf(req));
      const person = await useSignInLink(store, secret, now());
      if (person === null) {
        attempts.fail(addressOf(req));
        throw unauthorized(
          'This link was used, or its 15 minutes are over. Make a new one with: booking-connector link',
        );
      }
      const opened = await startSession(store, person, session, now());
      res.cookie(cookieName(), opened, { ...cookieOptions(), maxAge: session.hours * 3_600_000 });
    },

    async leave(req, res) {
      const secret = readCookie(req, cookieName());
      if (secret !== null) await endSession(store, secret);
      res.clearCookie(cookieName(), cookieOptions());
    },
  };
}

/** What is answered to whoever must sign in first. */
export function unauthorized(detail: string): HttpProblem {
  return new HttpProblem(401, 'unauthorized', detail, { 'www-authenticate': 'Bearer' });
}

/**
 * Browsers say where a form comes from; what says nothing is no browser's.
 * @throws HttpProblem 403 when it is another site. A proxy may have changed the host, so the public address counts too.
 */
function assertOwnOrigin(req: Request, baseUrl: string): void {
  const { origin, host } = req.headers;
  const fetchSite = req.get('sec-fetch-site');
  const isForeign =
    origin === undefined
      ? fetchSite !== undefined && fetchSite !== 'same-origin' && fetchSite !== 'none'
      : origin !== new URL(baseUrl).origin && hostOf(origin) !== host;
  if (isForeign) throw new HttpProblem(403, 'foreign-origin', 'This was sent from another site.');
}

/** @returns null for an origin that is none, such as "null". */
function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}

function readCookie(req: Request, name: string): string | null {
  const pairs = (req.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  const value = pairs.find(([key]) => key === name)?.[1];
  return value !== undefined && /^[\w-]{20,100}$/.test(value) ? value : null;
}
