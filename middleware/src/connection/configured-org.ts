import type { SecretBox } from '../security/secret-box';
import type { Db } from '../store/db';
import { linkTeam, saveOrg } from '../sync/org.store';

/** Id of the org that the environment names. */
export const MAIN_ORG = 'main';

/** How the environment names an org. */
export interface ConfiguredOrg {
  loginUrl: string;
  clientId: string;
  clientSecret: string;
}

/** Connects the org that the environment names, and links the team to it. */
export async function saveConfiguredOrg(
  { store, secrets, now }: { store: Db; secrets: SecretBox; now: Date },
  { loginUrl, clientId, clientSecret }: ConfiguredOrg,
  teamId: string,
): Promise<void> {
  const clientSecretSealed = secrets.seal(clientSecret, `org:${MAIN_ORG}`);
  await saveOrg(store, { id: MAIN_ORG, loginUrl, clientId, clientSecretSealed }, now);
  await linkTeam(store, teamId, MAIN_ORG);
}
