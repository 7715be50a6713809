import { randomBytes } from 'node:crypto';
import { type BigIntStats } from 'node:fs';
import { chmod, link, lstat, mkdir, mkdtemp, rename, rm, symlink, unlink } from 'node:fs/promises';
import { type Server, type Socket, createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DirectoryHeldError, HolderRefusedError, StoreError } from './errors';
import { MAX_LINE_BYTES, readLine } from './read-line';

/** Answers one request of another process on this machine. What it throws is told to the asker by its message. */
export type CommandHandler = (request: unknown) => Promise<unknown>;

/** A held data directory. */
export interface DirectoryLock {
  /** From now on requests are answered by this handler; until the first one, askers are told to try again. */
  answer(handler: CommandHandler): void;
  /** Gives the directory up. */
  release(): Promise<void>;
}

export interface LockOptions {
  /** Called once when the socket is found to be no longer ours: somebody else may use the directory. */
  onLost: (error: StoreError) => void;
  /** How often to look. Default 2,000. */
  checkEveryMs?: number;
  /** How long a taker-over of a dead socket waits before it looks whether it is still the holder. Default 1,000. */
  takeOverMs?: number;
}

/** What came of asking the holder of a data directory. */
export type HolderAnswer = { held: true; answer: unknown } | { held: false };

const SOCKET_NAME = 'server.sock';
/** A Unix socket's path may have 107 bytes on Linux and 103 on macOS. */
const MAX_SOCKET_PATH_BYTES = 103;
/** An asker that says nothing is not waited for longer. */
const REQUEST_TIMEOUT_MS = 10_000;

/**
 * Takes a data directory for this process alone, and makes it when missing. It is held by a Unix socket in it: the
 * kernel ends that with its process, so it needs no process ids, which repeat in containers, and unlike a port it is
 * seen by every container that shares the directory.
 *
 * @throws DirectoryHeldError while another process, or this one, holds it.
 */
export async function lockDirectory(dataDir: string, options: LockOptions): Promise<DirectoryLock> {
  const directory = resolve(dataDir);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  return withShortPath(directory, (short) => holdDirectory(directory, short, options));
}

/**
 * Asks the process that holds a data directory.
 *
 * @param request anything that JSON holds, at most 1 MB of it.
 * @returns `held: false` when nobody holds the directory.
 * @throws HolderRefusedError with the message of what the holder's handler threw, or when the request or the answer is
 *   too long; StoreError `holder-silent` when there is no answer in time.
 */
export async function askHolder(dataDir: string, request: unknown, timeoutMs = 30_000): Promise<HolderAnswer> {
  const asked = toLine(request);
  const socket = await withShortPath(resolve(dataDir), (short) => connect(join(short, SOCKET_NAME)));
  if (!socket) {
    return { held: false };
  }
  let line: string;
  try {
    socket.end(asked);
    line = await readLine(socket, timeoutMs);
  } catch (cause) {
    throw new StoreError(
      'holder-silent',
      `The running server of ${dataDir} gave no answer. Look at its log, or restart it.`,
      { cause },
    );
  } finally {
    socket.destroy();
  }
  const reply = JSON.parse(line) as { answer?: unknown; error?: string };
  if (reply.error !== undefined) {
    throw new HolderRefusedError(reply.error);
  }
  return { held: true, answer: reply.answer };
}

