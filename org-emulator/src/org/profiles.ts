/** Profiles that an org starts with: who may sign in with them, by which licence, and what they let their users do. */
export const PROFILES = {
  'System Administrator': { userType: 'Standard', licence: 'Salesforce' },
  'Standard User': { userType: 'Standard', licence: 'Salesforce' },
  'Minimum Access - API Only Integrations': { userType: 'Standard', licence: 'Salesforce Integration' },
  'Chatter Free User': { userType: 'CsnOnly', licence: 'Chatter Free' },
  'Minimum Access - Salesforce': { userType: 'Standard', licence: 'Salesforce' },
} as const;

/** User permissions that come with a profile; those of an administrator are all of them. */
const PROFILE_PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
  'Standard User': ['ApiEnabled', 'ActivitiesAccess', 'EditEvent', 'EditTask'],
  'Minimum Access - API Only Integrations': ['ApiEnabled', 'ApiUserOnly'],
};

/** What not even the profile of an administrator has unless somebody switches it on. */
const NOT_OF_ADMINISTRATORS = ['ApiUserOnly', 'BulkApiHardDelete'];

/** Whether users of a profile have a user permission without any permission set. */
export function profileGrants(profileName: string, userPermission: string): boolean {
  if (profileName === 'System Administrator') return !NOT_OF_ADMINISTRATORS.includes(userPermission);
  return PROFILE_PERMISSIONS[profileName]?.includes(userPermission) === true;
}
