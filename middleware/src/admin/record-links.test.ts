import type { Written } from '../booking/outcome';
import { linkedEvent, linkedParts, linkedRecord, urlOfOutcome } from './record-links';

const org = { instanceUrl: 'https://acme.my.salesforce.com', generation: 2 };
const written = (more: Partial<Written> = {}): Written => ({
  generation: 2,
  eventId: '00U000000000001AAA',
  whoId: '00Q000000000001AAA',
  whatId: null,
  ownerId: '005000000000001AAA',
  person: { sobject: 'Lead', recordId: '00Q000000000001AAA' },
  related: null,
  host: null,
  status: 'Scheduled',
  fields: {},
  ...more,
});
const person = { sobject: 'Contact', recordId: '003000000000001AAA' };

describe('the way to a record', () => {
  it('is by its object, of a Person Account by Account', () => {
    expect(linkedRecord(org, person).url).toBe(
      'https://acme.my.salesforce.com/lightning/r/Contact/003000000000001AAA/view',
    );
    expect(linkedRecord(org, { sobject: 'PersonAccount', recordId: '001000000000001AAA' })).toEqual({
      sobject: 'PersonAccount',
      recordId: '001000000000001AAA',
      url: 'https://acme.my.salesforce.com/lightning/r/Account/001000000000001AAA/view',
    });
  });

  it('is not known before the first sign-in', () => {
    expect(linkedRecord({ ...org, instanceUrl: null }, person).url).toBeNull();
  });
});

describe('the records of a booking', () => {
  it('are those that were written', () => {
    const related = { sobject: 'Case', recordId: '500000000000001AAA' };
    const parts = linkedParts(org, { written: written({ related }), person });
    expect(parts.map(({ part, recordId }) => [part, recordId])).toEqual([
      ['person', '00Q000000000001AAA'],
      ['related', '500000000000001AAA'],
      ['event', '00U000000000001AAA'],
    ]);
    expect(urlOfOutcome(parts, { state: 'written', ...related })).toContain('/Case/500000000000001AAA/');
    expect(urlOfOutcome(parts, { state: 'written', ...person })).toBeNull();
  });

  it('are the person alone while the Event waits', () => {
    expect(linkedParts(org, { written: null, person }).map(({ recordId }) => recordId)).toEqual([person.recordId]);
  });

  it('are none of an org that was connected before, and none without an org', () => {
    const old = written({ generation: 1 });
    expect(linkedParts(org, { written: old, person: null })).toEqual([]);
    expect(linkedEvent(org, old)).toBeNull();
    expect(linkedParts(null, { written: written(), person })).toEqual([]);
    expect(linkedEvent(null, written())).toBeNull();
    expect(linkedEvent(org, written())?.url).toContain('/Event/');
  });
});
