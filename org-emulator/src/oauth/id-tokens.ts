import { createHash, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { Org } from '../org/org';
import { isVerified } from './identity';
import { identityUrl } from './identity-url';
import type { Session } from './session-store';

const LIFE_SECONDS = 120;
const KEY_ID = 'emulated-org';

/** Signs OpenID Connect id tokens with a key of this run. */
export class IdTokens {
  private privateKey: KeyObject | undefined;

  constructor(
    private readonly org: Org,
    private readonly issuer: () => string,
  ) {}

  /** An RS256 id token of a session. */
  sign(session: Session, nonce: string | null): string {
    const issuedAt = Math.floor(session.issuedAt.getTime() / 1000);
    const user = this.org.store.table(this.org.object('User')).get(session.userId);
    const claims = {
      at_hash: createHash('sha256').update(session.accessToken).digest().subarray(0, 16).toString('base64url'),
      sub: identityUrl(this.org, this.issuer(), session.userId),
      aud: session.clientId,
      iss: this.issuer(),
      exp: issuedAt + LIFE_SECONDS,
      iat: issuedAt,
      ...(nonce === null ? {} : { nonce }),
      user_id: session.userId,
      organization_id: this.org.ids.organizationId,
      preferred_username: user?.Username ?? null,
      email: user?.Email ?? null,
      email_verified: isVerified({ org: this.org }, session.userId),
      name: user?.Name ?? null,
    };
    const header = { alg: 'RS256', typ: 'JWT', kid: KEY_ID };
    const unsigned = `${encode(header)}.${encode(claims)}`;
    return `${unsigned}.${sign('RSA-SHA256', Buffer.from(unsigned), this.key()).toString('base64url')}`;
  }

  /** The public key as a JSON Web Key Set. */
  keySet(): { keys: Record<string, unknown>[] } {
    const jwk = createPublicKey(this.key()).export({ format: 'jwk' });
    return { keys: [{ ...jwk, kid: KEY_ID, use: 'sig', alg: 'RS256' }] };
  }

  private key(): KeyObject {
    // Made on first use: it takes longer than everything else that a start does.
    this.privateKey ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    return this.privateKey;
  }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
