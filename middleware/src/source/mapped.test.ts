import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { BookingEvent } from '../booking/booking-event';
import { foldBooking } from '../booking/fold';
import { raw } from '../../test/fixtures/source/build';
import { anySpoilt, assertWellFormed } from '../../test/fixtures/source/check';
import { findKind, kinds } from './kinds';
import { createMappedSource } from './mapped';
import { type MappingDocument, parseMapping, readMapping } from './mapping';
import { type Arrival, SignatureMismatchError, type SourceKind } from './source';
import { standard } from './standard';

const FIXTURES = join(__dirname, '../../test/fixtures/source/mapped');
const fixture = (file: string): Buffer => readFileSync(join(FIXTURES, file));

const ARRIVAL: Arrival = { headers: {}, receivedAt: new Date('2027-02-20T08:20:00Z') };
const MAPPING: MappingDocument = {
  name: 'acme',
  kind: "$exists(kind) ? kind : 'scheduled'",
  bookingKey: 'id',
  occurredAt: '$receivedAt',
  startsAt: 'start',
  durationMinutes: '30',
};
const BODY = { id: 7, start: '2027-03-02T09:00:00Z' };

const mapped = (change: Partial<MappingDocument> = {}): SourceKind =>
  createMappedSource(readMapping({ ...MAPPING, ...change }));

function eventsOf(source: SourceKind, body: Buffer, arrival = ARRIVAL): BookingEvent[] {
  const translation = source.translate(body, arrival);
  if (!('events' in translation)) throw new Error(`Expected events, got ${JSON.stringify(translation)}`);
  return translation.events;
}

const eventOf = (change: Partial<MappingDocument>, body: unknown = BODY): BookingEvent =>
  eventsOf(mapped(change), raw(body))[0]!;

