import type { Readable } from 'node:stream';

/** Longest line, its end included. */
export const MAX_LINE_BYTES = 1024 * 1024;

/**
 * Reads one line of UTF-8 text, without its end. What comes after it is left out.
 * @throws Error when the stream ends, fails, or is silent before there is a whole line, or when that is too long.
 */
export function readLine(stream: Readable, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => finish(new Error(`No whole line in ${timeoutMs} ms`)), timeoutMs);
    const onData = (chunk: Buffer) => {
      const end = chunk.indexOf('\n');
      const part = end < 0 ? chunk : chunk.subarray(0, end);
      chunks.push(part);
      size += part.length;
      if (size >= MAX_LINE_BYTES) {
        finish(new Error(`More than ${MAX_LINE_BYTES} bytes in a line`));
      } else if (end >= 0) {
        finish(null);
      }
    };
    const onEnd = () => finish(new Error('The stream ended before the line did'));
    const onError = (error: Error) => finish(error);
    const finish = (error: Error | null) => {
      clearTimeout(timer);
      stream.off('data', onData).off('end', onEnd).off('close', onEnd).off('error', onError);
      if (error) {
        reject(error);
      } else {
        resolve(Buffer.concat(chunks).toString('utf8'));
      }
    };
    stream.on('data', onData).on('end', onEnd).on('close', onEnd).on('error', onError);
  });
}
