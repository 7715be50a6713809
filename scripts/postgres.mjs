#!/usr/bin/env node
/**
 * A private PostgreSQL server for tests: made in a temporary folder, on a free port of 127.0.0.1, gone when it stops.
 *
 *   node scripts/postgres.mjs run [--optional] -- <command...>
 *       Runs a command with TEST_DATABASE_URL set, and ends with its exit code. The server stops afterwards in any case.
 *       With --optional the command runs without a database where PostgreSQL is not installed.
 *   node scripts/postgres.mjs serve
 *       Prints {"url": ...} when ready, and stops when its standard input ends, as it does when its parent dies.
 *   node scripts/postgres.mjs find
 *       Prints the folder of the programs that would be used.
 *
 * Where TEST_DATABASE_URL is set already, that server is used and none is started.
 * Exit code 69: PostgreSQL is not installed. POSTGRES_BIN names the folder of its programs when it is in none of the
 * usual places.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, readdirSync } from 'node:fs';
import { chown, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { constants as osConstants, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

export const NOT_INSTALLED = 69;
const HOW_TO_INSTALL =
  'PostgreSQL is not installed: apt-get install postgresql (or brew install postgresql@18), ' +
  'or set POSTGRES_BIN or TEST_DATABASE_URL.';

/**
 * The folder with the programs of the newest installed version.
 * @returns null when there is none.
 */
export function findPostgres() {
  if (process.env.POSTGRES_BIN) {
    return hasServer(process.env.POSTGRES_BIN) ? process.env.POSTGRES_BIN : null;
  }
  const numbered = [
    ['/usr/lib/postgresql', /^(\d+)$/],
    ['/usr', /^pgsql-(\d+)$/],
    ['/opt/homebrew/opt', /^postgresql@(\d+)$/],
    ['/usr/local/opt', /^postgresql@(\d+)$/],
  ]
    .flatMap(([parent, pattern]) =>
      list(parent).flatMap((name) => {
        const version = pattern.exec(name)?.[1];
        return version ? [{ version: Number(version), folder: join(parent, name, 'bin') }] : [];
      }),
    )
    .sort((a, b) => b.version - a.version)
    .map(({ folder }) => folder);
  const onPath = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return [...numbered, ...onPath].find(hasServer) ?? null;
}

/**
 * Starts a server. Its fsync is on, as in production.
 * @returns its URL, of a superuser and the database postgres, and a function that stops it and removes its folder.
 */