describe('translate of a mapped body', () => {
  it('takes what is needed and leaves the rest open', () => {
    expect(eventOf({})).toMatchObject({
      kind: 'scheduled',
      bookingKey: '7',
      occurredAt: '2027-02-20T08:20:00.000Z',
      endsAt: '2027-03-02T09:30:00.000Z',
      customer: null,
      answers: null,
    });
  });

  it('checks and cleans what expressions give, as of any other source', () => {
    const event = eventOf(
      {
        customer: { email: 'email', name: "' Pilar '", phone: 'phone' },
        host: { email: "'nobody'" },
        guests: "['sam@visitor.example', email]",
        answers: { Note: 'note', 'Salesforce id': "'00Q5g00000AbCdEEAV'", Empty: "''" },
        campaign: "{'utm_source': 'newsletter', 'utm_term': missing}",
        joinUrl: "'javascript:alert(1)'",
        timeZone: "'Europe/Berlin'",
        sequence: "'3'",
        payment: { amount: "'12.50'", currency: "'usd'" },
      },
      { ...BODY, email: ' pilar.reyes@visitor.example ', phone: 4165550101, note: '\u0000 \ud800 note' },
    );
    expect(event).toMatchObject({
      customer: { email: 'pilar.reyes@visitor.example', name: 'Pilar', phone: '4165550101' },
      host: null,
      guests: [{ email: 'sam@visitor.example' }],
      answers: { Note: '\ufffd note' },
      campaign: { utm_source: 'newsletter' },
      recordId: '00Q5g00000AbCdEEAV',
      joinUrl: null,
      timeZone: 'Europe/Berlin',
      sequence: 3,
      payment: { amount: 12.5, currency: 'USD', reference: null },
    });
    assertWellFormed({ events: [event] });
  });

  it('takes each booking of a body that has several, leaving out those that are not meant', () => {
    const change = { each: 'list', when: "state = 'on'", subject: '$body.title & id' };
    const list = [
      { ...BODY, state: 'on' },
      { ...BODY, id: 8 },
      { ...BODY, id: 9, state: 'on' },
    ];
    expect(eventsOf(mapped(change), raw({ title: 'T', list })).map(({ subject }) => subject)).toEqual(['T7', 'T9']);
    expect(mapped(change).translate(raw({ list: [list[0], { state: 'on' }] }), ARRIVAL)).toEqual({
      refused: [
        { field: '[1].bookingKey', error: expect.stringContaining('expected the id of the booking') },
        { field: '[1].startsAt', error: expect.stringContaining('got nothing') },
      ],
    });
    expect(mapped(change).translate(raw({ list: Array.from({ length: 101 }, () => BODY) }), ARRIVAL)).toEqual({
      refused: [{ field: 'each', error: 'gives more than 100 bookings' }],
    });
  });

  it('takes a list as the body, and a single booking for a list', () => {
    expect(eventsOf(mapped({ each: '$' }), raw([BODY, { ...BODY, id: 8 }]))).toHaveLength(2);
    expect(eventsOf(mapped({ each: 'list' }), raw({ list: BODY }))).toHaveLength(1);
  });

  it.each([
    ['a condition that is false', { when: "type = 'booking'" }, 'its condition (when) is not true'],
    ['a condition that gives nothing', { when: 'nothing' }, 'its condition (when) is not true'],
    ['a condition that gives a text', { when: "'yes'" }, 'its condition (when) is not true'],
    ['a list that is empty', { each: 'none' }, 'each finds no booking in it'],
  ])('ignores a body with %s', (_title, change, why) => {
    expect(mapped(change).translate(raw(BODY), ARRIVAL)).toEqual({
      ignored: `The mapping acme does not apply to this body: ${why}.`,
    });
  });

  it.each([
    ['a kind that is none', {}, { ...BODY, kind: 'booked' }, ['kind']],
    ['a time without a zone', {}, { ...BODY, start: '2027-03-02T09:00:00' }, ['startsAt']],
    ['everything missing', {}, {}, ['bookingKey', 'startsAt']],
    ['an expression that fails', { subject: '$number(start)' }, BODY, ['subject']],
    ['a condition that fails', { when: '$number(start) > 1' }, BODY, ['when']],
    ['a number', {}, 7, ['bookingKey', 'startsAt']],
  ])('refuses %s, naming the field', (_title, change, body, fields) => {
    const translation = mapped(change).translate(raw(body), ARRIVAL);
    expect('refused' in translation && translation.refused.map(({ field }) => field)).toEqual(fields);
  });

  it('refuses a mapping that reads the time of receipt where there is none', () => {
    expect(mapped().translate(raw(BODY))).toMatchObject({ refused: [{ field: 'occurredAt' }] });
  });

  it('shows expressions the headers, without those that carry secrets', () => {
    const headers = {
      'X-Event': ['made', 'moved'],
      'X-My-Token': 'secret',
      Authorization: 'Bearer secret',
      cookie: 'secret',
    };
    const source = mapped({ tokenHeader: 'x-my-token', subject: '$string($headers)' });
    const [event] = eventsOf(source, raw(BODY), { ...ARRIVAL, headers });
    expect(event!.subject).toBe('{"x-event":"made, moved"}');
  });

  describe('of a form', () => {
    const FORM = Buffer.from('id=7&start=2027-03-02T09%3A00%3A00Z&tag=a&tag=b&name=Jos%C3%A9+R');
    const change = { subject: '$join(tag)', customer: { name: 'name' } };
    it.each([
      ['that says so', { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }, change],
      ['that says nothing', {}, change],
      ['that the mapping expects', { 'content-type': 'text/plain' }, { ...change, body: 'form' as const }],
    ])('takes one %s', (_title, headers, mapping) => {
      const [event] = eventsOf(mapped(mapping), FORM, { ...ARRIVAL, headers });
      expect(event).toMatchObject({ bookingKey: '7', subject: 'ab', customer: { name: 'José R' } });
    });

    it('takes JSON inside a field', () => {
      const form = new URLSearchParams({ payload: JSON.stringify(BODY) }).toString();
      expect(eventsOf(mapped({ each: '$parseJson(payload)' }), Buffer.from(form))[0]!.bookingKey).toBe('7');
    });

    it.each([
      ['that is said to be JSON', { 'content-type': 'application/json' }, {}],
      ['where the mapping expects JSON', {}, { body: 'json' as const }],
    ])('refuses one %s', (_title, headers, mapping) => {
      expect(mapped(mapping).translate(FORM, { ...ARRIVAL, headers })).toMatchObject({ refused: [{ field: 'body' }] });
    });

    it('refuses 1,001 fields', () => {
      const body = Buffer.from('a=1&'.repeat(1001));
      expect(mapped().translate(body, ARRIVAL)).toEqual({
        refused: [{ field: 'body', error: 'has more than 1000 form fields' }],
      });
    });
  });

  it.each([['a body of its own', { id: 7, start: '2027-03-02T09:00:00Z', text: `${'a'.repeat(40)}!` }]])(
    'ends within its time for an expression that does not end, with %s',
    (_title, body) => {
      const startedAt = performance.now();
      const source = mapped({
        subject: '$contains(text, /^(a+)+$/)',
        deliveryKey: '$string($contains(text, /^(a+)+$/))',
      });
      expect(source.translate(raw(body), ARRIVAL)).toMatchObject({ refused: [{ field: 'mapping' }] });
      expect(source.deliveryKey({}, raw(body))).toMatch(/^sha256:/);
      expect(performance.now() - startedAt).toBeLessThan(8000);
    },
  );
});

