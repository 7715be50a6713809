import { Allowance } from '../control/allowance';
import { CallLog } from '../control/call-log';
import { FaultBook } from '../control/faults';
import { AuthorizationCodes } from '../oauth/authorization-codes';
import { IdTokens } from '../oauth/id-tokens';
import { SessionStore } from '../oauth/session-store';
import { Org, type OrgOptions } from '../org/org';
import { readSnapshot, writeSnapshot, type OrgSnapshot } from '../org/snapshot';
import { ComponentBundler } from '../components/component-bundler';
import { Dispatcher } from '../rest/dispatcher';
import { deployedScreens } from '../screen/deployed-screens';
import { folderScreens, type ScreenSource } from '../screen/screen-files';

/** An app that may sign in to the org. */
export interface OAuthClient {
  clientId: string;
  clientSecret: string;
  /** Addresses that the consent may return to; empty allows any. */
  redirectUris: string[];
}

/** An org with everything that its HTTP face needs: sessions, the list of calls, faults and the allowance. */
export class EmulatedOrg {
  readonly org: Org;
  readonly sessions: SessionStore;
  readonly codes: AuthorizationCodes;
  readonly idTokens: IdTokens;
  readonly calls = new CallLog();
  readonly faults = new FaultBook();
  readonly allowance: Allowance;
  readonly dispatcher: Dispatcher;
  /** The files of what people see of the deployed packages. */
  readonly screens: ScreenSource;
  readonly bundler = new ComponentBundler();
  /** Snapshots that were taken under a name. */
  readonly snapshots = new Map<string, OrgSnapshot>();
  /** `http://127.0.0.1:8080`; known once the server listens. */
  baseUrl = '';

  constructor(
    options: OrgOptions,
    readonly client: OAuthClient,
    /** Where the org is kept between two runs. */
    readonly snapshotFile?: string,
  ) {
    this.org = new Org(options);
    // In a namespace the names in the folders are not those of the org.
    const folders = options.namespace === undefined ? folderScreens(options.deployDirs ?? []) : undefined;
    this.screens = deployedScreens(this.org, folders);
    const kept = snapshotFile === undefined ? undefined : readSnapshot(snapshotFile);
    if (kept) this.org.restore(kept);
    this.sessions = new SessionStore(
      () => this.org.ids.organizationId,
      this.org.clock.now,
      () => this.org.settings.sessionMinutes,
      () => this.org.settings.refreshTokenIdleDays,
    );
    this.codes = new AuthorizationCodes(this.org.clock.now);
    this.idTokens = new IdTokens(this.org, () => this.baseUrl);
    this.allowance = new Allowance(this.org);
    this.dispatcher = new Dispatcher(() => this.allowance.remaining);
  }

  /** Writes the snapshot file, if the org has one. */
  save(): boolean {
    if (this.snapshotFile === undefined) return false;
    writeSnapshot(this.snapshotFile, this.org.snapshot());
    return true;
  }

  /** Brings records, calls, faults and allowance back to the start. Tokens stay good: the seeded users keep their ids. */
  reset(): void {
    this.faults.clear();
    this.org.reset();
    this.calls.reset();
    this.allowance.reset();
  }
}
