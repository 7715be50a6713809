import { CallMeter, CallsSpentError } from './call-meter';

const ANSWER = { purpose: 'read', durationMs: 1, status: 200, limitInfo: null } as const;

describe('CallMeter', () => {
  it('refuses the call that a turn has no room for', () => {
    const meter = new CallMeter();
    meter.start({ calls: 1, isProbe: false });
    meter.beforeCall();
    expect(() => meter.beforeCall()).toThrow(CallsSpentError);
  });

  it('tells what is under way from what is answered', () => {
    const meter = new CallMeter();
    meter.start({ calls: 4, isProbe: false });
    meter.beforeCall();
    meter.beforeCall();
    meter.onCall(ANSWER);
    expect([meter.inFlight, meter.unrecorded]).toEqual([1, 2]);
    expect(meter.take().calls).toEqual(new Map([['read', 1]]));
    expect([meter.inFlight, meter.unrecorded]).toEqual([1, 1]);
  });

  it('takes back what could not be recorded, beside what came since', () => {
    const meter = new CallMeter();
    meter.start({ calls: 4, isProbe: false });
    meter.beforeCall();
    meter.onCall(ANSWER);
    const taken = meter.take();
    meter.beforeCall();
    meter.onCall(ANSWER);
    meter.giveBack(taken);
    expect(meter.spent.calls).toEqual(new Map([['read', 2]]));
  });
});
