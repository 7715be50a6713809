import { customer } from '../../test/support/builders';
import {
  ACCOUNT_ID,
  candidate,
  CONTACT_ID,
  EVENT_FIELDS,
  HOST,
  HOST_ID,
  LEAD_ID,
  OPPORTUNITY_ID,
  settingsWith,
} from '../../test/support/candidate';
import { AMBIGUOUS, decisionOf, foundPerson, foundPersonAccount, plan, recordOf } from '../../test/support/plan';
import { field, orgView, picklist } from '../../test/support/schema';
import type { Candidate } from '../match/candidate';
import type { Match } from '../match/match-types';

const withoutNull = (fields: object) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));

describe('a new customer', () => {
  it('makes one person and one Event that points at it by key', () => {
    const one = candidate();
    const { records, events, deletions, decisions } = plan([[one]]);
    expect(records).toEqual([
      {
        part: 'person',
        object: 'Lead',
        sobject: 'Lead',
        recordId: null,
        keyField: 'Booking_Customer_Id__c',
        key: 'c-alpha',
        references: {},
        autoAssign: false,
        fields: {
          FirstName: 'Visitor',
          LastName: 'alpha',
          Email: 'alpha@example.test',
          Company: 'Example Offices KK',
          OwnerId: HOST_ID,
        },
        bookingIds: ['booking-alpha'],
      },
    ]);
    expect(events).toEqual([
      {
        bookingId: 'booking-alpha',
        recordId: null,
        externalId: 'cal:uid-alpha',
        who: { row: records[0] },
        what: null,
        fields: { ...withoutNull(EVENT_FIELDS), OwnerId: HOST_ID },
      },
    ]);
    expect(deletions).toEqual([]);
    expect(decisions.get('booking-alpha')).toMatchObject({
      parts: {},
      eventId: null,
      expected: {
        generation: 1,
        whoId: null,
        whatId: null,
        ownerId: HOST_ID,
        person: null,
        host: HOST,
        status: 'Scheduled',
        fields: EVENT_FIELDS,
      },
    });
  });

  it('writes a booking that was canceled meanwhile as one canceled Event', () => {
    const { records, events } = plan([[candidate('alpha', { state: { status: 'Canceled', reason: 'Ill' } })]]);
    expect(records).toHaveLength(1);
    expect(events).toMatchObject([{ fields: { Event_Status__c: 'Canceled', Cancel_Reschedule_Reason__c: 'Ill' } }]);
  });

  describe('makes one person row', () => {
    const email = customer('Same@example.test');
    it.each([
      [
        'of two bookings of one customer',
        candidate('alpha', { customerId: 'c-1', event: { customer: email } }),
        candidate('beta', { customerId: 'c-1', event: { customer: email } }),
      ],
      [
        "of two teams' customers with one e-mail",
        candidate('alpha', { customerId: 'c-1', event: { customer: email } }),
        candidate('beta', {
          customerId: 'c-2',
          booking: { teamId: 'other' },
          event: { customer: customer('same@EXAMPLE.test') },
        }),
      ],
      [
        'of one customer under two e-mails: a key that comes twice fails both rows',
        candidate('alpha', { customerId: 'c-1', event: { customer: email } }),
        candidate('beta', { customerId: 'c-1', event: { customer: customer('new@example.test') } }),
      ],
      [
        'of one customer whose e-mail one booking does not tell',
        candidate('alpha', { customerId: 'c-1', event: { customer: email } }),
        candidate('beta', { customerId: 'c-1', event: { customer: { ...email, email: null } } }),
      ],
    ])('%s', (_title, one, other) => {
      for (const both of [
        [one, other],
        [other, one],
      ] as const) {
        const { records, events } = plan(both.map((each) => [each]));
        expect(records).toHaveLength(1);
        expect(records[0]?.bookingIds).toEqual(both.map(({ booking }) => booking.id));
        const who = { row: records[0] };
        expect(records[0]?.key).toBe(both[0].customerId);
        expect(events.map((event) => event.who)).toEqual([who, who]);
      }
    });

    it('of a customer and of everybody who is the same by e-mail or customer id in turn', () => {
      const candidates = [
        candidate('alpha', { customerId: 'c-1', event: { customer: customer('one@example.test') } }),
        candidate('beta', { customerId: 'c-2', event: { customer: customer('one@example.test') } }),
        candidate('gamma', { customerId: 'c-2', event: { customer: customer('two@example.test') } }),
      ];
      expect(plan(candidates.map((one) => [one])).records).toMatchObject([{ key: 'c-1' }]);
    });
  });

  it('makes no person of a customer whose record another booking of the batch leads to', () => {
    const linking = candidate('alpha', { customerId: 'c-1' });
    const other = candidate('beta', { customerId: 'c-1' });
    for (const pairs of [
      [[linking, { person: foundPerson({ via: 'link' }) }], [other]],
      [[other], [linking, { person: foundPerson({ via: 'link' }) }]],
    ] as [Candidate, Partial<Match>?][][]) {
      const { records, events } = plan(pairs);
      expect(records.filter(({ recordId }) => recordId === null)).toEqual([]);
      expect(events.map(({ who }) => who)).toEqual([{ recordId: LEAD_ID }, { recordId: LEAD_ID }]);
    }
  });

  it('keeps people apart who say nothing of themselves', () => {
    const anonymous = (name: string) =>
      candidate(name, { event: { customer: customer('', { email: null, name: 'A' }) } });
    expect(plan([[anonymous('alpha')], [anonymous('beta')]]).records).toHaveLength(2);
  });

  it('makes Contacts where the match says so', () => {
    const { records, events } = plan([[candidate(), { person: { kind: 'create', object: 'Contact' } }]]);
    expect(records).toMatchObject([{ object: 'Contact', fields: { LastName: 'alpha' } }]);
    expect(events).toMatchObject([{ who: { row: { object: 'Contact', key: 'c-alpha' } } }]);
  });

  describe('parks the person and holds the Event', () => {
    const parkedOf = (one: Candidate, match: Partial<Match>, org = orgView()) => {
      const planned = plan([[one, match], [candidate('innocent')]], org);
      expect(planned.events.map(({ bookingId }) => bookingId)).not.toContain(one.booking.id);
      expect(planned.records.map(({ key }) => key)).not.toContain(one.customerId);
      expect(decisionOf(planned, one).parts.event).toEqual({
        state: 'waiting',
        cause: 'the Event waits for its person',
        isRetried: false,
      });
      return { planned, person: decisionOf(planned, one).parts.person };
    };
    const noCompany = candidate('alpha', { event: { customer: customer('alpha@example.test', { company: null }) } });

    it('when a required field gets no value; others go on', () => {
      const { planned, person } = parkedOf(noCompany, {});
      expect(person).toEqual({
        state: 'parked',
        class: 'scoped',
        code: 'REQUIRED_FIELD_MISSING',
        cause: 'Lead needs a value for Company (Company), and this booking gives none.',
        remedy: expect.stringContaining('Map the field'),
        sobject: 'Lead',
        fields: ['Company'],
      });
      expect(planned.events).toMatchObject([{ bookingId: 'booking-innocent' }]);
    });

    it('when a required field gets a value that does not fit it', () => {
      const org = orgView({
        fields: { Lead: [picklist('Rating', ['Hot'])].map((one) => ({ ...one, nillable: false })) },
      });
      const settings = settingsWith({ rows: { Lead: [{ field: 'Rating', text: 'Warm' }] } });
      expect(
        plan([[candidate('alpha', { settings })]], org).decisions.get('booking-alpha')?.parts.person,
      ).toMatchObject({
        code: 'REQUIRED_FIELD_MISSING',
        fields: ['Rating'],
      });
    });

    it('when several records fit equally well', () => {
      expect(parkedOf(candidate(), { person: AMBIGUOUS }).person).toMatchObject({
        state: 'parked',
        code: 'AMBIGUOUS_MATCH',
        cause: `2 Contact records fit equally well: ${CONTACT_ID}, 003000000000002AAA.`,
        remedy: expect.stringContaining('Merge them'),
        sobject: 'Contact',
      });
    });

    it('when the user may not see the object', () => {
      const org = orgView({ without: ['Lead'] });
      expect(plan([[candidate()]], org).decisions.get('booking-alpha')?.parts).toMatchObject({
        person: {
          state: 'parked',
          code: 'RIGHT_MISSING',
          class: 'scoped',
          sobject: 'Lead',
          cause: 'The API user lacks the right "Read Lead": customers are looked for among Lead records.',
        },
        event: { state: 'waiting', isRetried: false },
      });
    });

    it('unless a value was chosen for that case, which the booking’s own comes before', () => {
      const settings = settingsWith({ required: { Lead: { Company: { text: 'Unknown company' } } } });
      const { records, decisions } = plan([
        [candidate('alpha', { settings, event: { customer: customer('alpha@example.test', { company: null }) } })],
        [candidate('beta', { settings })],
      ]);
      expect(records.map(({ fields }) => fields['Company'])).toEqual(['Unknown company', 'Example Offices KK']);
      expect(decisions.get('booking-alpha')?.steps).toContainEqual({
        step: 'Lead.Company',
        outcome: 'set by the value chosen for bookings that give none',
        before: null,
        after: 'Unknown company',
      });
    });
  });
});

