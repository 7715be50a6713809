import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startChild } from './support/child';

/** Longer than the second that the expressions of a body may take. */
const STALL_MS = 1_100;
const STALLS = 4;

describe('a mapped source on a machine that is busy with something else', () => {
  it('refuses no body because the process was not let run', async () => {
    const body = await readFile(join(__dirname, 'fixtures/source/mapped/10to8.created.json'));
    const child = startChild('mapping-child.ts', [body.toString('base64'), String((STALL_MS + 200) * STALLS)]);
    await child.said(1);
    for (let stall = 0; stall < STALLS; stall += 1) {
      await pause(50);
      child.process.kill('SIGSTOP');
      await pause(STALL_MS);
      child.process.kill('SIGCONT');
    }
    const said = JSON.parse(await child.said(2)) as { read: number; refused: number };
    expect(said.read).toBeGreaterThan(0);
    expect(said.refused).toBe(0);
    expect(await child.ended()).toBe(0);
  }, 30_000);
});
