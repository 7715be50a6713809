import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { BOOKING_EVENT_KINDS, type BookingEvent, type JsonValue } from '../booking/booking-event';
import { foldBooking } from '../booking/fold';
import type { SignatureVector } from '../../test/fixtures/source/build';
import { acuity, acuitySignature } from './acuity';
import { SourceApiError } from '../booking/completion';
import { SignatureMismatchError } from './source';

const FIXTURES = join(__dirname, '../../test/fixtures/source/acuity');
const read = (name: string) => JSON.parse(readFileSync(join(FIXTURES, `${name}.json`), 'utf8')) as unknown;
const RECEIVED_AT = new Date('2027-02-20T08:20:00.000Z');
const ASKED_AT = new Date('2027-02-20T08:20:05.000Z');

const form = (action: string, more = '') =>
  Buffer.from(`action=${action}&id=90417&calendarID=77&appointmentTypeID=312${more}`);
const translated = (body: Buffer) => acuity.translate(body, { headers: {}, receivedAt: RECEIVED_AT });

function eventOf(action: string): BookingEvent {
  const translation = translated(form(action));
  if (!('events' in translation)) throw new Error(`Expected an event, got ${JSON.stringify(translation)}`);
  return translation.events[0]!;
}

const ask = (event: BookingEvent, change: Record<string, unknown> = {}, askedAt = ASKED_AT) => {
  const answer = { ...(read('appointment') as object), ...change } as JsonValue;
  const paths: string[] = [];
  const api = { get: (path: string) => (paths.push(path), Promise.resolve(answer)) };
  return acuity.complete!.ask(event, api, askedAt).then((events) => ({ events, paths }));
};

describe('verify of an Acuity delivery', () => {
  const { vectors } = read('signature') as { vectors: SignatureVector[] };
  it.each(vectors.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
    const verify = () => acuity.verify(vector.headers, Buffer.from(vector.rawBody!), ['', vector.secret!], new Date());
    if (vector.expect === 'valid') expect(verify()).toEqual({ secretIndex: 1 });
    else expect(verify).toThrow(SignatureMismatchError);
  });

  it.each([
    ['missing', undefined],
    ['malformed', 'ff0ee489f4ee794ff5dd5db00279bcbd086b602d47127f2be1860c3ce5fd5795'],
    ['mismatch', acuitySignature('another key', form('scheduled'))],
    ['mismatch', acuitySignature('', form('scheduled'))],
  ])('says %s', (code, header) => {
    const verify = () => acuity.verify({ 'x-acuity-signature': header }, form('scheduled'), ['key', ''], new Date());
    expect(verify).toThrow(expect.objectContaining({ code }));
  });
});

describe('translate of an Acuity body', () => {
  it.each([
    ['scheduled', 'scheduled'],
    ['appointment.scheduled', 'scheduled'],
    ['rescheduled', 'rescheduled'],
    ['canceled', 'canceled'],
    ['changed', 'updated'],
  ])('says of %s what happened, to which appointment, and no times', (action, kind) => {
    const event = eventOf(action);
    expect(event).toMatchObject({
      kind,
      bookingKey: '90417',
      occurredAt: RECEIVED_AT.toISOString(),
      startsAt: null,
      page: { id: '312', name: null },
      host: { id: '77', email: null, name: null },
    });
    expect(acuity.complete!.isNeeded(event)).toBe(true);
  });

  it.each([
    ['an order', 'action=order.completed&id=1', 'order.completed is of an order, not of a booking.'],
    ['an action that is not known', 'action=booking_connector.test&id=x', 'booking_connector.test is not known.'],
  ])('ignores %s', (_title, body, ignored) => expect(translated(Buffer.from(body))).toEqual({ ignored }));

  it.each([
    ['nothing', '', 'body'],
    ['JSON', '{"action":"scheduled","id":"1"}', 'body'],
    ['bytes that are no text', Buffer.from([0x61, 0x3d, 0xff]), 'body'],
    ['no action', 'id=1', 'action'],
    ['no id', 'action=scheduled', 'id'],
    ['an id that is none', 'action=scheduled&id=../me', 'id'],
  ])('refuses %s', (_title, body, field) =>
    expect(translated(Buffer.from(body))).toMatchObject({ refused: [{ field }] }),
  );

  it('never throws, and knows each receipt by a short key of its own', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webQueryParameters().map((text) => `action=changed&${text}`),
        ),
        (text) => {
          const body = Buffer.from(text);
          expect(Object.keys(translated(body))).toHaveLength(1);
          expect(acuity.deliveryKey({}, body, RECEIVED_AT)).toMatch(/^[!-~]{1,300}$/);
        },
      ),
    );
    const keyAt = (at: Date) => acuity.deliveryKey({}, form('rescheduled'), at);
    expect(keyAt(RECEIVED_AT)).toBe(keyAt(RECEIVED_AT));
    expect(keyAt(RECEIVED_AT)).not.toBe(keyAt(ASKED_AT));
  });
});

