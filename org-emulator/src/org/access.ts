import type { Field } from '../schema/field';
import { ObjectSchema } from '../schema/object-schema';
import type { ObjectRights, PermissionSetDefinition } from '../schema/permission-set';
import type { Org } from './org';
import { setKey } from './seed';
import { profileGrants } from './profiles';

const ALL: ObjectRights = { read: true, create: true, edit: true, delete: true, viewAll: true, modifyAll: true };
const FULL: ObjectRights = { ...ALL, viewAll: false, modifyAll: false };
const READ: ObjectRights = { ...FULL, create: false, edit: false, delete: false };
const NONE: ObjectRights = { ...READ, read: false };

/** Objects whose rows a Standard User works with. */
const SALES_OBJECTS = new Set([
  'account',
  'campaignmember',
  'case',
  'contact',
  'event',
  'eventrelation',
  'lead',
  'opportunity',
  'opportunitycontactrole',
  'task',
]);
/** Objects that every user of the API can read, because all others refer to them. */
const READABLE_BY_ALL = new Set([
  'assignmentrule',
  'group',
  'groupmember',
  'organization',
  'profile',
  'queuesobject',
  'recordtype',
  'user',
  'userlicense',
  'userpermissionaccess',
  'userrecordaccess',
  'userrole',
]);
/** Objects of the set-up, which take the user permission View Setup and Configuration. */
const SETUP_OBJECTS = new Set(['duplicaterule', 'objectpermissions', 'permissionset', 'permissionsetassignment']);
/** Objects that follow user permissions. */
const ACTIVITIES = new Set(['event', 'eventrelation', 'task']);
/** Objects whose rows belong to a Campaign: who reads Campaigns adds members to them. */
const OF_CAMPAIGN: ReadonlyMap<string, ObjectRights> = new Map([
  ['campaignmember', FULL],
  ['campaignmemberstatus', READ],
]);

/**
 * What one user may see and do: object rights, field-level security and the schema that follows from both. A
 * deployed field is seen only through a permission set that lists it, by administrators too, as in a real org.
 */
export class UserAccess {
  readonly isAdministrator: boolean;
  private readonly permissionSets: PermissionSetDefinition[];
  private readonly profileName: string;
  private readonly views = new Map<string, ObjectSchema | null>();

  constructor(
    private readonly org: Org,
    readonly userId: string,
  ) {
    const user = org.store.table(org.object('User')).get(userId);
    const profile = typeof user?.ProfileId === 'string' ? org.store.find(user.ProfileId)?.row : undefined;
    this.profileName = String(profile?.Name ?? '');
    this.isAdministrator = this.profileName === 'System Administrator';
    const assigned = assignedPermissionSets(org, userId);
    this.permissionSets = org.schema.permissionSets.filter((set) => assigned.has(setKey(set)));
  }

  /** The object as this user sees it, or undefined when he may not even read it. */
  object(name: string): ObjectSchema | undefined {
    const full = this.org.schema.object(name);
    if (!full) return undefined;
    let view = this.views.get(full.name);
    if (view === undefined) {
      view = this.viewOf(full);
      this.views.set(full.name, view);
    }
    return view ?? undefined;
  }

  /** Every object that this user sees. */
  get objects(): ObjectSchema[] {
    return this.org.schema.objects.flatMap((object) => this.object(object.name) ?? []);
  }

  /** What the user may do with rows of an object. */
  rights(sobject: string): ObjectRights {
    const name = sobject.toLowerCase();
    if (this.isAdministrator || this.has('ModifyAllData')) return ALL;
    const rights = { ...this.profileRights(name) };
    for (const set of this.permissionSets) {
      const granted = set.objects.get(name);
      if (!granted) continue;
      for (const key of Object.keys(rights) as (keyof ObjectRights)[]) rights[key] ||= granted[key];
    }
    if (name.endsWith('__mdt') && this.permissionSets.some((set) => set.metadataTypes.has(name))) rights.read = true;
    if (ACTIVITIES.has(name) && this.has('ActivitiesAccess')) {
      Object.assign(rights, this.has(name === 'task' ? 'EditTask' : 'EditEvent') ? FULL : READ);
    }
    const ofCampaign = OF_CAMPAIGN.get(name);
    if (ofCampaign && this.rights('campaign').read) Object.assign(rights, ofCampaign);
    if (SETUP_OBJECTS.has(name) && this.has('ViewSetup')) rights.read = true;
    if (this.has('ViewAllData')) Object.assign(rights, { read: true, viewAll: true });
    return rights;
  }

