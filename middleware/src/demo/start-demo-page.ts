import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DemoPageOptions } from './demo-options';
import { createDemoPage } from './demo-page';

/** A demo page that is being served. */
export interface RunningDemoPage {
  /** Where it is, without a slash at the end. */
  url: string;
  /** Stops serving; requests on their way are cut off. */
  close: () => Promise<void>;
}

/**
 * Serves the demo page on this machine only.
 *
 * @param options `port` 0 takes a free one; `bookerUrl` is where the page is then served.
 * @throws when the port is taken (`EADDRINUSE`).
 */
export async function startDemoPage(
  options: { port: number } & Omit<DemoPageOptions, 'bookerUrl'>,
): Promise<RunningDemoPage> {
  const server = createServer();
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.on('request', createDemoPage({ ...options, bookerUrl: url }));
  return {
    url,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
