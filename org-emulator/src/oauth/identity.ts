import type { EmulatedOrg } from '../server/emulated-org';
import type { StoredRecord } from '../records/table';
import { identityUrl } from './identity-url';

/** What `GET /services/oauth2/userinfo` tells about the user of a session. */
export function userinfo(emulated: EmulatedOrg, userId: string): Record<string, unknown> {
  const { baseUrl, org } = emulated;
  const user = userRow(emulated, userId);
  return {
    sub: identityUrl(org, baseUrl, userId),
    user_id: userId,
    organization_id: org.ids.organizationId,
    preferred_username: user.Username ?? null,
    nickname: user.CommunityNickname ?? null,
    name: user.Name ?? null,
    email: user.Email ?? null,
    email_verified: isVerified(emulated, userId),
    given_name: user.FirstName ?? null,
    family_name: user.LastName ?? null,
    zoneinfo: user.TimeZoneSidKey ?? null,
    photos: { picture: `${baseUrl}/profilephoto/005/F`, thumbnail: `${baseUrl}/profilephoto/005/T` },
    profile: `${baseUrl}/${userId}`,
    picture: `${baseUrl}/profilephoto/005/F`,
    address: {},
    is_salesforce_integration_user: userId === org.ids.integrationUserId,
    urls: urls(emulated),
    active: user.IsActive === true,
    user_type: userType(user),
    language: user.LanguageLocaleKey ?? null,
    locale: user.LocaleSidKey ?? null,
    utcOffset: -28_800_000,
    updated_at: String(user.LastModifiedDate ?? '').replace('.000+0000', 'Z'),
  };
}

/** What the identity address `/id/<org>/<user>` tells. */
export function identity(emulated: EmulatedOrg, userId: string): Record<string, unknown> {
  const user = userRow(emulated, userId);
  return {
    id: identityUrl(emulated.org, emulated.baseUrl, userId),
    asserted_user: true,
    user_id: userId,
    organization_id: emulated.org.ids.organizationId,
    username: user.Username ?? null,
    nick_name: user.CommunityNickname ?? null,
    display_name: user.Name ?? null,
    email: user.Email ?? null,
    email_verified: isVerified(emulated, userId),
    first_name: user.FirstName ?? null,
    last_name: user.LastName ?? null,
    timezone: user.TimeZoneSidKey ?? null,
    photos: {},
    urls: urls(emulated),
    active: user.IsActive === true,
    user_type: userType(user),
    language: user.LanguageLocaleKey ?? null,
    locale: user.LocaleSidKey ?? null,
    utcOffset: -28_800_000,
    last_modified_date: user.LastModifiedDate ?? null,
    is_app_installed: true,
  };
}

function urls({ baseUrl, org }: EmulatedOrg): Record<string, string> {
  const data = `${baseUrl}/services/data/v{version}`;
  const organizationId = org.ids.organizationId.slice(0, 15);
  return {
    enterprise: `${baseUrl}/services/Soap/c/{version}/${organizationId}`,
    metadata: `${baseUrl}/services/Soap/m/{version}/${organizationId}`,
    partner: `${baseUrl}/services/Soap/u/{version}/${organizationId}`,
    rest: `${data}/`,
    sobjects: `${data}/sobjects/`,
    search: `${data}/search/`,
    query: `${data}/query/`,
    recent: `${data}/recent/`,
    custom_domain: baseUrl,
  };
}

/** Whether the user has shown that the address is his. */
export function isVerified({ org }: Pick<EmulatedOrg, 'org'>, userId: string): boolean {
  return !org.settings.unverifiedEmailUserIds.includes(userId);
}

function userType(user: StoredRecord): string {
  return String(user.UserType ?? 'Standard').toUpperCase();
}

function userRow({ org }: EmulatedOrg, userId: string): StoredRecord {
  return org.store.table(org.object('User')).get(userId) ?? { Id: userId };
}