describe('what the API of Acuity tells', () => {
  it('is everything of the appointment, as it was when it was asked for', async () => {
    const { events, paths } = await ask(eventOf('scheduled'));
    expect(paths).toEqual(['/api/v1/appointments/90417']);
    expect(events).toEqual([
      {
        kind: 'scheduled',
        bookingKey: '90417',
        replacesKey: null,
        replacedByKey: null,
        sequence: null,
        occurredAt: ASKED_AT.toISOString(),
        reason: null,
        actor: null,
        startsAt: '2027-03-02T17:15:00.000Z',
        endsAt: '2027-03-02T18:00:00.000Z',
        allDay: false,
        timeZone: 'America/Los_Angeles',
        subject: 'Site visit',
        page: { id: '312', name: 'Site visit' },
        host: { id: '77', email: null, name: 'Workshop' },
        customer: {
          id: null,
          email: 'Carrie@visitor.example',
          name: 'Carrie Visitor',
          firstName: 'Carrie',
          lastName: 'Visitor',
          phone: '+1 202-555-0100',
          company: 'Example Lifts',
          timeZone: 'America/Los_Angeles',
        },
        guests: null,
        answers: {
          notes: 'Ring twice',
          'Is this your first visit?': 'yes',
          Company: 'Example Lifts',
          labels: ['First visit'],
        },
        campaign: { utm_campaign: 'spring_fair' },
        recordId: '00QAa00000Bb1CcDEF',
        location: '12 Mill Lane',
        joinUrl: null,
        manageUrl: expect.stringContaining('https://acuityscheduling.com/'),
        cancelUrl: null,
        payment: null,
      },
    ]);
    expect(events.some((event) => acuity.complete!.isNeeded(event))).toBe(false);
  });

  it.each([
    ['scheduled', {}, ['scheduled']],
    ['rescheduled', {}, ['rescheduled']],
    ['changed', { noShow: undefined }, ['updated']],
    ['changed', { noShow: true }, ['updated', 'noShow']],
    ['changed', { noShow: false }, ['updated', 'noShowCleared']],
    ['scheduled', { canceled: true }, ['updated', 'canceled']],
    ['canceled', { canceled: true }, ['updated', 'canceled']],
    ['canceled', { canceled: false }, ['updated']],
  ])('after %s with %j is %j', async (action, change, kinds) => {
    const { events } = await ask(eventOf(action), change);
    expect(events.map(({ kind }) => kind)).toEqual(kinds);
    for (const { kind } of events) expect(BOOKING_EVENT_KINDS).toContain(kind);
  });

  it.each([
    ['another appointment', { id: 1 }],
    ['no time', { datetime: 'tomorrow' }],
    ['no length', { duration: '' }],
  ])('is no use with %s', async (_title, change) => {
    const error = await ask(eventOf('scheduled'), change).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SourceApiError);
    expect(error).toMatchObject({ isFinal: true });
  });

  it('gives the same state in any order: moved while canceled is asked for later, it stays canceled at its last times', async () => {
    const thin = ['scheduled', 'rescheduled', 'canceled'].map((action, index) => ({
      ...eventOf(action),
      occurredAt: new Date(RECEIVED_AT.getTime() + index * 1_000).toISOString(),
    }));
    const { events: first } = await ask(thin[0]!, {}, new Date('2027-02-20T08:20:00.500Z'));
    const moved = { datetime: '2027-03-03T10:15:00-0700', canceled: true };
    const { events: last } = await ask(thin[2]!, moved, ASKED_AT);
    const all = [...thin, ...first, ...last];
    const state = foldBooking(all);
    expect(state).toMatchObject({ status: 'Canceled', startsAt: '2027-03-03T17:15:00.000Z' });
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
        expect(foldBooking(shuffled)).toEqual(state);
      }),
    );
  });
});
