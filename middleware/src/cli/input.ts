import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { RefusedError } from './refused-error';

/**
 * The bytes of a file, or of standard input for `-`.
 * @throws RefusedError when the file cannot be read.
 */
export async function readInput(path: string): Promise<Buffer> {
  if (path === '-') return buffer(process.stdin);
  try {
    return await readFile(path);
  } catch (error) {
    throw new RefusedError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * The JSON of a file, or of standard input for `-`.
 * @throws RefusedError when the file cannot be read or is no JSON.
 */
export async function readJson(path: string): Promise<unknown> {
  const text = (await readInput(path)).toString('utf8');
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new RefusedError(`${path} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
