import { randomWord } from './session-store';

/** What a user agreed to, until the app exchanges the code. */
export interface AuthorizationCode {
  userId: string;
  clientId: string;
  redirectUri: string;
  scope: string;
  /** The S256 code challenge; null when the app sent none. */
  challenge: string | null;
  nonce: string | null;
  expiresAt: number;
}

const LIFE_MS = 15 * 60_000;

/** Authorization codes: good once, for 15 minutes. */
export class AuthorizationCodes {
  private readonly codes = new Map<string, AuthorizationCode>();

  constructor(private readonly now: () => Date) {}

  /** Makes a code. */
  issue(consent: Omit<AuthorizationCode, 'expiresAt'>): string {
    const code = `aPrx${randomWord(60)}`;
    this.codes.set(code, { ...consent, expiresAt: this.now().getTime() + LIFE_MS });
    return code;
  }

  /** Uses a code up; undefined when it was used before, is too old or never was. */
  take(code: string): AuthorizationCode | undefined {
    const found = this.codes.get(code);
    this.codes.delete(code);
    return found && found.expiresAt > this.now().getTime() ? found : undefined;
  }
}
