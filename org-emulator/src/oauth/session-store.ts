import { randomBytes } from 'node:crypto';

/** What an access token stands for. */
export interface Session {
  accessToken: string;
  userId: string;
  clientId: string;
  scope: string;
  issuedAt: Date;
  expiresAt: Date;
}

/** What a refresh token stands for. */
export interface Grant {
  refreshToken: string;
  userId: string;
  clientId: string;
  scope: string;
  usedAt: Date;
}

/** The tokens of an org. Access tokens are `00D…!…`, the 15-character org id before the mark. */
export class SessionStore {
  private readonly sessions = new Map<string, Session>();
  private readonly grants = new Map<string, Grant>();

  constructor(
    private readonly organizationId: () => string,
    private readonly now: () => Date,
    private readonly lifeMinutes: () => number,
    private readonly idleDays: () => number | null,
  ) {}

  /** Gives a user a new session. */
  open(userId: string, clientId: string, scope: string): Session {
    const issuedAt = this.now();
    const session: Session = {
      accessToken: `${this.organizationId().slice(0, 15)}!AQ${randomWord(70)}`,
      userId,
      clientId,
      scope,
      issuedAt,
      expiresAt: new Date(issuedAt.getTime() + this.lifeMinutes() * 60_000),
    };
    this.sessions.set(session.accessToken, session);
    return session;
  }

  /** Gives a user a refresh token. */
  grant(userId: string, clientId: string, scope: string): Grant {
    const grant: Grant = { refreshToken: `5Aep861${randomWord(60)}`, userId, clientId, scope, usedAt: this.now() };
    this.grants.set(grant.refreshToken, grant);
    return grant;
  }

  /** The session of a token that is neither expired nor revoked. */
  session(accessToken: string): Session | undefined {
    const session = this.sessions.get(accessToken);
    return session && session.expiresAt > this.now() ? session : undefined;
  }

  /** The grant of a refresh token that is not revoked, and did not rest too long. */
  findGrant(refreshToken: string): Grant | undefined {
    const grant = this.grants.get(refreshToken);
    const idleDays = this.idleDays();
    const isIdle = grant && idleDays !== null && this.now().getTime() - grant.usedAt.getTime() > idleDays * 86_400_000;
    return isIdle ? undefined : grant;
  }

  /** Counts a use of a refresh token: it may rest anew. */
  useGrant(grant: Grant): void {
    grant.usedAt = this.now();
  }

  /** Whether a user let an app in for good. */
  hasGrant(userId: string, clientId: string): boolean {
    return [...this.grants.values()].some((grant) => grant.userId === userId && grant.clientId === clientId);
  }

  /** Ends one session, as a time-out does: its refresh token lives on. */
  endSession(accessToken: string): void {
    this.sessions.delete(accessToken);
  }

  /** Ends the sessions of a user, or of everybody; refresh tokens live on. */
  endSessionsOf(userId?: string): void {
    for (const session of this.sessions.values()) {
      if (userId === undefined || session.userId === userId) this.sessions.delete(session.accessToken);
    }
  }

  /** Revokes what a user, or everybody, let an app do: refresh tokens and sessions. */
  revokeAllOf(userId?: string): void {
    this.endSessionsOf(userId);
    for (const grant of this.grants.values()) {
      if (userId === undefined || grant.userId === userId) this.grants.delete(grant.refreshToken);
    }
  }

  /** Ends a refresh token alone, as rotation does. */
  endGrant(refreshToken: string): void {
    this.grants.delete(refreshToken);
  }

  /** Revokes a token of either kind; with a refresh token go the sessions of the same user and app. False when unknown. */
  revoke(token: string): boolean {
    if (this.sessions.delete(token)) return true;
    const grant = this.grants.get(token);
    if (!grant) return false;
    this.grants.delete(token);
    for (const session of this.sessions.values()) {
      if (session.userId === grant.userId && session.clientId === grant.clientId)
        this.sessions.delete(session.accessToken);
    }
    return true;
  }
}

/** Random letters, digits, dots and underscores: what a token is made of. */
export function randomWord(length: number): string {
  return randomBytes(length)
    .toString('base64')
    .replace(/\+/g, '.')
    .replace(/\//g, '_')
    .replace(/=/g, '')
    .slice(0, length);
}
