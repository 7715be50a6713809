import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** What is wrong with a sealed secret or with the key. */
export type SecretErrorCode = 'wrong-key' | 'tampered' | 'malformed' | 'bad-key';

/** A secret cannot be opened, or the key cannot be used. The message says what to do, and holds nothing secret. */
export class SecretError extends Error {
  constructor(
    readonly code: SecretErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'SecretError';
  }
}

/** Keeps secrets at rest. */
export interface SecretBox {
  /**
   * Encrypts text. The same text gives another result every time.
   *
   * @param context where the secret belongs, such as `source:oncehub:secret`: it opens there only, so that nobody who
   *   can write to the database moves it to another place.
   * @returns `v1.<key>.<nonce>.<text and tag>`: parts in base64url, `<key>` a fingerprint that tells keys apart.
   */
  seal: (plaintext: string, context: string) => string;
  /**
   * @throws SecretError `wrong-key` when another key sealed it, `tampered` when it was changed or belongs to another
   *   context, `malformed` when it is no sealed secret.
   */
  open: (sealed: string, context: string) => string;
}

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SEALED = /^v1\.([\w-]{8})\.([\w-]{16})\.([\w-]{22,})$/;

/**
 * AES-256-GCM with a random nonce of 96 bits, which is safe for some 2^32 secrets under one key.
 *
 * @param key 32 random bytes.
 * @throws SecretError `bad-key` for a key of another length.
 * @see NIST SP 800-38D, section 8.3
 */
export function createSecretBox(key: Buffer): SecretBox {
  if (key.length !== KEY_BYTES) {
    throw new SecretError('bad-key', `The key must have ${KEY_BYTES} bytes; it has ${key.length}.`);
  }
  const ownFingerprint = fingerprint(key);
  const additionalData = (context: string) => Buffer.from(`v1.${ownFingerprint}.${context}`);

  return {
    seal(plaintext, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(additionalData(context));
      const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return ['v1', ownFingerprint, nonce.toString('base64url'), body.toString('base64url')].join('.');
    },
    open(sealed, context) {
      const [, sealedWith, nonce, body] = SEALED.exec(sealed) ?? [];
      if (sealedWith === undefined || nonce === undefined || body === undefined) {
        throw new SecretError('malformed', 'This is not a sealed secret of version v1. Enter the secret again.');
      }
      if (sealedWith !== ownFingerprint) {
        throw new SecretError(
          'wrong-key',
          `The secret was sealed with key ${sealedWith}, but the key in use is ${ownFingerprint}. ` +
            'Start with the key that was used before (its key file or environment variable), or enter the secret again.',
        );
      }
      const bytes = Buffer.from(body, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(additionalData(context));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new SecretError(
          'tampered',
          'The sealed secret was changed, or belongs to another place. Restore it from a backup, or enter it again.',
          { cause },
        );
      }
    },
  };
}

/** A hash of a random key of 256 bits tells nothing about it. */
function fingerprint(key: Buffer): string {
  return createHash('sha256').update('booking-connector key fingerprint').update(key).digest('base64url').slice(0, 8);
}

export interface KeyOptions {
  /** The key itself, 32 bytes in base64 or hexadecimal. Comes before the file, which is not looked at then. */
  fromEnvironment?: string;
  /** Path of the key file: one line of base64. Made when missing. */
  keyFile: string;
}

export interface LoadedKey {
  key: Buffer;
  /** Where it is from; `created` only for the one process that made the file: the operator should keep a copy of it. */
  origin: 'environment' | 'file' | 'created';
}

/**
 * Gets the key for secrets at rest. At first start it makes one, in a file that only this user reads; of several
 * starters at once all end with the same key.
 *
 * @throws SecretError `bad-key` when the value or the file is not a key, or others may read the file. A file is never
 *   overwritten: the secrets would be lost with the key.
 */
export async function loadOrCreateKey({ fromEnvironment, keyFile }: KeyOptions): Promise<LoadedKey> {
  if (fromEnvironment !== undefined) {
    return { key: parseKey(fromEnvironment, 'The key in the environment'), origin: 'environment' };
  }
  const path = resolve(keyFile);
  const found = await findKey(path);
  if (found) {
    return { key: found, origin: 'file' };
  }
  const created = await createKeyFile(path);
  const key = await findKey(path);
  if (!key) {
    throw new SecretError('bad-key', `The key file ${path} vanished while it was made. Start again.`);
  }
  return { key, origin: created ? 'created' : 'file' };
}

async function findKey(path: string): Promise<Buffer | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return null;
    }
    throw error;
  }
  // Windows knows no such rights. A group may read: Kubernetes gives mounted secrets to the pod's group.
  if (process.platform !== 'win32' && ((await stat(path)).mode & 0o007) !== 0) {
    throw new SecretError('bad-key', `Everybody on this machine may use the key file ${path}. Run: chmod 600 ${path}`);
  }
  return parseKey(text, `The key file ${path}`);
}

/** @returns false when another process was faster; its file is complete then. */
async function createKeyFile(path: string): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const unfinished = `${path}.${randomBytes(4).toString('hex')}`;
  const file = await open(unfinished, 'wx', 0o600);
  try {
    await file.writeFile(`${randomBytes(KEY_BYTES).toString('base64')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await chmod(unfinished, 0o600);
    // A link is made whole or not at all, and never replaces a file.
    await link(unfinished, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      return false;
    }
    throw error;
  } finally {
    await unlink(unfinished);
    await syncDirectory(dirname(path));
  }
}

async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') {
    return;
  }
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function parseKey(text: string, what: string): Buffer {
  const value = text.trim();
  const key = /^[0-9a-f]{64}$/i.test(value)
    ? Buffer.from(value, 'hex')
    : /^[\w+/-]{43}=?$/.test(value)
      ? Buffer.from(value, 'base64')
      : null;
  if (key?.length !== KEY_BYTES) {
    throw new SecretError(
      'bad-key',
      `${what} is not ${KEY_BYTES} bytes in base64 or hexadecimal. Restore the one that was used before; ` +
        'for a new installation make one with: openssl rand -base64 32',
    );
  }
  return key;
}
