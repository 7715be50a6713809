import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createSecretBox, loadOrCreateKey, type SecretError } from './secret-box';

const KEY = Buffer.alloc(32, 7);
const box = createSecretBox(KEY);

/** The code of what a call throws. */
const codeOf = (call: () => unknown) => {
  try {
    call();
    return 'none';
  } catch (error) {
    return (error as SecretError).code;
  }
};

describe('createSecretBox', () => {
  it.each(['', 'whsec_1', '秘密 🔑', 'x'.repeat(100_000)])('opens what it sealed (%#)', (text) => {
    expect(box.open(box.seal(text, 'source:a'), 'source:a')).toBe(text);
  });

  it('seals the same text differently every time, and shows nothing of it', () => {
    const [first, second] = [box.seal('whsec_1', 'c'), box.seal('whsec_1', 'c')];
    expect(first).not.toBe(second);
    expect(first).toMatch(/^v1\.[\w-]{8}\.[\w-]{16}\.[\w-]+$/);
    expect(Buffer.from(first, 'base64url').toString('latin1')).not.toContain('whsec');
  });

  it('opens in the place it was sealed for only', () => {
    const sealed = box.seal('whsec_1', 'source:a');
    expect(codeOf(() => box.open(sealed, 'source:b'))).toBe('tampered');
  });

  it('tells a wrong key from a changed secret', () => {
    const sealed = createSecretBox(randomBytes(32)).seal('whsec_1', 'c');
    expect(codeOf(() => box.open(sealed, 'c'))).toBe('wrong-key');
  });

  it('refuses another key even when the fingerprint is forged', () => {
    const own = box.seal('x', 'c').split('.')[1] as string;
    const parts = createSecretBox(randomBytes(32)).seal('whsec_1', 'c').split('.');
    expect(codeOf(() => box.open(['v1', own, parts[2], parts[3]].join('.'), 'c'))).toBe('tampered');
  });

  it('notices a change of any character of nonce, text and tag', () => {
    const sealed = box.seal('whsec_1', 'c');
    const nonceStart = sealed.indexOf('.', 3) + 1;
    // The last character of a part carries spare bits that do not count.
    for (let index = nonceStart; index < sealed.length - 1; index += 1) {
      if (sealed[index] !== '.') {
        const other = sealed[index] === 'A' ? 'B' : 'A';
        const spoilt = sealed.slice(0, index) + other + sealed.slice(index + 1);
        expect({ index, code: codeOf(() => box.open(spoilt, 'c')) }).toEqual({ index, code: 'tampered' });
      }
    }
  });

  it.each(['', 'whsec_1', 'v2.aaaaaaaa.aaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaa', 'v1.a.b.c'])(
    'refuses %j, which is no sealed secret',
    (text) => {
      expect(codeOf(() => box.open(text, 'c'))).toBe('malformed');
    },
  );

  it('refuses a key of another length', () => {
    expect(codeOf(() => createSecretBox(Buffer.alloc(16)))).toBe('bad-key');
  });
});

describe('loadOrCreateKey', () => {
  let folder: string;
  const keyFile = () => join(folder, 'inner', 'secret.key');

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'test-key-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it.each([
    ['base64', KEY.toString('base64')],
    ['base64url', KEY.toString('base64url')],
    ['hexadecimal', KEY.toString('hex')],
    ['base64 with a line end', `${KEY.toString('base64')}\n`],
  ])('takes %s from the environment, and makes no file', async (_title, fromEnvironment) => {
    expect(await loadOrCreateKey({ fromEnvironment, keyFile: keyFile() })).toEqual({ key: KEY, origin: 'environment' });
    expect(await readdir(folder)).toEqual([]);
  });

  it.each(['', 'secret', KEY.toString('base64').slice(4), `${KEY.toString('hex')}00`, 'é'.repeat(43)])(
    'refuses %j from the environment',
    async (fromEnvironment) => {
      await expect(loadOrCreateKey({ fromEnvironment, keyFile: keyFile() })).rejects.toMatchObject({ code: 'bad-key' });
    },
  );

  it('makes a key file at first start that only this user reads, and takes it from then on', async () => {
    const first = await loadOrCreateKey({ keyFile: keyFile() });
    expect(first).toEqual({ key: expect.any(Buffer) as Buffer, origin: 'created' });
    expect(first.key).toHaveLength(32);
    expect((await stat(keyFile())).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'inner'))).toEqual(['secret.key']);
    expect(await loadOrCreateKey({ keyFile: keyFile() })).toEqual({ key: first.key, origin: 'file' });
  });

  it('refuses a key file that everybody may read, and says what to do', async () => {
    await loadOrCreateKey({ keyFile: keyFile() });
    await chmod(keyFile(), 0o644);
    await expect(loadOrCreateKey({ keyFile: keyFile() })).rejects.toThrow(`chmod 600 ${keyFile()}`);
  });

  it.each(['', 'not a key'])('never overwrites a key file that holds %j', async (text) => {
    const path = join(folder, 'secret.key');
    await writeFile(path, text, { mode: 0o600 });
    await expect(loadOrCreateKey({ keyFile: path })).rejects.toMatchObject({ code: 'bad-key' });
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  it('gives all of many starters in one process the same key', async () => {
    const loaded = await Promise.all(Array.from({ length: 20 }, () => loadOrCreateKey({ keyFile: keyFile() })));
    expect(new Set(loaded.map(({ key }) => key.toString('hex'))).size).toBe(1);
    expect(loaded.filter(({ origin }) => origin === 'created')).toHaveLength(1);
  });

  it('gives several processes that start at once the same key', async () => {
    const hook = join(__dirname, '../../test/support/ts-hook.cjs');
    const script = `require(${JSON.stringify(join(__dirname, 'secret-box.ts'))})
      .loadOrCreateKey({ keyFile: ${JSON.stringify(keyFile())} })
      .then(({ key }) => console.log(key.toString('hex')));`;
    const outputs = await Promise.all(
      Array.from({ length: 4 }, () => promisify(execFile)(process.execPath, ['-r', hook, '-e', script])),
    );
    expect(new Set(outputs.map(({ stdout }) => stdout)).size).toBe(1);
    expect(outputs[0]?.stdout).toMatch(/^[0-9a-f]{64}\n$/);
  });
});
