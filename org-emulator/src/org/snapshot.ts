import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { StoreContent } from '../records/store';
import type { SeededIds } from './seed';
import type { Settings } from './settings';

/** An org at one moment: records, switches and a stopped clock. The schema comes from the folders it is started with. */
export interface OrgSnapshot {
  ids: SeededIds;
  settings: Settings;
  /** The instant at which the clock is stopped; null when it runs. */
  now: string | null;
  store: StoreContent;
}

/** Reads a snapshot file; undefined when there is none. Throws when it is no snapshot. */
export function readSnapshot(file: string): OrgSnapshot | undefined {
  if (!existsSync(file)) return undefined;
  const json = JSON.parse(readFileSync(file, 'utf8')) as Partial<OrgSnapshot> | null;
  if (!json?.ids || !json.settings || !json.store) throw new Error(`${file} is no snapshot of an org`);
  return json as OrgSnapshot;
}

/** Writes a snapshot file whole or not at all: a reader never sees half of one. */
export function writeSnapshot(file: string, snapshot: OrgSnapshot): void {
  writeFileSync(`${file}.new`, JSON.stringify(snapshot));
  renameSync(`${file}.new`, file);
}
