import { SecretError, type SecretBox } from '../security/secret-box';
import type { Db } from '../store/db';
import { findOrg, findTeam, linkTeam, type Org } from '../sync/org.store';
import { insertOrg, updateCredentials } from './connection.store';
import { openCredentials, sealCredentials } from './credentials';

/** Id of the org that the environment names. */
export const MAIN_ORG = 'main';

/** How the environment names an org. */
export interface ConfiguredOrg {
  loginUrl: string;
  clientId: string;
  clientSecret: string;
}

/**
 * Connects the org that the environment names, and links the team to it unless it is linked to one. An org that is known
 * already is left as it is, with its session, unless the environment has changed.
 */
export async function saveConfiguredOrg(
  { store, secrets, now }: { store: Db; secrets: SecretBox; now: Date },
  configured: ConfiguredOrg,
  teamId: string,
): Promise<void> {
  const known = await findOrg(store, MAIN_ORG);
  const { loginUrl, clientId, clientSecret } = configured;
  if (known === null || !isSame(secrets, known, configured)) {
    const sealed = sealCredentials(secrets, MAIN_ORG, { clientSecret, privateKey: null });
    const flow = 'clientCredentials' as const;
    const made = { id: MAIN_ORG, fromEnvironment: true, loginUrl, flow, clientId, username: null, certificate: null };
    if (known === null) await insertOrg(store, { ...made, ...sealed }, now);
    else await updateCredentials(store, { ...made, ...sealed });
  }
  // One that an admin has moved to another org stays there.
  if ((await findTeam(store, teamId))?.orgId === null) await linkTeam(store, teamId, MAIN_ORG);
}

/** The environment names no org any more: what it named is an admin's from now on. */
export async function releaseConfiguredOrg(store: Db): Promise<void> {
  await store.query('update org set from_environment = false where from_environment');
}

function isSame(secrets: SecretBox, known: Org, { loginUrl, clientId, clientSecret }: ConfiguredOrg): boolean {
  if (!known.fromEnvironment || known.flow !== 'clientCredentials') return false;
  if (known.loginUrl !== loginUrl || known.clientId !== clientId) return false;
  try {
    return openCredentials(secrets, known).clientSecret === clientSecret;
  } catch (error) {
    // Sealed with a key that is gone.
    if (error instanceof SecretError) return false;
    throw error;
  }
}
