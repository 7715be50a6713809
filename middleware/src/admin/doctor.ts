import { examine } from '../doctor/examine';
import { lineMaker, type DoctorLine } from '../doctor/line';
import { readOwnFacts } from '../doctor/own-facts.store';
import { namedRecordTypes, permissionSetXml, PERMISSION_SET_NAME } from '../doctor/permission-set';
import { readFacts, readSharing } from '../doctor/read-facts';
import { viewAllRights } from '../doctor/visibility';
import { SalesforceError, SignInRefusedError } from '../salesforce/errors';
import { orgViewOf } from '../salesforce/org-view';
import { namedOwners } from '../settings/directory';
import { neededRights, rightsOfLinks } from '../settings/needed-rights';
import { GRANT_RIGHT, lackInWords, rightName, type NeededRight } from '../settings/right';
import { DEFAULT_SETTINGS, type Settings } from '../settings/settings';
import { readSettings } from '../settings/settings.store';
import type { AdminDeps } from './deps';

/** What the doctor found. */
export interface DoctorReport {
  lines: DoctorLine[];
}

/**
 * Looks at the team's org for everything that its settings need. An org that cannot be asked is a finding, told in its
 * line. Four API calls at most.
 */
export async function runDoctor({
  store,
  org,
  teamId,
  now,
}: Pick<AdminDeps, 'store' | 'org' | 'teamId' | 'now'>): Promise<DoctorReport> {
  const readable = await org.session(teamId);
  const line = lineMaker(readable?.org.instanceUrl ?? null);
  if (readable === null) {
    const why = 'No org is connected, so nothing can be written.';
    const remedy = 'Connect one: docs/install.md tells how.';
    return { lines: [line.failure('connection', why, remedy)] };
  }
  const settings = await presentSettings(store, teamId);
  const own = await readOwnFacts(store, { teamId, org: readable.org }, now());
  const users = namedOwners(settings).flatMap(({ kind, name }) => (kind === 'user' ? [name] : []));
  try {
    const facts = await readFacts(readable.session.connection, own, [...new Set([...users, ...own.hosts])], now());
    return { lines: [line.ok('connection', 'The org accepts the sign-in.'), ...examine(settings, facts, own)] };
  } catch (error) {
    if (!(error instanceof SalesforceError)) throw error;
    return { lines: [refusalLine(error, line)] };
  }
}

/** The org did not answer: what that says of its connection. */
function refusalLine(error: SalesforceError, line: ReturnType<typeof lineMaker>): DoctorLine {
  if (error instanceof SignInRefusedError)
    return line.failure('connection', error.reason, error.remedy, 'connectedApps');
  if (/^API_(DISABLED_FOR_ORG|CURRENTLY_DISABLED)$/.test(error.errorCode)) {
    const right: NeededRight = {
      right: { kind: 'user', permission: 'ApiEnabled' },
      reasons: ['every request goes through the API, and the edition of the org has to have it'],
      parts: ['api'],
      isForReading: true,
      isByValue: false,
    };
    const remedy = `${GRANT_RIGHT} Professional and Group editions have the API only as an add-on.`;
    return line.failure(
      rightName(right.right),
      lackInWords({ ...right, isInvisible: false }),
      remedy,
      'permissionSets',
    );
  }
  return line.failure('connection', error.reason, error.remedy, 'company');
}

/** A permission set as it is deployed. */
export interface PermissionsFile {
  /** Its API name. */
  name: string;
  /** Where it belongs in a folder of the source format. */
  path: string;
  xml: string;
  rights: { name: string; reasons: string[] }[];
}

/**
 * The least permission set for the settings in use. An org that is connected is asked for its namespace, its private
 * objects and which fields are governed; without one the package is taken to have no namespace.
 *
 * @throws SalesforceError when the org cannot be asked.
 */
export async function leastPermissions(
  { store, org, teamId }: AdminDeps,
  { links }: { links: 'yes' | 'no' },
): Promise<PermissionsFile> {
  const settings = await presentSettings(store, teamId);
  const readable = await org.session(teamId);
  const { view, sharing } =
    readable === null
      ? { view: orgViewOf({ objects: {}, stamp: null, readAt: '' }), sharing: {} }
      : await readSharing(readable.session.connection);
  const needed = [
    ...neededRights(settings, view),
    ...viewAllRights(settings, sharing),
    ...(links === 'yes' ? rightsOfLinks(view) : []),
  ];
  return {
    name: PERMISSION_SET_NAME,
    path: `permissionsets/${PERMISSION_SET_NAME}.permissionset-meta.xml`,
    xml: permissionSetXml(needed, namedRecordTypes(settings)),
    rights: needed.map(({ right, reasons }) => ({ name: rightName(right), reasons })),
  };
}

async function presentSettings(store: AdminDeps['store'], teamId: string): Promise<Settings> {
  return (await readSettings(store, [teamId])).get(teamId)?.settings ?? DEFAULT_SETTINGS;
}
