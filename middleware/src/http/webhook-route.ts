import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Delivery, DeliveryOutcome } from '../booking/delivery.store';
import { SignatureMismatchError, type SourceKind } from '../source/source';
import { inSpan, type NoteOnSpan } from '../telemetry';
import { HttpProblem } from './problem';

/** A source as the route needs it: opened secrets included. */
export interface ReceivingSource {
  id: string;
  teamId: string;
  kind: SourceKind;
  secrets: readonly string[];
}

export interface WebhookDeps {
  /** @returns null when there is no source of that id. */
  findSource: (id: string) => Promise<ReceivingSource | null>;
  /** Stores a delivery durably; resolves when it is on disk. */
  save: (delivery: Delivery) => Promise<DeliveryOutcome>;
  now: () => Date;
  bodyLimitBytes: number;
  /** Per source. */
  perMinute: number;
  /**
   * @param outcome null when it is kept and not read yet.
   * @param durationMs since the request began; null when it was not accepted.
   */
  onAnswer: (
    sourceId: string,
    kind: string,
    outcome: DeliveryOutcome | 'unverified' | null,
    durationMs: number | null,
  ) => void;
}

/** Takes one delivery and answers it. Rejects, with nothing answered, when it is refused: see `problem.ts`. */
export type ReceiveWebhook = (req: IncomingMessage, res: ServerResponse, sourceId: string) => Promise<void>;

/**
 * `POST /webhooks/{sourceId}`: verifies, stores, answers; the folder reads, and the loop talks to Salesforce. A body
 * whose signature holds is kept and answered 202, understood or not: senders switch a webhook off that keeps failing.
 *
 * It needs nothing of Express, so that the server can call it without: see `createServer`.
 */
export function webhookReceiver(deps: WebhookDeps): ReceiveWebhook {
  const countOne = floodGate(deps.perMinute);
  const receive = async (
    req: IncomingMessage,
    res: ServerResponse,
    sourceId: string,
    note: NoteOnSpan,
  ): Promise<void> => {
    const startedAt = performance.now();
    countOne(sourceId);
    const rawBody = await readBody(req, deps.bodyLimitBytes);
    const source = await deps.findSource(sourceId);
    if (source === null) throw unknownSource();
    const { kind } = source;
    note({ 'booking_connector.source': source.id, 'booking_connector.kind': kind.kind });
    const receivedAt = deps.now();
    try {
      kind.verify(req.headers, rawBody, source.secrets, receivedAt);
    } catch (error) {
      if (error instanceof SignatureMismatchError) deps.onAnswer(source.id, kind.kind, 'unverified', null);
      throw error;
    }
    const understanding =
      kind.isReadAtOnce === true ? kind.translate(rawBody, { headers: req.headers, receivedAt }) : null;
    const outcome = await deps.save({
      sourceId: source.id,
      teamId: source.teamId,
      deliveryKey: kind.deliveryKey(req.headers, rawBody, receivedAt),
      receivedAt,
      rawBody,
      understanding,
    });
    note({ 'booking_connector.outcome': outcome });
    accept(res, outcome);
    const isUnread = understanding === null && outcome !== 'duplicate';
    deps.onAnswer(source.id, kind.kind, isUnread ? null : outcome, performance.now() - startedAt);
  };
  return (req, res, sourceId) => inSpan('webhook', { side: 'server' }, (note) => receive(req, res, sourceId, note));
}

/** Ends the response after its only write: ended at once it goes to the system in two pieces, the second one empty. */
function accept(res: ServerResponse, outcome: DeliveryOutcome): void {
  const answer = JSON.stringify({ outcome });
  res.writeHead(202, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(answer),
  });
  res.write(answer, () => res.end());
}

const FLOOD_WINDOW_MS = 60_000;

/** @returns a function that counts a delivery, and throws when its source has sent too many in this minute. */
function floodGate(perMinute: number): (sourceId: string) => void {
  const counts = new Map<string, number>();
  let endsAt = 0;
  return (sourceId) => {
    const at = performance.now();
    if (at >= endsAt) {
      counts.clear(); // so that made-up ids do not pile up either
      endsAt = at + FLOOD_WINDOW_MS;
    }
    const count = (counts.get(sourceId) ?? 0) + 1;
    counts.set(sourceId, count);
    if (count <= perMinute) return;
    throw new HttpProblem(429, 'flood', 'Too many deliveries a minute. Send it again later.', {
      'retry-after': String(Math.ceil((endsAt - at) / 1000)),
    });
  };
}

/** A body that is not taken; `status` and `type` as Express's own body parsers have them. */
class UnreadableBodyError extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
  ) {
    super(`The body cannot be read: ${type}`);
  }
}

/**
 * The bytes as they were sent, whatever type they claim to be: signatures are made over them.
 * @throws UnreadableBodyError when it is compressed, too large, or broken off.
 */
function readBody(req: IncomingMessage, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const refuse = (status: number, type: string): void => reject(new UnreadableBodyError(status, type));
    if ((req.headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
      return refuse(415, 'encoding.unsupported');
    }
    if (Number(req.headers['content-length'] ?? 0) > limitBytes) return refuse(413, 'entity.too.large');
    const chunks: Buffer[] = [];
    let length = 0;
    req.on('data', (chunk: Buffer) => {
      length += chunk.length;
      // Read to its end all the same, and dropped: many senders hear no answer before they have sent everything.
      if (length > limitBytes) return refuse(413, 'entity.too.large');
      chunks.push(chunk);
    });
    req.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    req.on('close', () => {
      if (!req.complete) refuse(400, 'request.aborted');
    });
  });
}

function unknownSource(): HttpProblem {
  return new HttpProblem(
    404,
    'unknown-source',
    'There is no source at this address. Compare it with the one that was shown when the source was created.',
  );
}