describe('verify of a mapped delivery', () => {
  const outcome = (headers: Record<string, string | string[]>, change: Partial<MappingDocument> = {}): unknown => {
    try {
      return mapped(change).verify(headers, Buffer.from('{}'), ['old', '', 'new'], new Date()).secretIndex;
    } catch (error) {
      if (!(error instanceof SignatureMismatchError)) throw error;
      return error.code;
    }
  };

  it.each([
    ['the token', { 'X-Booking-Token': 'new' }, {}, 2],
    ['the token as bearer', { authorization: 'Bearer old' }, {}, 0],
    ['the token in a header of another name', { 'x-acme': 'new' }, { tokenHeader: 'X-Acme' }, 2],
    ['the usual header where another is expected', { 'x-booking-token': 'new' }, { tokenHeader: 'X-Acme' }, 'missing'],
    ['another token', { 'x-booking-token': 'newer' }, {}, 'mismatch'],
    ['the start of the token', { 'x-booking-token': 'ne' }, {}, 'mismatch'],
    ['the token twice', { 'x-booking-token': ['new', 'new'] }, {}, 'mismatch'],
    ['a wrong token beside a right bearer', { 'x-booking-token': 'x', authorization: 'Bearer new' }, {}, 'mismatch'],
    ['an empty token', { 'x-booking-token': '' }, {}, 'missing'],
    ['an empty bearer', { authorization: 'Bearer ' }, {}, 'missing'],
    ['another scheme', { authorization: 'Basic new' }, {}, 'missing'],
    ['nothing', {}, {}, 'missing'],
  ])('with %s', (_title, headers, change, expected) => {
    expect(outcome(headers as Record<string, string>, change)).toBe(expected);
  });

  it('names the header that it expects', () => {
    expect(() => mapped({ tokenHeader: 'X-Acme' }).verify({}, Buffer.alloc(0), ['a'], new Date())).toThrow('X-Acme');
  });
});

describe('deliveryKey of a mapped delivery', () => {
  it.each([
    ['the digest of the bytes', undefined, /^sha256:[0-9a-f]{64}$/],
    ['what the expression gives', "'d-' & id", /^d-7$/],
    ['a digest of a key that cannot be one', "'Bücher ' & id", /^key:[0-9a-f]{64}$/],
    ['the digest of the bytes where the expression gives nothing', 'missing', /^sha256:/],
    ['the digest of the bytes where the expression fails', '$number(start)', /^sha256:/],
    ['made of a header', '$headers."x-id"', /^h1$/],
  ])('is %s', (_title, deliveryKey, expected) => {
    const source = mapped(deliveryKey === undefined ? {} : { deliveryKey });
    expect(source.deliveryKey({ 'X-Id': 'h1' }, raw(BODY))).toMatch(expected);
  });
});

