import { diffSettings, type SettingsChange } from '../settings/diff';
import { settingsJsonSchema } from '../settings/json-schema';
import type { Settings } from '../settings/settings';
import { parseSettings } from '../settings/settings';
import {
  listSettingsVersions,
  readSettings,
  readSettingsVersion,
  saveSettings,
  type SettingsVersionInfo,
} from '../settings/settings.store';
import type { AdminDeps } from './deps';
import { AdminRefusedError, NotFoundError } from './refused';
import { checkAgainstOrg, checkDocument, SettingsRefusedError, type SettingsCheck } from './settings-check';

/** Settings that an admin names: a saved version, or a document of his own. Neither: the newest version. */
export interface NamedSettings {
  version?: number | undefined;
  document?: unknown;
}

/** What saving came to. */
export interface SavedSettings {
  version: number;
  /** Warnings: nothing of them refuses. */
  problems: SettingsCheck['problems'];
  notChecked: string | null;
}

/**
 * One version of the team's settings, the newest unless one is named. Version 0 is what the connector comes with.
 * @throws NotFoundError when there is none of that number.
 */
export async function exportSettings(
  { store, teamId }: AdminDeps,
  { version }: { version?: number | undefined } = {},
): Promise<{ version: number; settings: Settings }> {
  const found =
    version === undefined
      ? (await readSettings(store, [teamId])).get(teamId)
      : await readSettingsVersion(store, teamId, version);
  if (found === undefined || found === null) {
    throw new NotFoundError(
      `There is no version ${version} of the settings. "booking-connector settings versions" lists those that there are.`,
    );
  }
  return { version: found.version, settings: found.settings };
}

/**
 * Saves a settings document as a new version, if nothing refuses it in the connected org; running servers follow it from
 * their next turn on.
 *
 * @param expectedVersion the version that the document was made from: refused when another was saved meanwhile.
 * @throws InvalidSettingsError for a document that cannot be read, SettingsRefusedError for one that cannot work, each
 *   with every problem; SettingsChangedError. Then nothing is saved.
 */
export async function importSettings(
  deps: AdminDeps,
  { document, author, expectedVersion }: { document: unknown; author: string; expectedVersion?: number | undefined },
): Promise<SavedSettings> {
  const settings = parseSettings(document);
  const { isAccepted, problems, notChecked } = await checkAgainstOrg(deps, settings);
  if (!isAccepted) throw new SettingsRefusedError(problems);
  const { store, teamId, now, wake } = deps;
  const version = await saveSettings(store, { teamId, settings, author, now: now(), expectedVersion });
  wake();
  return { version, problems, notChecked };
}

/** What is wrong with settings in the connected org, without saving anything. */
export async function checkNamedSettings(deps: AdminDeps, named: NamedSettings): Promise<SettingsCheck> {
  if (named.document !== undefined) return checkDocument(deps, named.document);
  return checkAgainstOrg(deps, (await readNamed(deps, named)).settings);
}

/** What is different in `to`. */
export async function diffNamedSettings(
  deps: AdminDeps,
  { from, to }: { from: NamedSettings; to: NamedSettings },
): Promise<{ changes: SettingsChange[] }> {
  const [a, b] = [await readNamed(deps, from), await readNamed(deps, to)];
  return { changes: diffSettings(a.settings, b.settings) };
}

/** What each rule decides, in the words of the published schema. */
export function ruleDescriptions(): Record<string, string> {
  const { properties } = settingsJsonSchema() as {
    properties: { rules: { properties: Record<string, { description?: string }> } };
  };
  const rules = Object.entries(properties.rules.properties);
  return Object.fromEntries(rules.map(([rule, { description = '' }]) => [rule, description]));
}

/** The saved versions, newest first. */
export async function listVersions({ store, teamId }: AdminDeps): Promise<{ versions: SettingsVersionInfo[] }> {
  return { versions: await listSettingsVersions(store, teamId) };
}

/**
 * Saves an old version again as the newest. It is checked as any other: the org may have changed since.
 * @throws NotFoundError when there is none of that number; AdminRefusedError when it is the newest; else as `importSettings`.
 */
export async function rollBackSettings(
  deps: AdminDeps,
  { version, author, expectedVersion }: { version: number; author: string; expectedVersion?: number | undefined },
): Promise<SavedSettings & { changes: SettingsChange[] }> {
  const [newest, old] = [await exportSettings(deps), await exportSettings(deps, { version })];
  if (newest.version === version) throw new AdminRefusedError(`Version ${version} is the newest already.`);
  const changes = diffSettings(newest.settings, old.settings);
  const saved = await importSettings(deps, {
    document: old.settings,
    author,
    // What the admin was shown is what is replaced.
    expectedVersion: expectedVersion ?? newest.version,
  });
  return { ...saved, changes };
}

async function readNamed(deps: AdminDeps, { version, document }: NamedSettings): Promise<{ settings: Settings }> {
  return document === undefined ? exportSettings(deps, { version }) : { settings: parseSettings(document) };
}