describe('customers of one batch under different rules', () => {
  const asContact = settingsWith({
    rules: { unknownCustomer: 'Contact', searchOrder: ['Contact', 'Lead'] },
    rows: { Lead: [{ field: 'Title', from: 'page.name' }] },
  });
  const make = (object: 'Lead' | 'Contact') => ({ person: { kind: 'create', object } }) as const;
  const none = { person: { kind: 'none', cause: 'The rules make nobody.' } } as const;
  const same = (name: string, settings = asContact) => candidate(name, { customerId: 'c-1', settings });

  it('are one record where the second page would have found the first page’s', () => {
    const { records, events } = plan([
      [same('alpha', settingsWith()), make('Lead')],
      [same('beta'), make('Contact')],
    ]);
    expect(records).toMatchObject([{ object: 'Lead', bookingIds: ['booking-alpha', 'booking-beta'] }]);
    expect(events.map(({ who }) => who)).toEqual([{ row: records[0] }, { row: records[0] }]);
  });

  it('are two where the second page does not look there', () => {
    const settings = settingsWith({ rules: { unknownCustomer: 'Contact', searchOrder: ['Contact'] } });
    const { records } = plan([
      [same('alpha', settingsWith()), make('Lead')],
      [same('beta', settings), make('Contact')],
    ]);
    expect(records.map(({ object }) => object)).toEqual(['Lead', 'Contact']);
  });

  it('are known to a page that makes nobody of an unknown customer', () => {
    const { records, events } = plan([
      [same('alpha', settingsWith()), make('Lead')],
      [same('beta'), none],
    ]);
    expect(events.map(({ who }) => who)).toEqual([{ row: records[0] }, { row: records[0] }]);
    const found = plan([
      [same('alpha'), none],
      [same('beta'), { person: foundPerson() }],
    ]);
    expect(found.events.map(({ who }) => who)).toEqual([{ recordId: LEAD_ID }, { recordId: LEAD_ID }]);
  });

  it('get what the later booking would have written on the record', () => {
    const org = orgView({ fields: { Lead: [field('Title')] } });
    const { records, decisions } = plan(
      [
        [same('alpha', settingsWith()), make('Lead')],
        [same('beta'), make('Contact')],
      ],
      org,
    );
    expect(records).toMatchObject([{ fields: { LastName: 'alpha', Title: 'Product demo' } }]);
    expect(decisions.get('booking-beta')?.steps).toContainEqual({
      step: 'Lead.Title',
      outcome: 'set by page.name',
      before: null,
      after: 'Product demo',
    });
  });

  it('go on with the second page’s when the first one is parked', () => {
    const noCompany = customer('one@example.test', { company: null });
    const { records, events } = plan([
      [candidate('alpha', { customerId: 'c-1', event: { customer: noCompany } }), make('Lead')],
      [candidate('beta', { customerId: 'c-1', settings: asContact, event: { customer: noCompany } }), make('Contact')],
    ]);
    expect(records).toMatchObject([{ object: 'Contact', bookingIds: ['booking-beta'] }]);
    expect(events.map(({ bookingId }) => bookingId)).toEqual(['booking-beta']);
  });
});