describe('10to8', () => {
  const source = kinds.get('mapped:10to8')!;

  it('takes a body of an automation', () => {
    expect(eventsOf(source, fixture('10to8.created.json'))).toMatchObject([
      {
        kind: 'scheduled',
        bookingKey: '998877',
        occurredAt: '2027-02-20T08:15:30.000Z',
        startsAt: '2027-03-02T09:00:00.000Z',
        endsAt: '2027-03-02T09:45:00.000Z',
        page: { id: 'Kitchen planning', name: 'Kitchen planning' },
        host: { email: 'noor.haddad@host.example', name: 'Noor Haddad' },
        customer: { email: 'pilar.reyes@visitor.example', name: 'Pilar Reyes', phone: '+1 416 555 0101' },
        answers: { Company: 'Reyes Joinery' },
        campaign: { utm_source: 'newsletter' },
      },
    ]);
  });

  it("takes the item of the trigger of Microsoft's connector as it is", () => {
    expect(eventsOf(source, fixture('10to8.trigger.json'))).toMatchObject([
      {
        kind: 'scheduled',
        bookingKey: '998877',
        occurredAt: '2027-02-20T08:20:00.000Z',
        subject: 'Kitchen planning',
        page: null,
        host: null,
        customer: { email: 'pilar.reyes@visitor.example', name: 'Pilar Reyes', phone: null },
      },
    ]);
  });

  it.each([
    ['booking.rescheduled', 'rescheduled'],
    ['booking.cancelled', 'canceled'],
    ['booking.canceled', 'canceled'],
    ['booking.completed', 'completed'],
    ['booking.no_show', 'noShow'],
    ['booking.updated', 'updated'],
  ])('reads %s', (event, kind) => {
    const body = { ...(JSON.parse(fixture('10to8.created.json').toString()) as object), event };
    expect(eventsOf(source, raw(body))[0]!.kind).toBe(kind);
  });

  it('refuses an event that it does not know', () => {
    const body = { ...(JSON.parse(fixture('10to8.created.json').toString()) as object), event: 'booking.made' };
    expect(source.translate(raw(body), ARRIVAL)).toMatchObject({ refused: [{ field: 'kind' }] });
  });
});

