/** The floor of HTTP: a bare server that checks the signature and reads the JSON, and does nothing with it. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer } from './child';

const ANSWER = JSON.stringify({ outcome: 'stored' });

const handlers = {
  /** @returns the port. */
  listen: async ({ secret }: { secret: string }): Promise<number> => {
    const server = createServer((req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        const body = Buffer.concat(chunks);
        const expected = createHmac('sha256', secret).update(body).digest();
        const isRight = timingSafeEqual(expected, Buffer.from(String(req.headers['x-cal-signature-256']), 'hex'));
        const isRead = typeof JSON.parse(body.toString('utf8')) === 'object';
        res.writeHead(isRight && isRead ? 202 : 401, {
          'content-type': 'application/json',
          'content-length': ANSWER.length,
        });
        res.end(ANSWER);
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return (server.address() as AddressInfo).port;
  },
};
export type FloorHttpHandlers = typeof handlers;

answer(handlers);
