import { customer } from '../../test/support/builders';
import { candidate, HOST_ID, LEAD_ID, settingsWith, written } from '../../test/support/candidate';
import { decisionOf, foundPerson, OTHER_HOST_ID, ownerOf, plan } from '../../test/support/plan';
import { field, orgView, picklist } from '../../test/support/schema';
import type { Written } from '../booking/outcome';
import type { Settings } from '../settings/settings';

describe('a record that is there', () => {
  it('points the Event at the record, and leaves a person alone who is as should be', () => {
    const planned = plan([[candidate(), { person: foundPerson() }]]);
    expect(planned.records).toEqual([]);
    expect(planned.events).toMatchObject([{ who: { recordId: LEAD_ID } }]);
    expect(planned.decisions.get('booking-alpha')).toMatchObject({
      parts: { person: { state: 'written', sobject: 'Lead', recordId: LEAD_ID } },
      expected: { whoId: LEAD_ID, person: { sobject: 'Lead', recordId: LEAD_ID } },
    });
  });

  it.each([
    ['into an empty field', { Booking_Customer_Id__c: null }, {}, {}, [{ Booking_Customer_Id__c: 'c-alpha' }]],
    ["not over somebody else's", { Booking_Customer_Id__c: 'c-other' }, {}, {}, []],
    ['not where another record carries it', { Booking_Customer_Id__c: null }, { isKeyTaken: true }, {}, []],
    ['not into a record that was not read', {}, { record: null }, {}, []],
    [
      'not without the right to',
      { Booking_Customer_Id__c: null },
      {},
      { fields: { Lead: [field('Booking_Customer_Id__c', { updateable: false })] } },
      [],
    ],
  ])('writes the customer id %s', (_title, record, match, org, expected) => {
    const { records } = plan([[candidate(), { person: foundPerson(match, record) }]], orgView(org));
    expect(records.map(({ fields }) => fields)).toEqual(expected);
  });

  describe('changes the person as the mapping says', () => {
    const settings = settingsWith({
      rows: {
        Lead: [
          { field: 'Title', from: 'answers.title' },
          { field: 'Phone', from: 'customer.phone', when: 'onlyIfEmpty' },
        ],
      },
    });
    const org = orgView({ fields: { Lead: [field('Title')] } });
    const told = (title: string | null, phone: string | null = null) =>
      candidate('alpha', {
        settings,
        event: { customer: customer('alpha@example.test', { phone }) },
        state: { answers: { title } },
      });

    it.each([
      ['what differs', told('CEO', '1'), { Title: 'CFO', Phone: null }, [{ Title: 'CEO', Phone: '1' }]],
      ['nothing that is the same', told('CEO'), { Title: 'CEO', Phone: null }, []],
      ['no field that is filled, where only empty ones are', told('CEO', '1'), { Title: 'CEO', Phone: '2' }, []],
      ['no field to be empty, because we know nothing', told(null), { Title: 'CFO', Phone: '2' }, []],
    ])('%s', (_title, one, record, expected) => {
      const { records } = plan([[one, { person: foundPerson({}, record) }]], org);
      expect(records.map(({ recordId, fields }) => [recordId, fields])).toEqual(expected.map((row) => [LEAD_ID, row]));
    });

    it('in one row for all bookings of the record', () => {
      const other = { ...told(null, '1'), booking: { ...told(null, '1').booking, id: 'booking-other' } };
      const person = foundPerson({}, { Title: null, Phone: null, Booking_Customer_Id__c: null });
      const { records } = plan(
        [
          [told('CEO'), { person }],
          [{ ...other, customerId: 'c-other' }, { person }],
        ],
        org,
      );
      expect(records).toMatchObject([
        {
          recordId: LEAD_ID,
          fields: { Title: 'CEO', Phone: '1', Booking_Customer_Id__c: 'c-alpha' },
          bookingIds: ['booking-alpha', 'booking-other'],
        },
      ]);
    });
  });
});

describe('the owner of a record that is there', () => {
  const host = settingsWith({ rules: { owner: ownerOf('Lead', { onExisting: { kind: 'host' } }) } });
  const byRules = settingsWith({ rules: { owner: ownerOf('Lead', { onExisting: { kind: 'assignmentRules' } }) } });
  const known = (more: Partial<Written>) => ({ written: written(more), state: { status: 'Rescheduled' as const } });

  it.each([
    ['is set with the first booking', host, {}, [{ OwnerId: HOST_ID }]],
    ['is left to whoever has it since, at a change', host, known({}), []],
    ['is set again for another host', host, known({ host: 'old@example.com' }), [{ OwnerId: HOST_ID }]],
    ['is set while its last update was refused', host, known({ person: null }), [{ OwnerId: HOST_ID }]],
    ['stays where the rules keep it', settingsWith(), {}, []],
    ['is left to assignment rules, which run though no field changes', byRules, {}, [{}]],
    ['is not left to them at a change', byRules, known({}), []],
  ])('%s', (_title, settings, more, expected) => {
    const { records } = plan([
      [candidate('alpha', { settings, ...more }), { person: foundPerson({}, { OwnerId: OTHER_HOST_ID }) }],
    ]);
    expect(records.map(({ fields }) => fields)).toEqual(expected);
    expect(records.map(({ autoAssign }) => autoAssign)).toEqual(expected.map(() => settings === byRules));
  });

  it('is the one that the first booking of a batch wants', () => {
    const person = foundPerson({}, { OwnerId: OTHER_HOST_ID });
    const both = (first: Settings, second: Settings) =>
      plan([
        [candidate('alpha', { settings: first }), { person }],
        [candidate('beta', { settings: second, customerId: 'c-alpha' }), { person }],
      ]).records;
    expect(both(host, byRules)).toMatchObject([{ fields: { OwnerId: HOST_ID }, autoAssign: false }]);
    expect(both(byRules, host)).toMatchObject([{ fields: {}, autoAssign: true }]);
    expect(both(settingsWith(), byRules)).toMatchObject([{ autoAssign: true, bookingIds: ['booking-beta'] }]);
  });
});

describe('the rule for existing records', () => {
  const rows = { Lead: [{ field: 'Title', from: 'page.name', when: undefined }] };
  const org = orgView({ fields: { Lead: [field('Title')] } });

  it.each([
    ['leave', null, []],
    ['leave', 'CEO', []],
    ['fillEmpty', null, [{ Title: 'Product demo' }]],
    ['fillEmpty', 'CEO', []],
    ['overwrite', 'CEO', [{ Title: 'Product demo' }]],
    ['overwrite', 'Product demo', []],
  ] as const)('%s with %j there', (rule, held, expected) => {
    const existing = { ...settingsWith().rules.existing, Lead: rule };
    const all = settingsWith({ rules: { existing }, rows });
    const settings = { ...all, mappings: { ...all.mappings, Lead: all.mappings.Lead.slice(-1) } };
    const person = foundPerson({}, { Title: held });
    const { records } = plan([[candidate('alpha', { settings }), { person }]], org);
    expect(records.map(({ fields }) => fields)).toEqual(expected);
  });

  it('leaves out what does not fit, in every case: the record needs nothing from us', () => {
    const strict = orgView({ fields: { Lead: [picklist('Title', ['CEO'])] } });
    const settings = settingsWith({ rows: { Lead: [{ field: 'Title', from: 'page.name', ifBad: 'park' }] } });
    const one = candidate('alpha', { settings });
    const planned = plan([[one, { person: foundPerson() }]], strict);
    expect(planned.records).toEqual([]);
    expect(decisionOf(planned, one).parts.person).toMatchObject({ state: 'written' });
  });
});
