import type { Terminal } from './terminal';

/** Makes the function that prints an answer: as one line of JSON where that was asked for, else in words. */
export function printer({ stdout }: Terminal): (json: boolean | undefined, value: unknown, words: string) => void {
  return (json, value, words) => stdout(json === true ? `${JSON.stringify(value)}\n` : `${words}\n`);
}

/** An instant as people read it, in UTC. What came through the running server's socket is a text. */
export function inUtc(at: Date | string): string {
  return new Date(at).toISOString().replace('T', ' ').replace(/\..*/, ' UTC');
}
