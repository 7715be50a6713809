import type { IncomingMessage } from 'node:http';

/** The whole body of a request. Rejects when the client goes before it is complete. */
export async function readBody(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
