import { BOOKING_STATUSES } from '../src/booking/booking';
import { valuesOf } from '../src/plan/values';
import { findValueName, VALUE_NAMES } from '../src/settings/value-names';
import { candidate } from './support/candidate';

describe('the names of values that settings may use', () => {
  const { booking } = candidate('alpha', {
    event: { answers: { budget: '5000' }, campaign: { utm_campaign: 'spring' } },
  });
  const given = valuesOf(booking).names();

  it('are those that a booking gives: no more, no less', () => {
    expect(given.filter((name) => findValueName(name) === null)).toEqual([]);
    const exact = VALUE_NAMES.map(({ name }) => name).filter((name) => !name.endsWith('.<key>'));
    expect(exact.filter((name) => !given.includes(name))).toEqual([]);
  });

  it('list the statuses of a booking', () => {
    expect(findValueName('booking.status')?.values).toEqual(BOOKING_STATUSES);
  });
});