describe('YouCanBookMe', () => {
  const source = kinds.get('mapped:youcanbookme')!;
  const CREATED = fixture('youcanbookme.created.json').toString();

  it('takes a body by the template, without the places that were left unfilled', () => {
    expect(eventsOf(source, Buffer.from(CREATED))).toMatchObject([
      {
        kind: 'scheduled',
        bookingKey: 'ABCD-1234-EFGH',
        occurredAt: '2027-02-20T08:20:00.000Z',
        startsAt: '2027-03-02T09:00:00.000Z',
        endsAt: '2027-03-02T09:45:00.000Z',
        subject: 'Kitchen planning',
        page: { id: 'kitchen', name: 'Kitchen planning' },
        host: { email: 'noor.haddad@host.example' },
        customer: { email: 'pilar.reyes@visitor.example', name: 'Pilar Reyes', phone: null },
        answers: { note: 'Second floor' },
        recordId: null,
      },
    ]);
  });

  it('takes texts that break the JSON', () => {
    expect(eventsOf(source, fixture('youcanbookme.broken.txt'))).toMatchObject([
      {
        kind: 'rescheduled',
        bookingKey: 'ABCD-1234-EFGH',
        customer: {
          firstName: 'Pilar "Pili"',
          lastName: 'Reyes\\',
          email: 'pilar.reyes@visitor.example',
          phone: '+1 416 555 0101',
        },
        answers: { note: 'Second floor,\nno "lift".\nSee c:\\plans, "urgent" },' },
      },
    ]);
  });

  it('takes texts that were escaped', () => {
    const body = CREATED.replace('"Pilar"', '"Jos\\u00e9 \\"Pepe\\""');
    expect(eventsOf(source, Buffer.from(body))[0]!.customer!.firstName).toBe('José "Pepe"');
  });

  it('lets no visitor change another booking, whatever he types into a name', () => {
    const [event] = eventsOf(source, fixture('youcanbookme.forged.txt'));
    expect(event).toMatchObject({
      kind: 'scheduled',
      bookingKey: 'ABCD-1234-EFGH',
      startsAt: '2027-03-02T09:00:00.000Z',
      customer: { email: 'pilar.reyes@visitor.example' },
    });
    const typed = fc.array(
      fc.oneof(
        fc.string(),
        fc.constantFrom('","', '"', ',', '\n', '"ref":"Z"', '","ref": "Z', '"event": "', '","start":"', '}', '\\'),
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(typed, typed, (first, note) => {
        const body = CREATED.replace('"Pilar"', () => `"${first.join('')}"`).replace('Second floor', () =>
          note.join(''),
        );
        const [found] = eventsOf(source, Buffer.from(body));
        assertWellFormed({ events: [found!] });
        return (
          found!.kind === 'scheduled' &&
          found!.bookingKey === 'ABCD-1234-EFGH' &&
          found!.startsAt === '2027-03-02T09:00:00.000Z' &&
          found!.host!.email === 'noor.haddad@host.example'
        );
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    [
      'a code for the reference that YouCanBookMe does not know',
      CREATED.replace('ABCD-1234-EFGH', '{REF}'),
      'bookingKey',
    ],
    ['a body that ends early', CREATED.slice(0, 300), 'body'],
    ['a body of another template', '{"id": "7"}', 'body'],
    ['an event that is not in the template', CREATED.replace('booking.created', 'made'), 'kind'],
    ['an empty body', '', 'body'],
  ])('refuses %s', (_title, body, field) => {
    expect(source.translate(Buffer.from(body), ARRIVAL)).toMatchObject({ refused: [{ field }] });
  });

  it('takes the same bytes again an hour later, when a booking was moved there and back', () => {
    const keyAt = (time: string): string => source.deliveryKey({}, Buffer.from(CREATED), new Date(time));
    expect(keyAt('2027-02-20T08:00:00Z')).toBe(keyAt('2027-02-20T08:59:59Z'));
    expect(keyAt('2027-02-20T08:00:00Z')).not.toBe(keyAt('2027-02-20T09:00:00Z'));
  });

  it('follows a booking through its life, by the order of arrival', () => {
    const words = ['booking.created', 'booking.rescheduled', 'booking.cancelled'];
    const events = words.flatMap((word, index) =>
      eventsOf(source, Buffer.from(CREATED.replace('booking.created', word)), {
        headers: {},
        receivedAt: new Date(ARRIVAL.receivedAt.getTime() + index * 60_000),
      }),
    );
    expect(foldBooking(events)).toMatchObject({ status: 'Canceled' });
  });
});

describe('docs/sources/mapped.md', () => {
  const page = readFileSync(join(__dirname, '../../../docs/sources/mapped.md'), 'utf8');
  const [body, mapping, tenToEight, trigger, template] = [...page.matchAll(/```json\n(.*?)```/gs)].map(
    (found) => found[1]!,
  ) as [string, string, string, string, string];

  it('has a mapping that makes a booking of its body', () => {
    const source = createMappedSource(parseMapping(Buffer.from(mapping)));
    expect(source.translate(Buffer.from(body), ARRIVAL)).toMatchObject({
      events: [
        {
          kind: 'scheduled',
          bookingKey: '7731',
          occurredAt: '2027-03-03T08:00:00.000Z',
          startsAt: '2027-03-02T09:00:00.000Z',
          endsAt: '2027-03-02T09:45:00.000Z',
          timeZone: 'Europe/Berlin',
          subject: 'Kitchen planning',
          page: { id: 'kitchen' },
          host: { email: 'noor.haddad@host.example' },
          customer: { name: 'Pilar Reyes', company: 'Reyes Joinery', phone: '+1 416 555 0101' },
          answers: { Company: 'Reyes Joinery', 'How many rooms?': '2' },
          recordId: '00Q5g00000AbCdEEAV',
          campaign: { utm_source: 'newsletter' },
        },
      ],
    });
  });

  it('has expressions for times that give what they say', () => {
    const sent = { sent: 1804060800, start: '2027-03-02 10:00', zone: 'Europe/Berlin' };
    const expressions = [...page.matchAll(/^\| `?[^|]*\| `(\$(?:fromMillis|zonedTime)[^|]*?)`/gm)].map(
      (found) => found[1]!,
    );
    expect(expressions.length).toBeGreaterThanOrEqual(5);
    const starts: Record<string, string> = {
      '[M01]': '03/02/2027 10:00 +01:00',
      '$toMillis(start))': '2027-03-02T10:00:00+0100',
    };
    for (const expression of expressions) {
      const start = Object.entries(starts).find(([part]) => expression.includes(part))?.[1] ?? sent.start;
      const milliseconds = expression === '$fromMillis(sent)' ? sent.sent * 1000 : sent.sent;
      const event = eventOf({ startsAt: expression }, { ...BODY, ...sent, sent: milliseconds, start });
      expect([expression, event.startsAt]).toEqual([
        expression,
        expression.includes('sent') ? '2027-03-03T08:00:00.000Z' : '2027-03-02T09:00:00.000Z',
      ]);
    }
  });

  it('has bodies for 10to8 that are taken', () => {
    for (const written of [tenToEight, trigger]) {
      const [event] = eventsOf(kinds.get('mapped:10to8')!, Buffer.from(written));
      expect(event).toMatchObject({ kind: 'scheduled', bookingKey: '998877', customer: { phone: '+1 416 555 0101' } });
    }
  });

  it('has a template for YouCanBookMe that is taken once its codes are filled', () => {
    const codes: Record<string, string> = {
      REF: 'ABCD',
      'START-ISO': '2027-03-02T09:00:00Z',
      'END-ISO': '2027-03-02T09:30:00Z',
      FNAME: 'Pilar "P"',
      EMAIL: 'pilar@visitor.example',
    };
    const filled = template.replace(/\{([A-Z-]+)\}/g, (code, name: string) => codes[name] ?? code);
    const [event] = eventsOf(kinds.get('mapped:youcanbookme')!, Buffer.from(filled));
    expect(event).toMatchObject({
      bookingKey: 'ABCD',
      reason: null,
      customer: { firstName: 'Pilar "P"', lastName: null, email: 'pilar@visitor.example' },
    });
  });
});

describe('any body of a mapped source', () => {
  const sources: [string, SourceKind, Buffer[]][] = [
    ['10to8', kinds.get('mapped:10to8')!, ['10to8.created.json', '10to8.trigger.json'].map(fixture)],
    ['YouCanBookMe', kinds.get('mapped:youcanbookme')!, [fixture('youcanbookme.created.json')]],
    [
      'a mapping that takes anything',
      mapped({
        kind: '$.*[0]',
        bookingKey: '**.booking_id',
        occurredAt: 'start ? start : $receivedAt',
        endsAt: 'end',
        allDay: 'event',
        customer: { email: '$string($)', name: 'customer_name', phone: '$' },
        guests: '$.*',
        answers: '$',
        campaign: '$',
        page: { id: '$keys($)' },
        deliveryKey: '$string($)',
      }),
      [fixture('10to8.created.json')],
    ],
  ];

  it.each(sources)('of %s is well formed', (_title, source, bodies) => {
    fc.assert(
      fc.property(anySpoilt(bodies), (body) => {
        assertWellFormed(source.translate(body, ARRIVAL));
        return /^[!-~]{1,300}$/.test(source.deliveryKey({}, body, ARRIVAL.receivedAt));
      }),
      { numRuns: 400 },
    );
  });
});

describe('kinds', () => {
  it('has the format of our own and the ready-made mappings', () => {
    expect(kinds.get('standard')).toBe(standard);
    expect(
      [...kinds].filter(([name]) => name.startsWith('mapped')).map(([name, source]) => [name, source.kind]),
    ).toEqual([
      ['mapped:10to8', 'mapped:10to8'],
      ['mapped:youcanbookme', 'mapped:youcanbookme'],
    ]);
  });

  it('makes the kind of a source that has a mapping of its own', () => {
    expect(findKind('mapped', JSON.parse(JSON.stringify(MAPPING)))!.kind).toBe('mapped:acme');
    expect(findKind('calcom')).toBe(kinds.get('calcom'));
    expect(findKind('nothing')).toBeUndefined();
    expect(() => findKind('mapped')).toThrow('The mapping cannot be used');
  });
});
