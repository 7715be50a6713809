import { effectOfModel, type LatencyModel, type ModelledRequest } from './latency-models';
import { seededRandom } from './random';

const N = 20_000;
const READ: ModelledRequest = { isRead: true, rows: 0, ageMs: 0 };
const WRITE: ModelledRequest = { isRead: false, rows: 200, ageMs: 0 };

function sample(model: LatencyModel, request: ModelledRequest): ReturnType<typeof effectOfModel>[] {
  const random = seededRandom(7);
  return Array.from({ length: N }, () => effectOfModel(model, request, random));
}

describe('the latency of a model', () => {
  it.each<[LatencyModel, ModelledRequest, number, number]>([
    ['A', WRITE, 150, 150],
    ['B', READ, 120, 600],
    ['B', WRITE, 1_400, 5_600],
    ['C', WRITE, 6_300, 20_000],
    ['D', READ, 120, 600],
  ])('%s of %j has its middle at %d ms and its 99th percentile at %d ms', (model, request, p50, p99) => {
    const sorted = sample(model, request)
      .map(({ latencyMs = 0 }) => latencyMs)
      .sort((a, b) => a - b);
    expect(Math.abs((sorted[N / 2] ?? 0) / p50 - 1)).toBeLessThan(0.1);
    expect(Math.abs((sorted[N * 0.99] ?? 0) / p99 - 1)).toBeLessThan(0.1);
  });

  it('repeats with its seed', () => {
    expect(sample('D', WRITE)).toEqual(sample('D', WRITE));
  });
});

it('locks rows in one write of a hundred, in C', () => {
  expect(sample('C', WRITE).filter(({ rowLock }) => rowLock).length / N).toBeCloseTo(0.01, 2);
  expect(sample('C', READ).filter(({ rowLock }) => rowLock)).toEqual([]);
});

it('is down, loses answers and has no calls left for ten minutes, in D', () => {
  const effects = sample('D', WRITE);
  expect(effects.filter(({ html }) => html === 503).length / N).toBeCloseTo(0.02, 2);
  expect(effects.filter(({ drop }) => drop === 'afterCommit').length / N).toBeCloseTo(0.005, 2);
  const limited = (minutes: number): boolean =>
    sample('D', { ...WRITE, ageMs: minutes * 60_000 }).every(
      ({ error }) => error?.errorCode === 'REQUEST_LIMIT_EXCEEDED',
    );
  expect([limited(9), limited(10), limited(19), limited(20)]).toEqual([false, true, true, false]);
});
