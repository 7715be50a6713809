import type { FaultEffect } from './faults';

/** How an org answers over time: A a constant, B a clean org, C one with heavy automation, D one in trouble. */
export type LatencyModel = 'A' | 'B' | 'C' | 'D';

/** What a model goes by. */
export interface ModelledRequest {
  isRead: boolean;
  rows: number;
  /** Time since the model first struck. */
  ageMs: number;
}

/** The 99th percentile of the standard normal distribution. */
const Z99 = 2.326;
const MINUTE_MS = 60_000;

/**
 * What a model does to one request. The middles are published nowhere; they are estimates. A: 150 ms. B: reads 120 ms
 * (p99 600), writes 200 ms and 6 a row (p99 four times that). C: 300 ms and 30 a row for a write (p99 20 s), one write in
 * a hundred finds its rows locked. D: as B, with 2 % of 503, 0.5 % of answers lost after the commit, and no calls left
 * from the tenth to the twentieth minute.
 *
 * @param random the fault's own stream; always drawn from equally often, so that a seed repeats.
 */
export function effectOfModel(model: LatencyModel, request: ModelledRequest, random: () => number): FaultEffect {
  const noise = normal(random(), random());
  const chance = random();
  const { isRead, rows, ageMs } = request;
  switch (model) {
    case 'A':
      return { latencyMs: 150 };
    case 'B':
      return { latencyMs: cleanMs(request, noise) };
    case 'C': {
      const middle = 300 + (isRead ? 0 : 30 * rows);
      const latencyMs = logNormal(middle, Math.max(20_000, middle), noise);
      return { latencyMs, ...(!isRead && chance < 0.01 ? { rowLock: true } : {}) };
    }
    case 'D': {
      const latencyMs = cleanMs(request, noise);
      if (ageMs >= 10 * MINUTE_MS && ageMs < 20 * MINUTE_MS) {
        const message = 'TotalRequests Limit exceeded.';
        return { latencyMs, error: { status: 403, errorCode: 'REQUEST_LIMIT_EXCEEDED', message } };
      }
      if (chance < 0.02) return { latencyMs, html: 503 };
      return { latencyMs, ...(chance < 0.025 ? { drop: 'afterCommit' } : {}) };
    }
  }
}

function cleanMs({ isRead, rows }: ModelledRequest, noise: number): number {
  if (isRead) return logNormal(120, 600, noise);
  const middle = 200 + 6 * rows;
  return logNormal(middle, 4 * middle, noise);
}

function logNormal(middle: number, p99: number, noise: number): number {
  return middle * (p99 / middle) ** (noise / Z99);
}

function normal(first: number, second: number): number {
  return Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second);
}
