import { decideTurn, MAX_TURN_CALLS, type Decision, type DecisionInput } from './turn-decision';

const NOW = new Date('2027-01-04T10:30:00.000Z');
const MINUTE = 60_000;
const at = (minutes: number): Date => new Date(NOW.getTime() + minutes * MINUTE);
const gauge = (used: number, minutes = 0): NonNullable<DecisionInput['facts']['gauge']> => ({
  used,
  max: 1_000,
  seenAt: at(minutes),
});

const input = ({ facts, ...more }: Partial<Omit<DecisionInput, 'facts'>> & { facts?: object } = {}): DecisionInput => ({
  facts: { reservePercent: 20, dailyCap: null, gauge: gauge(0), ownCalls: [], claimed: 0, ...facts },
  probing: null,
  isForced: false,
  callsPerTurn: 2,
  neededCalls: 2,
  lanes: 1,
  pending: { acted: 3, clocked: 0, clockedForMs: 0 },
  batchLimit: 200,
  sinceLastTurnMs: 0,
  ...more,
});
/** Without jitter. */
const decide = (more?: Parameters<typeof input>[0]): Decision => decideTurn(input(more), NOW, () => 0.5);

describe('deciding on a turn', () => {
  it('takes what is due, with calls to spare for rows that fail', () => {
    const decision = decide();
    expect(decision).toMatchObject({ kind: 'go', limit: 3, calls: MAX_TURN_CALLS, isProbe: false, probing: null });
  });

  it('does nothing where nothing is due, refused or not', () => {
    const probing = { since: at(-1), tries: 0, at: at(4) };
    expect(decide({ pending: { acted: 0, clocked: 0, clockedForMs: 0 }, probing })).toMatchObject({
      kind: 'nothing',
      probing,
    });
  });

  it('sets no more aside than is left, nor more than a lane’s share', () => {
    expect(decide({ sinceLastTurnMs: null, facts: { gauge: gauge(793) } })).toMatchObject({ kind: 'go', calls: 7 });
    expect(decide({ sinceLastTurnMs: null, facts: { gauge: gauge(793) }, lanes: 2 })).toMatchObject({ calls: 3 });
    expect(decide({ sinceLastTurnMs: null, facts: { gauge: gauge(797) }, lanes: 2 })).toMatchObject({ calls: 2 });
  });

  it('counts what another lane has set aside as gone', () => {
    const facts = { dailyCap: 20, ownCalls: [{ hour: at(-30), calls: 8 }], claimed: 7 };
    expect(decide({ facts, sinceLastTurnMs: null })).toMatchObject({ kind: 'go', calls: 5 });
  });

  it('sleeps under the cap until enough own calls fall out, and no order breaks it', () => {
    const facts = { dailyCap: 10, ownCalls: [{ hour: new Date('2027-01-03T12:00:00.000Z'), calls: 9 }] };
    // The hour from 12 to 13 of the day before falls out at 13 o'clock.
    const sleep = { kind: 'sleep', why: 'cap', waitMs: 150 * MINUTE };
    expect(decide({ facts })).toMatchObject(sleep);
    expect(decide({ facts, isForced: true })).toMatchObject(sleep);
    const probing = { since: at(-60), tries: 3, at: at(-1) };
    expect(decide({ facts, probing })).toMatchObject(sleep);
  });

  it('waits to save calls, unless somebody asked for a turn', () => {
    const facts = { gauge: gauge(600) };
    expect(decide({ facts })).toMatchObject({ kind: 'sleep', why: 'saving' });
    expect(decide({ facts, isForced: true })).toMatchObject({ kind: 'go', isProbe: false });
  });

  describe('when only the reserve is left', () => {
    const facts = { gauge: gauge(799, -1) };

    it('waits five minutes for the first try', () => {
      expect(decide({ facts })).toMatchObject({
        kind: 'sleep',
        why: 'reserve',
        waitMs: 5 * MINUTE,
        probing: { since: NOW, tries: 0, at: at(5) },
      });
    });

    it('keeps waiting for the try that is planned', () => {
      const probing = { since: at(-3), tries: 0, at: at(2) };
      expect(decide({ facts, probing })).toMatchObject({ kind: 'sleep', waitMs: 2 * MINUTE, probing });
    });

    it('tries with one small turn when it is due, and plans the next try further off', () => {
      const probing = { since: at(-5), tries: 0, at: at(0) };
      expect(decide({ facts, probing })).toMatchObject({
        kind: 'go',
        calls: 2,
        isProbe: true,
        probing: { since: NOW, tries: 1, at: at(10) },
      });
    });

    it('tries at once when somebody asks', () => {
      const probing = { since: at(-3), tries: 0, at: at(2) };
      expect(decide({ facts, probing, isForced: true })).toMatchObject({ kind: 'go', isProbe: true });
    });
  });

  describe('when the org has refused for its allowance', () => {
    const probing = { since: at(-3), tries: 1, at: at(7) };

    it('does not believe a gauge that was read before or with the refusal', () => {
      expect(decide({ facts: { gauge: gauge(0, -3) }, probing })).toMatchObject({ kind: 'sleep', why: 'reserve' });
      expect(decide({ facts: { gauge: null }, probing })).toMatchObject({ kind: 'sleep', why: 'reserve' });
    });

    it('goes on at once when the gauge has shown room since', () => {
      const decision = decide({ facts: { gauge: gauge(0, -2) }, probing });
      expect(decision).toMatchObject({ kind: 'go', isProbe: false, probing: null });
    });

    it('goes on waiting when the gauge has shown none since', () => {
      expect(decide({ facts: { gauge: gauge(1_000, -2) }, probing })).toMatchObject({ kind: 'sleep', probing });
    });
  });
});
