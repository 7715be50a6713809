import type { ApiUsage } from '../salesforce/api-usage';
import type { OrgClock } from '../salesforce/org-connection';
import type { OrgView } from '../salesforce/org-view';

/** Something that the API user may not have been allowed to read. */
export type Read<T> = { isKnown: true; value: T } | { isKnown: false };

/** What was read about an org, for the checks. Null and unknown are told apart. */
export interface OrgFacts {
  view: OrgView;
  instanceUrl: string | null;
  user: {
    id: string;
    username: string;
    isActive: boolean;
    userType: string;
    profile: string | null;
    licence: string | null;
    roleId: string | null;
  } | null;
  organization: {
    name: string;
    edition: string;
    isSandbox: boolean;
    trialEndsAt: string | null;
    /** `DefaultLeadAccess` and the like, by object. */
    sharing: Readonly<Record<string, string | null>>;
  } | null;
  userPermissions: Read<Readonly<Record<UserPermissionFact, boolean>>>;
  /** Objects of which a permission set of the user lets it see every record. */
  viewAll: Read<ReadonlySet<string>>;
  permissionSets: Read<readonly string[]>;
  duplicateRules: Read<readonly { sobject: string; name: string }[]>;
  assignmentRules: Read<readonly string[]>;
  /** Null: the package was deployed, or is not there. */
  packageVersion: Read<string | null>;
  /** Events of other owners that were tried, and how many of them the user may change. */
  events: { tried: number; editable: number };
  /** Records that earlier bookings were written to and that are not seen, by object. */
  hidden: Readonly<Record<string, number>>;
  /** How many such records of each object were tried. */
  triedRecords: Readonly<Record<string, number>>;
  /** Names of people in Salesforce by what they were looked for by, in lower case; null: there is no such active user. */
  people: ReadonlyMap<string, string | null>;
  usage: ApiUsage | null;
  clock: OrgClock | null;
}

/** User permissions that are asked for, as `UserPermissionAccess` calls them. */
export const USER_PERMISSION_FACTS = [
  'ApiEnabled',
  'ActivitiesAccess',
  'EditEvent',
  'ViewAllData',
  'ModifyAllData',
] as const;
export type UserPermissionFact = (typeof USER_PERMISSION_FACTS)[number];

/** What the connector itself knows that the checks compare with. */
export interface OwnFacts {
  /** E-mail addresses of hosts of bookings that are still to come. */
  hosts: readonly string[];
  /** Those among them who are linked to a user. */
  linkedHosts: readonly string[];
  /** Records that earlier bookings were written to, by object. */
  records: readonly { sobject: string; recordId: string }[];
  /** Bookings that wait because a duplicate rule refused their customer. */
  duplicatesParked: number;
  /** Whether the org takes nested keys; null: not tried yet. */
  takesNestedKeys: boolean | null;
}