async function holdDirectory(directory: string, short: string, options: LockOptions): Promise<DirectoryLock> {
  const path = join(directory, SOCKET_NAME);
  // The socket listens under a name of its own before it gets the name that others look at. So nobody finds one that
  // does not listen yet, and when Node removes the path it was bound to, that is never the socket of somebody else.
  const ownName = `${SOCKET_NAME}.${randomBytes(4).toString('hex')}`;
  const commands = createCommandServer();
  await listen(commands.server, join(short, ownName), directory);
  const stop = async () => {
    await commands.close();
    await rm(join(directory, ownName), { force: true });
  };
  try {
    await chmod(join(directory, ownName), 0o600);
    const own = await identify(join(directory, ownName));
    if (own === null) {
      throw unusable(directory, 'its socket vanished');
    }
    await takeName(directory, join(short, SOCKET_NAME), ownName, own, options.takeOverMs ?? 1_000);
    await unlink(join(directory, ownName));
    const stopWatching = watch(path, own, options);
    return {
      answer: commands.answer,
      async release() {
        stopWatching();
        if ((await identify(path)) === own) {
          await unlink(path);
        }
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Gives the socket `ownName` the name that means "held", if nobody who lives has it. */
async function takeName(
  directory: string,
  shortPath: string,
  ownName: string,
  own: string,
  takeOverMs: number,
): Promise<void> {
  const path = join(directory, SOCKET_NAME);
  const ownPath = join(directory, ownName);
  for (let attempt = 0; attempt < 5; attempt += 1) {
    // Creating a link fails when the name exists: of several starters one gets a free name.
    if (await linkIfFree(ownPath, path)) {
      if (attempt > 0) {
        // Another one may have judged the dead socket too, and now take ours for it.
        await sleep(takeOverMs);
        if ((await identify(path)) !== own) {
          throw new DirectoryHeldError(directory);
        }
      }
      return;
    }
    const found = await identify(path);
    const socket = await connect(shortPath);
    if (socket) {
      socket.destroy();
      throw new DirectoryHeldError(directory);
    }
    if (found !== null) {
      await removeDead(path, `${ownPath}.dead`, found);
    }
  }
  throw new DirectoryHeldError(directory);
}

/**
 * Removes the socket that was found dead. When another one has come in its place meanwhile, that one stays.
 * @param aside a free name in the same directory.
 * @param dead what `identify` said of the socket when it was found dead.
 */
export async function removeDead(path: string, aside: string, dead: string): Promise<void> {
  try {
    await rename(path, aside);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) {
      return;
    }
    throw error;
  }
  if ((await identify(aside)) !== dead) {
    await linkIfFree(aside, path);
  }
  await unlink(aside);
}

async function linkIfFree(existing: string, name: string): Promise<boolean> {
  try {
    await link(existing, name);
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) {
      return false;
    }
    throw error;
  }
}

/** Looks now and then whether the socket is still ours: somebody may have removed it by hand, or judged us dead. */
function watch(path: string, own: string, { onLost, checkEveryMs = 2_000 }: LockOptions): () => void {
  let stopped = false;
  const timer = setInterval(() => {
    void identify(path).then((found) => {
      if (!stopped && found !== own) {
        stop();
        onLost(
          new StoreError(
            'directory-held',
            `${path} was removed or replaced while this server ran, so another one may use the same data directory. ` +
              'Start one server only, and leave that file alone.',
          ),
        );
      }
    });
  }, checkEveryMs);
  timer.unref();
  const stop = () => {
    stopped = true;
    clearInterval(timer);
  };
  return stop;
}

/** Tells one socket file from another: inode numbers are used again, so the time it was made belongs to it. Null: none. */
export async function identify(path: string): Promise<string | null> {
  try {
    const { ino, mtimeNs }: BigIntStats = await lstat(path, { bigint: true });
    return `${ino}.${mtimeNs}`;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) {
      return null;
    }
    throw error;
  }
}

/**
 * Connects to a socket. A connection means that its process lives, even when it never answers: the kernel accepts.
 * @returns null when there is no socket, or only that of a dead process.
 */
function connect(path: string): Promise<Socket | null> {
  return new Promise((resolvePromise, reject) => {
    const socket = createConnection(path);
    socket.once('connect', () => resolvePromise(socket));
    socket.once('error', (error) => {
      if (isErrno(error, 'ENOENT') || isErrno(error, 'ECONNREFUSED')) {
        resolvePromise(null);
      } else {
        reject(unusable(path, error.message, error));
      }
    });
  });
}

async function listen(server: Server, path: string, directory: string): Promise<void> {
  await new Promise<void>((resolvePromise, reject) => {
    server.once('error', (error) => reject(unusable(directory, error.message, error)));
    server.listen(path, resolvePromise);
  });
  // The lock alone keeps no process alive.
  server.unref();
}

/**
 * Gives `work` a path of the directory that leaves room for the name of a socket: a long one is reached through a
 * symbolic link in the folder for temporary files. The socket itself is in the directory either way.
 */
async function withShortPath<T>(directory: string, work: (short: string) => Promise<T>): Promise<T> {
  const roomForName = SOCKET_NAME.length + 10;
  if (Buffer.byteLength(directory) + roomForName <= MAX_SOCKET_PATH_BYTES) {
    return work(directory);
  }
  const folder = await mkdtemp(join(tmpdir(), 'bc-'));
  try {
    const short = join(folder, 'd');
    if (Buffer.byteLength(short) + roomForName > MAX_SOCKET_PATH_BYTES) {
      throw unusable(directory, 'its path, and that of the folder for temporary files (TMPDIR), are too long');
    }
    await symlink(directory, short);
    return await work(short);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function createCommandServer() {
  let handler: CommandHandler = () => Promise.reject(new Error('The server is starting. Try again in a moment.'));
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    // One who hangs up early has no use for the answer.
    socket.on('error', () => socket.destroy());
    void readLine(socket, REQUEST_TIMEOUT_MS)
      .then((line) => reply(line, handler))
      .then((text) => socket.end(text))
      .catch(() => socket.destroy());
  });
  return {
    server,
    answer: (next: CommandHandler) => {
      handler = next;
    },
    close: () =>
      new Promise<void>((resolvePromise) => {
        server.close(() => resolvePromise());
        open.forEach((socket) => socket.destroy());
      }),
  };
}

async function reply(line: string, handler: CommandHandler): Promise<string> {
  try {
    return toLine({ answer: (await handler(JSON.parse(line))) ?? null });
  } catch (error) {
    return toLine({ error: error instanceof Error ? error.message : String(error) });
  }
}

function toLine(value: unknown): string {
  const line = `${JSON.stringify(value)}\n`;
  if (Buffer.byteLength(line) > MAX_LINE_BYTES) {
    throw new HolderRefusedError('More than 1 MB does not go over the socket of the data directory. Ask for less.');
  }
  return line;
}

function unusable(directory: string, what: string, cause?: Error): StoreError {
  return new StoreError(
    'directory-unusable',
    `The data directory ${directory} cannot be held: ${what}. ` +
      'It must be on a local disk that allows Unix sockets, and belong to the user that runs the server.',
    { cause },
  );
}

function isErrno(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException | null)?.code === code;
}
