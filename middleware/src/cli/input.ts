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
