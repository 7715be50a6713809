import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DoctorReport } from '../src/admin/doctor';
import { runCommand } from '../src/cli/command';

jest.setTimeout(120_000);

describe('the doctor on the command line', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'test-doctor-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const run = async (...args: string[]): Promise<{ code: number; out: string }> => {
    let out = '';
    const terminal = {
      stdout: (text: string) => void (out += text),
      stderr: () => undefined,
      env: { DATA_DIR: join(folder, 'data') },
    };
    return { code: await runCommand(['node', 'booking-connector', ...args], terminal), out };
  };

  it('looks at an emulated org of its own, and writes a file for support without addresses', async () => {
    const bundle = join(folder, 'support.json');
    const { code, out } = await run('doctor', '--emulator', '--json', '--bundle', bundle);
    expect(code).toBe(0);
    const report = JSON.parse(out) as DoctorReport;
    expect(Object.keys(report)).toEqual(['lines']);
    expect(report.lines).toContainEqual({
      check: 'Create Lead',
      state: 'ok',
      why: 'An unknown customer becomes a new Lead.',
      remedy: null,
      setupUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/lightning\/setup\/PermSets\/home$/),
    });
    const written = await readFile(bundle, 'utf8');
    expect(written).not.toMatch(/\w@\w/);
    expect(JSON.parse(written)).toMatchObject({ doctor: { length: report.lines.length }, problems: [] });
  });

  it('tells in words that no org is connected, and writes the permission set all the same', async () => {
    const { code, out } = await run('doctor');
    expect(code).toBe(0);
    expect(out).toContain('FAILURE  connection: No org is connected');
    const { out: said } = await run('permissions', '--out', join(folder, 'kit'));
    const path = join(folder, 'kit/permissionsets/Booking_API_User_Least.permissionset-meta.xml');
    expect(said).toContain(path);
    expect(await readFile(path, 'utf8')).toBe((await run('permissions')).out);
  });
});
