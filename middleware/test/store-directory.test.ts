import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  askHolder,
  type DirectoryLock,
  identify,
  lockDirectory,
  type LockOptions,
  removeDead,
} from '../src/store/directory-lock';
import { DirectoryHeldError } from '../src/store/errors';
import { type Child, startChild } from './support/child';

let folder: string;
let dataDir: string;
let locks: DirectoryLock[] = [];
let children: Child[] = [];

const hold = async (directory = dataDir, options: Partial<LockOptions> = {}) => {
  const lock = await lockDirectory(directory, { onLost: (error) => console.error(error), ...options });
  locks.push(lock);
  return lock;
};

/** A real other process that holds the directory. */
const holdElsewhere = async () => {
  const child = startChild('store-child.ts', ['lock', dataDir]);
  children.push(child);
  expect(await child.said(1)).toBe('held');
  return child;
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'test-lock-'));
  dataDir = join(folder, 'data');
});

afterEach(async () => {
  await Promise.all(locks.map((lock) => lock.release()));
  await Promise.all(children.map((child) => child.kill()));
  locks = [];
  children = [];
  await rm(folder, { recursive: true });
});

describe('a data directory', () => {
  it('is made when missing, for this user only, and leaves nothing behind when given up', async () => {
    const lock = await hold();
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
    expect((await stat(join(dataDir, 'server.sock'))).mode & 0o777).toBe(0o600);
    expect(await readdir(dataDir)).toEqual(['server.sock']);
    await lock.release();
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('is refused while this process holds it, and free afterwards', async () => {
    const lock = await hold();
    await expect(hold()).rejects.toBeInstanceOf(DirectoryHeldError);
    await lock.release();
    await hold();
  });

  it('is refused while another process holds it', async () => {
    const child = await holdElsewhere();
    await expect(hold()).rejects.toThrow(`The data directory ${dataDir} is in use by another running server`);
    // A process that is stopped still has its files open.
    child.process.kill('SIGSTOP');
    await expect(hold()).rejects.toBeInstanceOf(DirectoryHeldError);
    child.process.kill('SIGCONT');
    expect(await askHolder(dataDir, 1)).toEqual({ held: true, answer: { echo: 1 } });
  });

  it('is taken over after its process was killed', async () => {
    const child = await holdElsewhere();
    await child.kill();
    expect(existsSync(join(dataDir, 'server.sock'))).toBe(true);
    const lock = await hold();
    lock.answer(() => Promise.resolve('mine'));
    expect(await askHolder(dataDir, null)).toEqual({ held: true, answer: 'mine' });
    expect(await readdir(dataDir)).toEqual(['server.sock']);
  });

  it('goes to one of many that take it over at once', async () => {
    const child = await holdElsewhere();
    await child.kill();
    const takers = await Promise.allSettled(Array.from({ length: 8 }, () => hold(dataDir, { takeOverMs: 200 })));
    expect(takers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await readdir(dataDir)).toEqual(['server.sock']);
  });

  it('is not taken from a new holder by one who saw the socket of the dead one', async () => {
    const path = join(dataDir, 'server.sock');
    const child = await holdElsewhere();
    await child.kill();
    const dead = await identify(path);
    const lock = await hold(dataDir, { takeOverMs: 0 });
    lock.answer(() => Promise.resolve('mine'));
    await removeDead(path, join(dataDir, 'aside'), dead as string);
    expect(await askHolder(dataDir, null)).toEqual({ held: true, answer: 'mine' });
    expect(await readdir(dataDir)).toEqual(['server.sock']);
  });

  it('is given up by one who took it over and lost it within the second', async () => {
    const path = join(dataDir, 'server.sock');
    const child = await holdElsewhere();
    await child.kill();
    const dead = await identify(path);
    const first = hold(dataDir, { takeOverMs: 300 });
    first.catch(() => undefined);
    while ([null, dead].includes(await identify(path))) {
      await sleep(1);
    }
    await unlink(path);
    const second = await hold(dataDir);
    second.answer(() => Promise.resolve('second'));
    await expect(first).rejects.toBeInstanceOf(DirectoryHeldError);
    expect(await askHolder(dataDir, null)).toEqual({ held: true, answer: 'second' });
  });

  it('goes to one of several processes that start at once', async () => {
    children = Array.from({ length: 4 }, () => startChild('store-child.ts', ['lock', dataDir]));
    const said = await Promise.all(children.map((child) => child.said(1)));
    expect(said.sort().map((line) => line.slice(0, 30))).toEqual([
      'held',
      ...Array.from({ length: 3 }, () => 'refused: The data directory /t'),
    ]);
  });

  it('can be held under a path that is too long for a Unix socket', async () => {
    const long = join(folder, 'x'.repeat(100), 'y'.repeat(100));
    const lock = await hold(long);
    lock.answer((request) => Promise.resolve(request));
    expect(await readdir(long)).toEqual(['server.sock']);
    expect(await askHolder(long, 'hello')).toEqual({ held: true, answer: 'hello' });
    await expect(hold(long)).rejects.toBeInstanceOf(DirectoryHeldError);
    await lock.release();
    expect(await readdir(long)).toEqual([]);
    expect(await askHolder(long, 'hello')).toEqual({ held: false });
  });

  it('tells its holder when the socket was removed', async () => {
    const onLost = jest.fn();
    await hold(dataDir, { onLost, checkEveryMs: 20 });
    await sleep(100);
    expect(onLost).not.toHaveBeenCalled();
    await unlink(join(dataDir, 'server.sock'));
    await sleep(100);
    expect(onLost).toHaveBeenCalledTimes(1);
    expect(onLost).toHaveBeenCalledWith(expect.objectContaining({ code: 'directory-held' }));
  });

  it('stays with its new holder when the old one gives up late', async () => {
    const old = await hold(dataDir, { onLost: () => undefined });
    await unlink(join(dataDir, 'server.sock'));
    const now = await hold();
    now.answer(() => Promise.resolve('still here'));
    await old.release();
    expect(await askHolder(dataDir, null)).toEqual({ held: true, answer: 'still here' });
  });

  it('is refused in plain words when it cannot be used', async () => {
    await expect(hold('/proc')).rejects.toMatchObject({
      code: 'directory-unusable',
      message: expect.stringContaining('/proc cannot be held') as string,
    });
  });
});

describe('askHolder', () => {
  it('says that nobody holds a directory that is not there, is empty, or has the socket of a dead process', async () => {
    expect(await askHolder(dataDir, 1)).toEqual({ held: false });
    await mkdir(dataDir);
    expect(await askHolder(dataDir, 1)).toEqual({ held: false });
    const child = await holdElsewhere();
    await child.kill();
    expect(await askHolder(dataDir, 1)).toEqual({ held: false });
  });

  it('gets the answer of another process', async () => {
    await holdElsewhere();
    const request = { command: 'retry', text: 'line\nbreak', big: 'x'.repeat(500_000) };
    expect(await askHolder(dataDir, request)).toEqual({ held: true, answer: { echo: request } });
  });

  it('answers many at once, each with its own', async () => {
    const lock = await hold();
    lock.answer(async (request) => {
      await sleep(Math.random() * 20);
      return request;
    });
    const answers = await Promise.all(Array.from({ length: 50 }, (_one, index) => askHolder(dataDir, index)));
    expect(answers).toEqual(answers.map((_one, answer) => ({ held: true, answer })));
  });

  it.each([
    ['has no handler yet', null, 'The server is starting'],
    ['refuses', () => Promise.reject(new Error('No such booking')), 'No such booking'],
    ['throws at once', () => JSON.parse('{') as Promise<unknown>, 'JSON'],
    ['gives too long an answer', () => Promise.resolve('x'.repeat(1_100_000)), 'More than 1 MB'],
  ])('passes it on when the holder %s', async (_title, handler, message) => {
    const lock = await hold();
    if (handler) {
      lock.answer(handler);
    }
    await expect(askHolder(dataDir, 1)).rejects.toMatchObject({
      code: 'holder-refused',
      message: expect.stringContaining(message) as string,
    });
  });

  it('refuses too long a request', async () => {
    await holdElsewhere();
    await expect(askHolder(dataDir, 'x'.repeat(1_100_000))).rejects.toThrow('More than 1 MB');
  });

  it('does not take a silent holder for nobody', async () => {
    const lock = await hold();
    lock.answer(() => new Promise(() => undefined));
    await expect(askHolder(dataDir, 1, 50)).rejects.toMatchObject({ code: 'holder-silent' });
  });

  it('does not take a holder that dies meanwhile for nobody', async () => {
    const child = await holdElsewhere();
    child.process.kill('SIGSTOP');
    const asked = askHolder(dataDir, 1);
    asked.catch(() => undefined);
    await sleep(50);
    await child.kill();
    await expect(asked).rejects.toMatchObject({ code: 'holder-silent' });
  });
});
