import { loadOrgSchema, type OrgSchema } from '../schema/org-schema';
import { DeployJobs } from '../metadata/deploy-job';
import type { RetrieveJob } from '../metadata/retrieve';
import { installPackage } from '../metadata/install';
import { MetadataStore } from '../metadata/metadata-store';
import { writeMetadataRecords } from '../metadata/metadata-records';
import { RecordStore } from '../records/store';
import type { StoredRecord } from '../records/table';
import type { ObjectSchema } from '../schema/object-schema';
import { BulkJobs } from '../bulk/bulk-jobs';
import { UserAccess } from './access';
import { Clock } from './clock';
import { seedOrg, seedPermissionSets, seedRecordTypes, updateOrganization, type SeededIds } from './seed';
import { ViewedRecords } from './viewed-records';
import type { OrgSnapshot } from './snapshot';
import { settingsSchema, type Settings, type SettingsInput } from './settings';

/** How an org is made. */
export interface OrgOptions {
  /** A folder of recorded describes that take the place of the emulator's own objects. */
  describeDir?: string | undefined;
  /** SFDX folders that are deployed, in this order. */
  deployDirs?: string[] | undefined;
  /** The namespace that the folders are installed under, as a managed package is in a subscriber's org. */
  namespace?: string | undefined;
  settings?: SettingsInput | undefined;
  /** Three letters or digits in every record's id, so that two orgs have no id in common. */
  idInstance?: string | undefined;
}

/** Objects whose rows decide what users may see. */
const ACCESS_OBJECTS = new Set(['User', 'PermissionSet', 'PermissionSetAssignment', 'Profile']);

/** An org: its schema, its records, its switches and its time. Knows nothing of HTTP. */
export class Org {
  readonly clock = new Clock();
  readonly schema: OrgSchema;
  readonly store: RecordStore;
  /** Every metadata component that was deployed. */
  readonly metadata = new MetadataStore();
  readonly deployments = new DeployJobs();
  readonly retrievals = new Map<string, RetrieveJob>();
  /** Permission sets that the administrator has from the start, by `namespace__name`. */
  readonly administratorSets = new Set<string>();
  /** What each user looked at last. */
  readonly viewed = new ViewedRecords();
  readonly bulkJobs = new BulkJobs();
  settings: Settings;
  ids: SeededIds;
  private readonly accesses = new Map<string, UserAccess>();

  constructor(private readonly options: OrgOptions = {}) {
    this.settings = settingsSchema.parse(options.settings ?? {});
    this.schema = loadOrgSchema(options.describeDir, this.clock.now);
    this.store = new RecordStore(this.schema, options.idInstance);
    this.ids = seedOrg(this);
    this.store.onChange((changes) => {
      if (changes.some(({ sobject }) => ACCESS_OBJECTS.has(sobject))) this.accesses.clear();
    });
    this.enableFeatures();
    for (const directory of options.deployDirs ?? []) installPackage(this, directory, options.namespace ?? null);
  }

  /** Brings the records back to the seed and the switches back to what the org was made with. The schema stays. */
  reset(): void {
    this.store.clear();
    this.viewed.clear();
    this.bulkJobs.clear();
    this.deployments.clear();
    this.retrievals.clear();
    this.clock.set(null);
    this.settings = settingsSchema.parse(this.options.settings ?? {});
    this.ids = seedOrg(this);
    this.enableFeatures();
    seedMetadata(this);
    this.accesses.clear();
  }

  /** Changes some switches. Throws ZodError when one makes no sense; then none is changed. */
  changeSettings(changes: object): void {
    this.settings = settingsSchema.parse({ ...this.settings, ...changes });
    this.enableFeatures();
    updateOrganization(this);
    this.accesses.clear();
  }

  /** The org as it is now. */
  snapshot(): OrgSnapshot {
    const now = this.clock.isStopped ? this.clock.now().toISOString() : null;
    return { ids: this.ids, settings: this.settings, now, store: this.store.content() };
  }

  /** Brings back what a snapshot holds. Throws when the org lacks an object of it. */
  restore(snapshot: OrgSnapshot): void {
    this.changeSettings(snapshot.settings);
    this.store.replace(snapshot.store);
    this.clock.set(snapshot.now === null ? null : new Date(snapshot.now));
    this.ids = snapshot.ids;
    this.viewed.clear();
    this.bulkJobs.clear();
    // What was deployed since the snapshot was taken.
    seedRecordTypes(this);
    seedMetadata(this);
    this.accesses.clear();
  }

  /** Lets what users may see and do be worked out anew. */
  forgetAccess(): void {
    this.accesses.clear();
  }

  /** Turns on what the settings or a recorded describe say, and says in the settings what is on: nothing is turned off. */
  private enableFeatures(): void {
    const { schema, settings } = this;
    if (settings.personAccounts || schema.hasPersonAccounts) schema.enablePersonAccounts();
    if (settings.sharedActivities) schema.enableSharedActivities();
    settings.personAccounts = schema.hasPersonAccounts;
    settings.sharedActivities = schema.hasSharedActivities;
    seedRecordTypes(this);
  }

  /** What a user may see and do. */
  access(userId: string): UserAccess {
    let access = this.accesses.get(userId);
    if (!access) {
      access = new UserAccess(this, userId);
      this.accesses.set(userId, access);
    }
    return access;
  }

  /**
   * The object of an API name.
   *
   * @throws when the org has none; for names that the emulator itself relies on.
   */
  object(name: string): ObjectSchema {
    const object = this.schema.object(name);
    if (!object) throw new Error(`This org has no object ${name}`);
    return object;
  }

  /** The row of an 18-character id that is not in the recycle bin, or undefined. */
  liveRow(object: ObjectSchema, id: string): StoredRecord | undefined {
    const row = this.store.table(object).get(id);
    return row && row.IsDeleted !== true ? row : undefined;
  }
}

/** Makes the records that deployed metadata has. */
function seedMetadata(org: Org): void {
  seedPermissionSets(org);
  org.store.transaction(() => {
    writeMetadataRecords(org);
  });
}