export async function startPostgres(bin) {
  // The server refuses to run as root.
  const user = process.getuid?.() === 0 ? unprivilegedUser() : {};
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'test-postgres-'));
  let stop = () => rm(folder, { recursive: true, force: true });
  try {
    const password = randomBytes(16).toString('hex');
    const passwordFile = join(folder, 'password');
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (user.uid !== undefined) {
      await chown(folder, user.uid, user.gid);
      await chown(passwordFile, user.uid, user.gid);
    }
    const options = { ...user, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' } };
    const data = join(folder, 'data');
    await run(
      join(bin, 'initdb'),
      ['-D', data, '-U', 'tester', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--locale=C'],
      options,
    );
    const port = await freePort();
    const server = await startServer(bin, data, port, options);
    stop = async () => {
      await stopServer(server);
      await rm(folder, { recursive: true, force: true });
    };
    return { url: `postgres://tester:${password}@127.0.0.1:${port}/postgres`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startServer(bin, data, port, options) {
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'on',
    max_connections: 300,
    log_min_messages: 'fatal',
    logging_collector: 'off',
  };
  const args = ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  // With setpriv (Linux) the server stops even when this process is killed without a chance to stop it.
  const wrap =
    spawnSync('setpriv', ['--pdeathsig', 'INT', 'true']).status === 0 ? ['setpriv', '--pdeathsig', 'INT'] : [];
  const [command, ...rest] = [...wrap, join(bin, 'postgres'), ...args];
  const server = spawn(command, rest, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  server.stderr.on('data', (chunk) => {
    said = (said + chunk).slice(-10_000);
  });
  const deadline = Date.now() + 60_000;
  while (!(await accepts(port))) {
    if (server.exitCode !== null || Date.now() > deadline) {
      await stopServer(server);
      throw new Error(`PostgreSQL did not start: ${said.trim()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return server;
}

/** Whether a server is up. It refuses until it is ready, and then asks for the password, which this question leaves out. */
async function accepts(port) {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'tester', database: 'postgres', password: 'none' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch (error) {
    return error.code === '28P01';
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function stopServer(server) {
  if (server.exitCode !== null || server.signalCode !== null) {
    return;
  }
  const exited = once(server, 'exit');
  server.kill('SIGINT');
  const timer = setTimeout(() => server.kill('SIGQUIT'), 10_000);
  await exited;
  clearTimeout(timer);
}

function unprivilegedUser() {
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout?.trim());
    if (uid && gid) {
      return { uid: Number(uid), gid: Number(gid) };
    }
  }
  throw new Error('PostgreSQL does not run as root, and there is no user postgres or nobody to run it as.');
}

async function run(command, args, options) {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  child.stderr.on('data', (chunk) => (said += chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) {
    throw new Error(`${command} ended with ${code}: ${said.trim()}`);
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

function list(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function hasServer(folder) {
  try {
    accessSync(join(folder, 'initdb'), constants.X_OK);
    accessSync(join(folder, 'postgres'), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Uses the server that TEST_DATABASE_URL names, or starts one. */
async function useServer(bin) {
  const url = process.env.TEST_DATABASE_URL;
  return url ? { url, stop: async () => undefined } : startPostgres(bin);
}

async function runWithDatabase(bin, command) {
  let child;
  let signaled;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // The command decides what a signal means; the server stops when the command has ended.
    process.on(signal, () => {
      signaled = signal;
      child?.kill(signal);
    });
  }
  const server = bin || process.env.TEST_DATABASE_URL ? await useServer(bin) : null;
  try {
    if (signaled) {
      return 128 + osConstants.signals[signaled];
    }
    const env = server ? { ...process.env, TEST_DATABASE_URL: server.url } : process.env;
    child = spawn(command[0], command.slice(1), { stdio: 'inherit', env });
    const [code, signal] = await once(child, 'exit');
    return code ?? 128 + osConstants.signals[signal];
  } finally {
    await server?.stop();
  }
}

async function serve(bin) {
  // Listened to first: a parent may be gone before the server is ready.
  const ended = new Promise((resolve) => {
    process.stdin.on('end', resolve).on('error', resolve).resume();
    ['SIGINT', 'SIGTERM', 'SIGHUP'].forEach((signal) => process.on(signal, resolve));
  });
  const server = await useServer(bin);
  process.stdout.on('error', () => undefined);
  process.stdout.write(`${JSON.stringify({ url: server.url })}\n`);
  await ended;
  await server.stop();
  return 0;
}

async function main([verb, ...args]) {
  const separator = args.indexOf('--');
  const command = separator < 0 ? [] : args.slice(separator + 1);
  const flags = separator < 0 ? args : args.slice(0, separator);
  const bin = findPostgres();
  const installed = bin !== null || Boolean(process.env.TEST_DATABASE_URL);
  if (verb === 'run' && command.length > 0 && flags.every((flag) => flag === '--optional')) {
    if (!installed) {
      console.error(HOW_TO_INSTALL);
      return flags.length > 0 ? runWithDatabase(null, command) : NOT_INSTALLED;
    }
    return runWithDatabase(bin, command);
  }
  if ((verb === 'serve' || verb === 'find') && args.length === 0) {
    if (!installed) {
      console.error(HOW_TO_INSTALL);
      return NOT_INSTALLED;
    }
    if (verb === 'serve') {
      return serve(bin);
    }
    console.log(bin ?? 'TEST_DATABASE_URL');
    return 0;
  }
  console.error('Usage: node scripts/postgres.mjs run [--optional] -- <command...> | serve | find');
  return 2;
}

if (process.argv[1] && (await realpath(process.argv[1])) === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
