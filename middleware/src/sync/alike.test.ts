import { eventRow, personRow } from '../../test/support/rows';
import type { RowResult } from '../salesforce/composite';
import { scopedProblem, splitAlike } from './alike';
import type { PlannedRow } from './requests';

const person = (name: string): PlannedRow & { kind: 'record' } => ({ kind: 'record', row: personRow(name) });
const eventOf = (name: string, parent: PlannedRow & { kind: 'record' }): PlannedRow => ({
  kind: 'event',
  row: eventRow(name, { who: { row: parent.row } }),
});
const refused = (code: string, fields: string[] = [], message = ''): RowResult => ({
  success: false,
  errors: [{ code, message, fields }],
});
const NO_RIGHT = refused('INVALID_FIELD_FOR_INSERT_UPDATE', ['Rating']);
const TOO_LONG = refused('STRING_TOO_LONG', ['Company']);
const ORPHAN = refused('INVALID_FIELD', [], 'Foreign key external ID: c-1 not found');

const split = (...rows: [PlannedRow, RowResult][]) =>
  splitAlike(
    rows.map(([planned]) => planned),
    new Map(rows.map(([planned, result]) => [planned.row, result])),
  );

describe('splitAlike', () => {
  const [alpha, beta, gamma] = [person('alpha'), person('beta'), person('gamma')];

  it('sends one of those that were refused for the same field, with what points at it; the others wait for it', () => {
    const [ofAlpha, ofBeta] = [eventOf('alpha', alpha), eventOf('beta', beta)];
    const { toSend, alike } = split([alpha, NO_RIGHT], [beta, NO_RIGHT], [ofAlpha, ORPHAN], [ofBeta, ORPHAN]);
    expect(toSend).toEqual([alpha, ofAlpha]);
    expect(alike).toEqual([{ problem: expect.any(String), first: alpha, others: [beta, ofBeta] }]);
  });

  it('sends each of those that were refused for values of their own', () => {
    expect(split([alpha, TOO_LONG], [beta, TOO_LONG])).toEqual({ toSend: [alpha, beta], alike: [] });
  });

  it.each([
    ['another code', refused('INSUFFICIENT_ACCESS_OR_READONLY', ['Rating'])],
    ['another field', refused('INVALID_FIELD_FOR_INSERT_UPDATE', ['Industry'])],
  ])('takes %s for another problem', (_title, other) => {
    expect(split([alpha, NO_RIGHT], [beta, other])).toEqual({ toSend: [alpha, beta], alike: [] });
  });

  it('takes the same fields in another order for the same problem', () => {
    const one = refused('REQUIRED_FIELD_MISSING', ['A', 'B']);
    const other = refused('REQUIRED_FIELD_MISSING', ['B', 'A']);
    expect(split([alpha, one], [beta, other], [gamma, one]).toSend).toEqual([alpha]);
  });
});

describe('scopedProblem', () => {
  it.each<[string, RowResult | undefined]>([
    ['was written', { success: true, id: '00Q000000000001AAA', created: true }],
    ['was never sent', undefined],
    ['was refused for its values', TOO_LONG],
    ['came without a reason', { success: false, errors: [] }],
  ])('is none of a row that %s', (_title, result) => {
    expect(scopedProblem(person('alpha'), result)).toBeNull();
  });
});