  /** Whether the user's profile or one of his permission sets grants a user permission. */
  has(userPermission: string): boolean {
    return (
      profileGrants(this.profileName, userPermission) ||
      this.permissionSets.some((set) => set.userPermissions.has(userPermission))
    );
  }

  private profileRights(name: string): ObjectRights {
    if (READABLE_BY_ALL.has(name)) return READ;
    if (this.profileName !== 'Standard User') return NONE;
    if (SALES_OBJECTS.has(name)) return FULL;
    return name === 'campaign' || name === 'campaignmemberstatus' ? READ : NONE;
  }

  private viewOf(full: ObjectSchema): ObjectSchema | null {
    const rights = this.rights(full.name);
    if (!rights.read) return null;
    const fields = full.fields.flatMap((field) => this.fieldView(full, field) ?? []);
    const isWhole = fields.length === full.fields.length && fields.every((field, at) => field === full.fields[at]);
    if (isWhole && rights.create && rights.edit && rights.delete) return full;
    const flags = {
      ...full.flags,
      createable: full.flags.createable && rights.create,
      updateable: full.flags.updateable && rights.edit,
      deletable: full.flags.deletable && rights.delete,
    };
    return new ObjectSchema(flags, fields, full.childRelationships, full.recordTypeInfos);
  }

  private fieldView(object: ObjectSchema, field: Field): Field | undefined {
    // Who may read a custom metadata type reads all its fields.
    const isOpen = !field.permissionable || !this.org.settings.fieldLevelSecurity || object.name.endsWith('__mdt');
    const hasStandardFields = this.isAdministrator || this.profileName === 'Standard User';
    // What every row must have cannot be hidden, and neither can what names it.
    // Only booleans are never empty without being required.
    const isRequired = (!field.nillable && field.type !== 'boolean') || field.nameField;
    // A person account's field came the way of the contact's field which it shows, and so does its security.
    const [owner, name] = guardOf(object, field);
    const isDeployed = this.org.schema.isDeployed(owner, name);
    if (isOpen || (!isDeployed && (hasStandardFields || isRequired))) return field;
    const granted = this.permissionSets.flatMap((set) => set.fields.get(`${owner}.${name}`.toLowerCase()) ?? []);
    if (granted.length === 0) return undefined;
    return granted.some(({ editable }) => editable) ? field : { ...field, createable: false, updateable: false };
  }
}

/** The object and field whose security a field has. */
function guardOf(object: ObjectSchema, { name }: Field): [sobject: string, field: string] {
  if (name.endsWith('__pc')) return ['Contact', name.replace(/__pc$/, '__c')];
  const isPerson = object.name === 'Account' && /^Person[A-Z]/.test(name);
  return isPerson ? ['Contact', name.replace(/^Person/, '')] : [object.name, name];
}

function assignedPermissionSets(org: Org, userId: string): Set<string> {
  const assignments = org.object('PermissionSetAssignment');
  const assignee = assignments.field('AssigneeId');
  const rows = (assignee && org.store.table(assignments).lookup(assignee, userId)) ?? [];
  const sets = org.store.table(org.object('PermissionSet'));
  return new Set(
    rows.flatMap((row) => {
      const set = sets.get(String(row.PermissionSetId));
      return set
        ? setKey({
            name: String(set.Name),
            namespace: typeof set.NamespacePrefix === 'string' ? set.NamespacePrefix : null,
          })
        : [];
    }),
  );
}
