import express, { Router, type RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import type { Delivery, DeliveryOutcome } from '../booking/delivery.store';
import { SignatureMismatchError, type SourceKind } from '../source/source';
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
  onAnswer: (sourceId: string, kind: string, outcome: DeliveryOutcome | 'unverified') => void;
}

/**
 * `POST /webhooks/{sourceId}`: verifies, stores, answers; the loop talks to Salesforce. A body whose signature holds is
 * kept and answered 202, understood or not: senders switch a webhook off that keeps failing.
 */
export function webhookRoute(deps: WebhookDeps): Router {
  const receive: RequestHandler<{ sourceId: string }> = async (req, res) => {
    const source = await deps.findSource(req.params.sourceId);
    if (source === null) throw unknownSource();
    const { kind } = source;
    const rawBody = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
    const receivedAt = deps.now();
    try {
      kind.verify(req.headers, rawBody, source.secrets, receivedAt);
    } catch (error) {
      if (error instanceof SignatureMismatchError) deps.onAnswer(source.id, kind.kind, 'unverified');
      throw error;
    }
    const outcome = await deps.save({
      sourceId: source.id,
      teamId: source.teamId,
      deliveryKey: kind.deliveryKey(req.headers, rawBody, receivedAt),
      receivedAt,
      rawBody,
      understanding: kind.translate(rawBody, { headers: req.headers, receivedAt }),
    });
    deps.onAnswer(source.id, kind.kind, outcome);
    res.status(202).json({ outcome });
  };

  const limit = rateLimit({
    windowMs: 60_000,
    limit: deps.perMinute,
    keyGenerator: (req) => String(req.params['sourceId']),
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (_req, _res, next) =>
      next(new HttpProblem(429, 'flood', 'Too many deliveries a minute. Send it again later.')),
  });
  // Signatures are made over the bytes as sent, so they are read raw, whatever type they claim to be.
  const rawBody = express.raw({ type: () => true, limit: deps.bodyLimitBytes, inflate: false });
  const onlyPost: RequestHandler = (_req, _res, next) => {
    next(new HttpProblem(405, 'method', 'Deliveries are sent by POST.', { allow: 'POST' }));
  };
  return Router().post('/webhooks/:sourceId', limit, rawBody, receive).all('/webhooks/:sourceId', onlyPost);
}

function unknownSource(): HttpProblem {
  return new HttpProblem(
    404,
    'unknown-source',
    'There is no source at this address. Compare it with the one that was shown when the source was created.',
  );
}