describe('the Account of a new Contact', () => {
  const settings = settingsWith({ rules: { unknownCustomer: 'Contact', contactAccount: 'create' } });
  const create = {
    person: { kind: 'create', object: 'Contact' },
    account: { kind: 'create', name: 'Example Offices KK' },
  } as const;

  it('is made once for all colleagues of the batch, under a key that is not the customer’s', () => {
    const planned = plan([
      [candidate('alpha', { settings }), create],
      [candidate('beta', { settings }), { ...create, account: { kind: 'create', name: 'EXAMPLE  offices kk' } }],
    ]);
    const account = recordOf(planned, 'Account');
    expect(account.bookingIds).toEqual(['booking-alpha', 'booking-beta']);
    expect(account.key).toMatch(/^c-alpha:account:[0-9a-f]{12}$/);
    expect(planned.records.map(({ object }) => object)).toEqual(['Account', 'Contact', 'Contact']);
    for (const { object, references } of planned.records)
      expect(references).toEqual(object === 'Contact' ? { Account: account } : {});
  });

  it('has another key for another company: the customer’s next one must not rename the last one', () => {
    const keyFor = (name: string) =>
      recordOf(plan([[candidate('alpha', { settings }), { ...create, account: { kind: 'create', name } }]]), 'Account')
        .key;
    expect(keyFor('One KK')).not.toBe(keyFor('Two KK'));
  });

  it('is not made for a Contact who cannot be', () => {
    const org = orgView({ fields: { Contact: [field('Rank__c', { nillable: false })] } });
    const ranked = settingsWith({
      rules: settings.rules,
      rows: { Contact: [{ field: 'Rank__c', from: 'answers.rank' }] },
    });
    const planned = plan(
      [
        [candidate('alpha', { settings: ranked }), create],
        [candidate('beta', { settings: ranked, state: { answers: { rank: 'A' } } }), create],
      ],
      org,
    );
    expect(decisionOf(planned, candidate('alpha')).parts.person).toMatchObject({ code: 'REQUIRED_FIELD_MISSING' });
    expect(recordOf(planned, 'Account').bookingIds).toEqual(['booking-beta']);
  });

  it.each<[string, Parameters<typeof orgView>[0], Match['account'], { AccountId?: string }]>([
    ['is the one that was found', {}, { kind: 'found', recordId: ACCOUNT_ID, via: 'link' }, { AccountId: ACCOUNT_ID }],
    ['is none where the rules want none', {}, null, {}],
  ])('%s', (_title, org, account, expected) => {
    const { records } = plan([[candidate('alpha', { settings }), { ...create, account }]], orgView(org));
    expect(records).toHaveLength(1);
    expect(records[0]?.fields['AccountId']).toBe(expected.AccountId);
  });

  it('is none where it cannot be made; the Contact is', () => {
    const org = orgView({ fields: { Account: [field('Industry__c', { nillable: false })] } });
    const planned = plan([[candidate('alpha', { settings }), create]], org);
    expect(planned.records).toMatchObject([{ object: 'Contact', references: {} }]);
    expect(decisionOf(planned, candidate()).steps).toContainEqual({
      step: 'Account of the new Contact',
      outcome: 'left out: Account needs a value for Industry__c (Industry__c), and this booking gives none.',
    });
  });
});

