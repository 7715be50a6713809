import { parseLimitInfo, smoothUsage } from './api-usage';

describe('parseLimitInfo', () => {
  it.each([
    ['api-usage=22/15000', { used: 22, max: 15000 }],
    ['api-usage=22/15000; per-app-api-usage=17/250(appName=Booking Connector)', { used: 22, max: 15000 }],
    ['per-app-api-usage=17/250(appName=x); api-usage=5/100', { used: 5, max: 100 }],
    ['per-app-api-usage=17/250(appName=x)', null],
    ['', null],
    ['api-usage=lots', null],
    [undefined, null],
    [null, null],
  ])('reads %j', (header, usage) => {
    expect(parseLimitInfo(header)).toEqual(usage);
  });
});

describe('the smoothed gauge', () => {
  const at = (seconds: number): Date => new Date(Date.UTC(2027, 0, 4) + seconds * 1_000);
  const known = { used: 240, max: 15_000, seenAt: at(0) };

  it.each([
    ['the first reading is believed', null, { used: 7, max: 15_000 }, 1, 7],
    ['a reading that follows at once counts a quarter', known, { used: 244, max: 15_000 }, 1, 241],
    ['half a minute later it counts half', known, { used: 244, max: 15_000 }, 30, 242],
    ['a minute later it counts wholly', known, { used: 244, max: 15_000 }, 60, 244],
    ['a large step is news', known, { used: 1_240, max: 15_000 }, 1, 1_240],
    ['so is a large step down', { ...known, used: 9_000 }, { used: 3_000, max: 15_000 }, 1, 3_000],
    ['and another allowance', known, { used: 241, max: 100_000 }, 1, 241],
  ])('%s', (_title, before, reading, seconds, used) => {
    expect(smoothUsage(before, reading, at(seconds))).toEqual({ used, max: reading.max, seenAt: at(seconds) });
  });

  it('stays close through the noise of an org that was recorded', () => {
    const readings = [239, 241, 238, 240, 240, 239, 242, 239, 243];
    const smoothed = readings.reduce<ReturnType<typeof smoothUsage> | null>(
      (before, used, index) => smoothUsage(before, { used, max: 15_000 }, at(index)),
      null,
    );
    expect(Math.abs((smoothed?.used ?? 0) - 240)).toBeLessThan(1.5);
  });
});
