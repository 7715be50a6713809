import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as OTLP has it in JSON, with its attributes as plain values. */
export interface ReceivedSpan {
  name: string;
  spanId: string;
  parentSpanId?: string;
  kind: number;
  attributes: Record<string, unknown>;
}

/** Takes what an OTLP exporter sends over HTTP, on this machine. */
export interface Collector {
  url: string;
  /** Of the requests, in order. */
  headers: IncomingHttpHeaders[];
  paths: string[];
  /** As they came. */
  bodies: Buffer[];
  /** Of the bodies that are JSON. */
  spans(): ReceivedSpan[];
  /** Attributes of what sent the spans. */
  resource(): Record<string, unknown>;
  close(): Promise<void>;
}

interface Attribute {
  key: string;
  value: Record<string, unknown>;
}

interface Sent {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: { spans: (Omit<ReceivedSpan, 'attributes'> & { attributes: Attribute[] })[] }[];
  }[];
}

export async function startCollector(): Promise<Collector> {
  const [headers, paths, bodies] = [[] as IncomingHttpHeaders[], [] as string[], [] as Buffer[]];
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => void chunks.push(chunk));
    req.on('end', () => {
      headers.push(req.headers);
      paths.push(req.url ?? '');
      bodies.push(Buffer.concat(chunks));
      res.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sent = (): Sent['resourceSpans'] =>
    bodies.flatMap((body) => (JSON.parse(body.toString('utf8')) as Sent).resourceSpans);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    headers,
    paths,
    bodies,
    spans: () =>
      sent().flatMap(({ scopeSpans }) =>
        scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...span, attributes: plain(span.attributes) }))),
      ),
    resource: () => plain(sent()[0]?.resource.attributes ?? []),
    close: async () => {
      server.close().closeAllConnections();
      await once(server, 'close');
    },
  };
}

function plain(attributes: Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