describe('a Person Account', () => {
  const org = orgView({ personAccounts: true });

  it('is pointed at as WhatId first, and gives its contact in the next turn', () => {
    const one = candidate();
    const planned = plan([[one, { person: { kind: 'create', object: 'PersonAccount' } }]], org);
    const account = recordOf(planned, 'PersonAccount');
    expect(account).toMatchObject({ sobject: 'Account', keyField: 'Booking_Customer_Id__c', key: 'c-alpha' });
    expect(account.fields).toMatchObject({ LastName: 'alpha', PersonEmail: 'alpha@example.test' });
    expect(planned.events).toMatchObject([{ who: null, what: { row: account } }]);
    expect(decisionOf(planned, one)).toMatchObject({
      expected: { isStale: true },
      parts: { relations: { state: 'waiting', isRetried: true } },
    });
  });

  it.each([
    ['by its contact', foundPersonAccount(), { who: { recordId: CONTACT_ID }, what: null }],
    [
      'by itself where the user sees no contact',
      foundPersonAccount({ whoId: null }),
      { who: null, what: { recordId: ACCOUNT_ID } },
    ],
  ])('that is there is pointed at %s', (_title, person, expected) => {
    const { events } = plan([[candidate(), { person }]], org);
    expect(events).toMatchObject([expected]);
  });
});

describe('an Opportunity that stands for the customer', () => {
  const settings = settingsWith({
    rules: { unknownCustomer: 'Opportunity', searchOrder: ['Opportunity'] },
    required: { Opportunity: { StageName: { text: 'Prospecting' } } },
  });
  const create = { person: { kind: 'create', object: 'Opportunity' } } as const;

  it('is made by the booking’s key, with the customer’s id as a field', () => {
    const planned = plan([[candidate('alpha', { settings }), create]]);
    const row = recordOf(planned, 'Opportunity');
    expect(row).toMatchObject({
      part: 'person',
      keyField: 'Booking_Id__c',
      key: 'cal:uid-alpha',
      fields: { Booking_Customer_Id__c: 'c-alpha', StageName: 'Prospecting', CloseDate: '2026-10-07' },
    });
    expect(planned.events).toMatchObject([{ who: null, what: { row } }]);
  });

  it('is one for all bookings of a customer, and of another customer with the same name', () => {
    const named = (name: string) =>
      candidate(name, { settings, event: { customer: customer(`${name}@example.test`, { name: 'Anna Berg' }) } });
    expect(
      plan([
        [named('alpha'), create],
        [named('beta'), create],
      ]).records,
    ).toHaveLength(1);
    const other = candidate('beta', { settings, event: { customer: customer('alpha@example.test', { name: 'Bo' }) } });
    expect(
      plan([
        [named('alpha'), create],
        [other, create],
      ]).records,
    ).toHaveLength(2);
  });

  it('is pointed at where it is there', () => {
    const person = foundPerson({ object: 'Opportunity', recordId: OPPORTUNITY_ID, whoId: null });
    const { events } = plan([[candidate('alpha', { settings }), { person }]]);
    expect(events).toMatchObject([{ who: null, what: { recordId: OPPORTUNITY_ID } }]);
  });
});
