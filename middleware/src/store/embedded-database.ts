import type { PGlite } from '@electric-sql/pglite';

/** An embedded database: one session that speaks PostgreSQL's protocol, without a socket. */
export interface EmbeddedDatabase {
  /**
   * Works on messages of the protocol that belong together, up to the one that asks for an answer.
   * @param messages must not be used by the caller any more.
   * @returns the answer's messages.
   */
  send(messages: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** An embedded database that runs in this thread. */
export function embeddedIn(pglite: PGlite): EmbeddedDatabase {
  return {
    send: async (messages) => {
      const parts: Uint8Array[] = [];
      // What it hands out is the database's own memory, and used again.
      await pglite.execProtocolRawStream(messages, { onRawData: (data) => void parts.push(data.slice()) });
      return joined(parts);
    },
    close: () => pglite.close(),
  };
}

/** One run of bytes that nobody else refers to. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
