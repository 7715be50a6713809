import type { Org } from '../org/org';

/**
 * What names a user in tokens and identities. It is an address, too: of this machine, unless the settings name the host
 * that a real org names.
 */
export function identityUrl(org: Org, baseUrl: string, userId: string): string {
  return `${org.settings.identityHost ?? baseUrl}/id/${org.ids.organizationId}/${userId}`;
}
