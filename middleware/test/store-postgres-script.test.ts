import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Client } from 'pg';
import { isConnectionError } from '../src/store/is-connection-error';
import { describePostgres } from './support/postgres';

const SCRIPT = join(__dirname, '../../scripts/postgres.mjs');

/** Runs the script as somebody would who has not set TEST_DATABASE_URL. */
const runScript = (args: string[], env: Record<string, string> = {}) =>
  spawnSync(process.execPath, [SCRIPT, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, POSTGRES_BIN: process.env.POSTGRES_BIN ?? '', ...env },
  });

const PRINT_URL = [process.execPath, '-e', 'console.log(process.env.TEST_DATABASE_URL ?? "none"); process.exit(7)'];

describePostgres('scripts/postgres.mjs', () => {
  it('runs a command with a server, ends with its exit code, and leaves no server behind', async () => {
    const { status, stdout } = runScript(['run', '--', ...PRINT_URL], { TEST_DATABASE_URL: '' });
    expect(status).toBe(7);
    expect(stdout).toMatch(/^postgres:\/\/tester:\w+@127\.0\.0\.1:\d+\/postgres\n$/);
    const client = new Client({ connectionString: stdout.trim() });
    const error: unknown = await client.connect().catch((reason: unknown) => reason);
    expect(isConnectionError(error)).toBe(true);
  });
});

describe('scripts/postgres.mjs without PostgreSQL', () => {
  const nowhere = { POSTGRES_BIN: '/nowhere' };

  it('uses the server that it is told of', () => {
    const told = { ...nowhere, TEST_DATABASE_URL: 'postgres://told' };
    expect(runScript(['run', '--', ...PRINT_URL], told)).toMatchObject({ status: 7, stdout: 'postgres://told\n' });
  });

  it.each([['run', '--', 'true'], ['serve'], ['find']])(
    'says what to install and ends with code 69 (%s)',
    (...args) => {
      const { status, stderr } = runScript(args, nowhere);
      expect(status).toBe(69);
      expect(stderr).toMatch(/^PostgreSQL is not installed: apt-get install postgresql .*\n$/);
    },
  );

  it('runs an optional command all the same', () => {
    const outcome = runScript(['run', '--optional', '--', ...PRINT_URL], nowhere);
    expect(outcome).toMatchObject({ status: 7, stdout: 'none\n' });
    expect(outcome.stderr).toContain('not installed');
  });

  it.each([[], ['run'], ['run', 'true'], ['run', '--fast', '--', 'true'], ['stop']])(
    'shows its use (%j)',
    (...args) => {
      expect(runScript(args, nowhere)).toMatchObject({ status: 2, stdout: '' });
    },
  );
});
