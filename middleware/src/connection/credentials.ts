import type { SecretBox } from '../security/secret-box';
import type { Org } from '../sync/org.store';
import type { OpenCredentials } from './grant';

/** What seals the consumer secret of an org. */
export function secretContext(orgId: string): string {
  return `org:${orgId}`;
}

/** What seals the private key of an org. */
export function keyContext(orgId: string): string {
  return `org:${orgId}:key`;
}

/**
 * Opens what an org is signed in to with.
 * @throws SecretError when it was sealed with another key.
 */
export function openCredentials(
  secrets: SecretBox,
  {
    id,
    loginUrl,
    flow,
    clientId,
    username,
    clientSecretSealed,
    privateKeySealed,
  }: Pick<Org, 'id' | 'loginUrl' | 'flow' | 'clientId' | 'username' | 'clientSecretSealed' | 'privateKeySealed'>,
): OpenCredentials {
  return {
    loginUrl,
    flow,
    clientId,
    username,
    clientSecret: clientSecretSealed === null ? null : secrets.open(clientSecretSealed, secretContext(id)),
    privateKey: privateKeySealed === null ? null : secrets.open(privateKeySealed, keyContext(id)),
  };
}

/** Seals what of it is secret. */
export function sealCredentials(
  secrets: SecretBox,
  id: string,
  { clientSecret, privateKey }: Pick<OpenCredentials, 'clientSecret' | 'privateKey'>,
): { clientSecretSealed: string | null; privateKeySealed: string | null } {
  return {
    clientSecretSealed: clientSecret === null ? null : secrets.seal(clientSecret, secretContext(id)),
    privateKeySealed: privateKey === null ? null : secrets.seal(privateKey, keyContext(id)),
  };
}
