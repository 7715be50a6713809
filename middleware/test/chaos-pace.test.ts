import { Pace } from '../bench/chaos/schedule';

/** Which of the next deliveries may be sent now. */
async function allowed(pace: Pace, from: number): Promise<number> {
  for (let sent = from; ; sent += 1) {
    const isHeld = await Promise.race([
      pace.mayGoOn(sent).then(() => false),
      new Promise<true>((tell) => setImmediate(() => tell(true))),
    ]);
    if (isHeld) return sent;
    if (sent === 2_000) return Infinity;
  }
}

describe('the pace of deliveries', () => {
  it('holds them back before an incident is over, and lets the rest come after the last', async () => {
    const pace = new Pace(1_000, 3);
    const first = await allowed(pace, 0);
    expect(first).toBeGreaterThan(pace.placeOf(0));
    expect(first).toBeLessThan(pace.placeOf(1));
    pace.pass(0);
    expect(await allowed(pace, first)).toBeGreaterThan(pace.placeOf(1));
    pace.open();
    expect(await allowed(pace, first)).toBe(Infinity);
  });

  it('lets more come for an incident that waits, also more than what follows on the next one', async () => {
    const pace = new Pace(1_000, 3);
    const before = await allowed(pace, 0);
    const waiting = pace.mayGoOn(before);
    pace.letMoreCome();
    await expect(waiting).resolves.toBeUndefined();
    for (let times = 0; times < 20; times += 1) pace.letMoreCome();
    const far = await allowed(pace, before);
    pace.pass(0);
    expect(await allowed(pace, before)).toBe(far);
  });
});
