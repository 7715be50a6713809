import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../src/cli/command';
import { allBodies, exampleBody, KINDS, type Kind, type Loose, raw } from './fixtures/source/build';

const dir = mkdtempSync(join(tmpdir(), 'translate-'));
let count = 0;

/** Writes a body where the command finds it. */
function file(body: Buffer): string {
  const path = join(dir, `body-${(count += 1)}.json`);
  writeFileSync(path, body);
  return path;
}
const fixture = (kind: Kind, name: string, spoil?: (body: Loose) => unknown): string =>
  file(exampleBody(kind, name, spoil));

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const told = { out: '', err: '' };
  const terminal = {
    stdout: (text: string) => void (told.out += text),
    stderr: (text: string) => void (told.err += text),
    env: {},
  };
  const code = await runCommand(['node', 'booking-connector', ...args], terminal);
  return { code, ...told };
}
/** As far as the cases look into it. */
interface Printed {
  events: Record<string, unknown>[];
  bookings: { keys: string[]; status: string }[];
}

async function json(...args: string[]): Promise<Printed> {
  const { code, out, err } = await run(...args, '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out) as Printed;
}

const PERSON = { email: expect.any(String), name: expect.any(String) };
const CANCEL: Loose = { kind: 'canceled', bookingKey: 'B-1', occurredAt: '2027-02-25T16:40:02Z' };

describe('translate --json', () => {
  it('prints every field of an event: unknown is null, people are objects, collections are empty', async () => {
    const { events } = await json('translate', 'standard', file(raw(CANCEL)));
    expect(events).toEqual([
      {
        ...{ kind: 'canceled', bookingKey: 'B-1', replacesKey: null, replacedByKey: null, sequence: null },
        ...{ occurredAt: '2027-02-25T16:40:02.000Z', reason: null, actor: null },
        ...{ startsAt: null, endsAt: null, allDay: null, timeZone: null, subject: null, page: null },
        host: { id: null, email: null, name: null },
        customer: {
          ...{ id: null, email: null, name: null, firstName: null, lastName: null },
          ...{ phone: null, company: null, timeZone: null },
        },
        ...{ guests: [], answers: {}, campaign: {}, recordId: null, location: null },
        ...{ joinUrl: null, manageUrl: null, cancelUrl: null, payment: null },
      },
    ]);
  });

  it.each(KINDS)('never prints an empty text, and prints every body of %s', async (kind) => {
    for (const { rawBody } of allBodies(kind)) {
      const { code, out } = await run('translate', kind, file(rawBody), '--json');
      const printed: Loose = JSON.parse(out);
      expect(code).toBe('refused' in printed ? 1 : 0);
      for (const { answers: _typed, ...event } of printed.events ?? []) {
        expect(JSON.stringify(event)).not.toContain('""');
        expect(event.customer).toHaveProperty('email');
        expect(event.host).toHaveProperty('email');
      }
    }
  });

  it.each([
    ['calendly', 'invitee.canceled.rescheduled'],
    ['timerex', 'event_cancelled.rescheduled'],
  ] as const)('prints the cancel of %s that is half of a reschedule as no cancel', async (kind, name) => {
    const { events } = await json('translate', kind, fixture(kind, name));
    expect(events).toMatchObject([{ kind: 'updated', replacedByKey: expect.stringMatching(/./) }]);
  });

  it('prints a cancel of our own format that names its successor as no cancel', async () => {
    const { events } = await json('translate', 'standard', file(raw({ ...CANCEL, replacedByKey: 'B-2', reason: 'x' })));
    expect(events).toMatchObject([{ kind: 'updated', replacedByKey: 'B-2', reason: 'x' }]);
  });

  it('says why a body is ignored', async () => {
    const ignored = await json('translate', 'calcom', fixture('calcom', 'PING'));
    expect(ignored).toEqual({ ignored: expect.stringContaining('test') });
  });

  it('lists what is wrong with a body, and exits with 1', async () => {
    const { code, out, err } = await run(
      ...[
        'translate',
        'calcom',
        fixture('calcom', 'BOOKING_CREATED', (body) => void delete body.payload.uid),
        '--json',
      ],
    );
    expect([code, JSON.parse(out)]).toEqual([
      1,
      { refused: [{ field: 'payload.uid', error: expect.stringContaining('expected the uid') }] },
    ]);
    expect(err).toContain('payload.uid');
  });

  it('takes the time of receipt from --now, where a body has none', async () => {
    const form = file(Buffer.from('action=scheduled&id=54321&calendarID=1&appointmentTypeID=2'));
    const { events } = await json('translate', 'acuity', form, '--now', '2027-03-02T09:00:00+09:00');
    expect(events).toMatchObject([{ occurredAt: '2027-03-02T00:00:00.000Z' }]);
  });
});

describe('fold --json', () => {
  const booked = fixture('calendly', 'invitee.created');
  const moved = fixture('calendly', 'invitee.created.rescheduled');
  const oldHalf = fixture('calendly', 'invitee.canceled.rescheduled');

  it('prints one booking for the bodies of one, whatever their order, and skips the ignored', async () => {
    const ignored = fixture('calendly', 'routing_form_submission.created');
    const { bookings } = await json('fold', 'calendly', booked, ignored, oldHalf, moved);
    expect(bookings).toMatchObject([
      {
        ...{ status: 'Rescheduled', startsAt: expect.stringMatching(/Z$/), reason: expect.any(String) },
        ...{ customer: PERSON, host: PERSON, guests: expect.any(Array), answers: expect.any(Object) },
      },
    ]);
    expect(bookings[0]!.keys).toHaveLength(2);
    const again = await json('fold', 'calendly', moved, oldHalf, booked);
    expect({ ...again.bookings[0], keys: again.bookings[0]!.keys.sort() }).toEqual({
      ...bookings[0],
      keys: bookings[0]!.keys.sort(),
    });
  });

  it('prints no booking for bodies that are all ignored', async () => {
    expect(await json('fold', 'calcom', fixture('calcom', 'PING'))).toEqual({ bookings: [] });
  });

  it('lists what is wrong with every refused body, by its file, and exits with 1', async () => {
    const [one, two] = [
      file(Buffer.from('{')),
      fixture('calendly', 'invitee.created', (body) => void delete body.payload.uri),
    ];
    const { code, out, err } = await run('fold', 'calendly', booked, one, two, '--json');
    expect([code, JSON.parse(out)]).toEqual([
      1,
      {
        refused: [
          { file: one, field: 'body', error: 'is not JSON' },
          { file: two, field: 'payload.uri', error: expect.stringContaining('expected') },
        ],
      },
    ]);
    expect(err).toContain(`${one}: body: is not JSON`);
  });

  describe('with a clock', () => {
    const end = '2027-03-02T10:00:00Z';
    const own = (kind: string) =>
      file(
        raw({
          kind,
          bookingKey: 'B-1',
          occurredAt: '2027-02-20T08:00:00Z',
          startsAt: '2027-03-02T09:00:00Z',
          endsAt: end,
        }),
      );
    const statusOf = async (...args: string[]): Promise<string> => (await json('fold', ...args)).bookings[0]!.status;
    const ended = fixture('timerex', 'event_confirmed', ({ event }) => {
      Object.assign(event, { start_datetime: '2027-03-02T09:00:00+00:00', end_datetime: '2027-03-02T10:00:00+00:00' });
    });

    it.each([
      ['nothing by the clock without one', ['timerex', ended], 'Scheduled'],
      ['not what is not over', ['timerex', ended, '--now', '2027-03-02T09:59:59Z'], 'Scheduled'],
      ['what is over, of a system that never says so', ['timerex', ended, '--now', end], 'Completed'],
      ['not of a system that says so itself', ['standard', own('scheduled'), '--now', end], 'Scheduled'],
      [
        'that too, when it is asked to',
        ['standard', own('scheduled'), '--now', end, '--complete-after', '0'],
        'Completed',
      ],
      ['later, when it is asked to', ['timerex', ended, '--now', end, '--complete-after', '1'], 'Scheduled'],
      ['never, when it is asked to', ['timerex', ended, '--now', end, '--never-complete'], 'Scheduled'],
      ['no canceled booking', ['standard', own('canceled'), '--now', end, '--complete-after', '0'], 'Canceled'],
    ])('completes %s', async (_title, args, status) => {
      expect(await statusOf(...args)).toBe(status);
    });

    it.each([
      ['an instant that is none', ['--now', 'tomorrow'], 'ISO 8601'],
      ['a time of completion without a clock', ['--complete-after', '5'], '--now'],
      ['two times of completion', ['--now', end, '--complete-after', '5', '--never-complete'], 'cannot be used with'],
    ])('takes %s for wrong usage', async (_title, args, said) => {
      const { code, err } = await run('fold', 'timerex', ended, ...args);
      expect([code, err]).toEqual([2, expect.stringContaining(said)]);
    });
  });
});
