import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandProcess } from '../../bench/support/command-process';
import { createSource, importSettings, openGate } from '../../src/admin/admin';
import { startApp } from '../../src/app';
import { readConfig } from '../../src/config';
import { DEFAULT_SETTINGS } from '../../src/settings/settings';
import { calcomSignature } from '../../src/source/calcom';
import { exampleBody } from '../fixtures/source/build';
import { SILENT } from './postgres';

const SECRET = 'process-test-secret';

/** A data directory with a Cal.com source `cal` in it and an open gate, for processes of the build. */
export interface DataDir {
  dataDir: string;
  remove(): Promise<void>;
}

/** @param env of the processes: which org, if any. */
export async function prepareDataDir(env: Record<string, string> = {}): Promise<DataDir> {
  const folder = await mkdtemp(join(tmpdir(), 'test-process-'));
  const dataDir = join(folder, 'data');
  const app = await startApp(readConfig({ ...env, PORT: '0', DATA_DIR: dataDir }), SILENT);
  await createSource(app.admin, { id: 'cal', kind: 'calcom', secret: SECRET });
  if (env['SALESFORCE_LOGIN_URL'] !== undefined) {
    await importSettings(app.admin, { document: DEFAULT_SETTINGS, author: 'test' });
    await openGate(app.admin, { backlog: true });
  }
  await app.stop();
  return { dataDir, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Starts `booking-connector start` of the build over a data directory. */
export async function startProcess(
  dataDir: string,
  env: Record<string, string> = {},
): Promise<{ process: CommandProcess; url: string }> {
  const [process, { url }] = await CommandProcess.start<{ url: string }>(['start', '--json'], {
    PORT: '0',
    DATA_DIR: dataDir,
    ...env,
  });
  return { process, url };
}

/** Sends a new booking under this uid, signed as Cal.com signs. */
export function sendBooking(url: string, uid: string): Promise<Response> {
  const body = JSON.parse(exampleBody('calcom', 'BOOKING_CREATED').toString('utf8')) as { payload: object };
  const text = JSON.stringify({ ...body, payload: { ...body.payload, uid } });
  return fetch(`${url}/webhooks/cal`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-cal-signature-256': calcomSignature(SECRET, text) },
    body: text,
  });
}
