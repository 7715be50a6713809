import type { Settlement } from '../booking/booking.store';
import type { PartOutcome } from '../booking/outcome';
import { doubtRights, doubtSchema } from './doubt';

const NOW = new Date('2026-10-05T01:12:11.000Z');
const HOUR_AGO = '2026-10-05T00:12:11.000Z';
const JUST_NOW = '2026-10-05T01:12:00.000Z';
const refused = (code: string): PartOutcome => ({
  ...{ state: 'parked', class: 'scoped', code, cause: 'c', remedy: 'r', sobject: 'Lead', fields: [] },
});
const settlement = (person: PartOutcome): Settlement => ({
  ...{ bookingId: 'b', revision: 1, settingsVersion: 1, written: null, dueAt: null, attempts: 3, steps: [] },
  parts: { person },
});

it('reads an old view again before somebody waits for a right', () => {
  const fine = settlement({ state: 'written', sobject: 'Lead', recordId: '00Q' });
  expect(doubtRights([settlement(refused('INVALID_FIELD')), fine], HOUR_AGO, NOW)).toMatchObject([
    { parts: { person: { state: 'waiting', isRetried: true } }, dueAt: NOW, attempts: 0 },
    { parts: { person: { state: 'written' } }, dueAt: null },
  ]);
});

it.each([
  ['a view that was read just now', 'INVALID_FIELD', JUST_NOW],
  ['a refusal for something else', 'INACTIVE_OWNER_OR_USER', HOUR_AGO],
  ['what the connector itself found', 'RIGHT_MISSING', HOUR_AGO],
])('believes %s', (_title, code, readAt) => {
  expect(doubtRights([settlement(refused(code))], readAt, NOW)).toBeNull();
});

describe('a schema', () => {
  const SCHEMA = { stamp: 'A', readAt: HOUR_AGO };
  const parked = { ...refused('INVALID_FIELD'), schemaStamp: 'A' };
  const due = { dueAt: NOW, attempts: 0, parts: { person: parked } };

  it('is doubted when something is due again that was parked under it', () => {
    expect(doubtSchema([{ ...due, parts: {} }, due], SCHEMA)).toBe(true);
  });

  it.each([
    ['was parked under another one', { ...due, parts: { person: { ...parked, schemaStamp: 'B' } } }],
    ['was made due before it was read', { ...due, dueAt: new Date('2026-10-05T00:12:10.000Z') }],
    ['is tried again by itself', { ...due, attempts: 1 }],
    ['is at fault itself', { ...due, parts: { person: { ...parked, class: 'booking' as const } } }],
  ])('is believed when what is due %s', (_title, one) => {
    expect(doubtSchema([one], SCHEMA)).toBe(false);
  });
});
