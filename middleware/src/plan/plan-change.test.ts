import {
  bookingState,
  candidate,
  CONTACT_ID,
  EVENT_FIELDS,
  HOST,
  settingsWith,
  written,
} from '../../test/support/candidate';
import { CANCELED, NOW, ownerOf } from '../../test/support/plan';
import { field, orgView, picklist } from '../../test/support/schema';
import type { BookingState } from '../booking/booking';
import type { Written } from '../booking/outcome';
import { planChange } from './plan-change';

const changeOf = (state: Partial<BookingState> = {}, before: Partial<Written> = {}, org = orgView()) =>
  planChange(candidate('alpha', { state, written: written(before) }), org, NOW);

describe('planChange', () => {
  it.each<[string, Partial<BookingState>, Record<string, unknown>]>([
    ['nothing', {}, {}],
    ['a cancel', { status: 'Canceled', reason: 'Ill' }, { ...CANCELED, Cancel_Reschedule_Reason__c: 'Ill' }],
    ['a no-show', { status: 'No-show' }, { Event_Status__c: 'No-show' }],
    ['a field that is empty now', { subject: null, page: null }, { Subject: null, Meeting_Type__c: null }],
    [
      'another start, with all times: alone it would take the end along',
      { status: 'Rescheduled', startsAt: '2026-10-07T04:45:00.000Z' },
      {
        Event_Status__c: 'Rescheduled',
        StartDateTime: '2026-10-07T04:45:00.000Z',
        EndDateTime: '2026-10-07T05:00:00.000Z',
        IsAllDayEvent: false,
      },
    ],
    [
      'a whole day instead',
      { startsAt: '2026-10-07', endsAt: '2026-10-08', allDay: true },
      { StartDateTime: '2026-10-07T00:00:00.000Z', EndDateTime: '2026-10-08T00:00:00.000Z', IsAllDayEvent: true },
    ],
  ])('writes %s', (_title, state, fields) => {
    expect(changeOf(state)?.fields).toEqual(fields);
  });

  it('writes a time instead of a whole day', () => {
    const midnight = '2026-10-07T00:00:00.000Z';
    const before = { ...EVENT_FIELDS, StartDateTime: midnight, EndDateTime: midnight, IsAllDayEvent: true };
    const { StartDateTime, EndDateTime, IsAllDayEvent } = EVENT_FIELDS;
    expect(changeOf({}, { fields: before })?.fields).toEqual({ StartDateTime, EndDateTime, IsAllDayEvent });
  });

  it('tells all fields as the Event will hold them', () => {
    expect(changeOf({ status: 'Canceled' })?.expected).toEqual({ ...EVENT_FIELDS, ...CANCELED });
  });

  it('writes a field that was mapped since', () => {
    const settings = settingsWith({ rows: { Event: [{ field: 'Notes__c', from: 'page.name' }] } });
    const org = orgView({ fields: { Event: [field('Notes__c')] } });
    expect(planChange(candidate('alpha', { settings, written: written() }), org, NOW)?.fields).toEqual({
      Notes__c: 'Product demo',
    });
  });

  it('needs no look for an owner rule: it counts with the first booking and another host only', () => {
    const settings = settingsWith({ rules: { owner: ownerOf('Lead', { onExisting: { kind: 'host' } }) } });
    const change = (host: string) =>
      planChange(
        candidate('alpha', { settings, written: written({ host }), state: { status: 'Canceled' } }),
        orgView(),
        NOW,
      );
    expect(change(HOST)?.fields).toEqual(CANCELED);
    expect(change('old@example.com')).toBeNull();
  });

  it('leaves a status that a restricted picklist lacks to the long way, which tells a human', () => {
    const org = orgView({ fields: { Event: [picklist('Event_Status__c', ['Scheduled'])] } });
    expect(changeOf({ status: 'No-show' }, {}, org)).toBeNull();
    expect(changeOf({ status: 'Scheduled' }, {}, org)).not.toBeNull();
  });

  it('never sends the person, the related record, the owner or our key', () => {
    const names = ['WhoId', 'WhatId', 'OwnerId', 'Booking_Id__c'];
    const settings = settingsWith({ rows: { Event: names.map((name) => ({ field: name, text: CONTACT_ID })) } });
    const one = candidate('alpha', {
      settings,
      written: written(),
      state: { status: 'Canceled', recordId: CONTACT_ID },
    });
    expect(planChange(one, orgView(), NOW)?.fields).toEqual(CANCELED);
  });

  describe('leaves it to a turn that reads first', () => {
    const everyLead = settingsWith({ rows: { Lead: [{ field: 'Title', from: 'answers.title' }] } });
    const filled = settingsWith({ rows: { Event: [{ field: 'Location', text: 'Office', when: 'onlyIfEmpty' }] } });

    it.each([
      ['a new booking', candidate()],
      [
        'a booking that turned out to be another one',
        candidate('alpha', { written: written(), booking: { mergedInto: 'x' } }),
      ],
      ['a booking of unknown times', candidate('alpha', { written: written(), state: { startsAt: null } })],
      ['a new host', candidate('alpha', { written: written({ host: 'old.host@example.com' }) })],
      ['a host who is not told any more', candidate('alpha', { written: written(), state: { host: null } })],
      [
        'a canceled booking that is revived: its Event may be deleted',
        candidate('alpha', { written: written({ status: 'Canceled' }) }),
      ],
      ['a booking whose person is not settled', candidate('alpha', { written: written({ person: null }) })],
      ['settings that may change the person', candidate('alpha', { settings: everyLead, written: written() })],
      ['settings that fill an empty field of the Event', candidate('alpha', { settings: filled, written: written() })],
    ])('%s', (_title, one) => {
      expect(planChange(one, orgView(), NOW)).toBeNull();
    });
  });

  it('does not read first for settings of an object that the person is not', () => {
    const settings = settingsWith({ rows: { Contact: [{ field: 'Title', from: 'answers.title' }] } });
    expect(planChange(candidate('alpha', { settings, written: written() }), orgView(), NOW)).not.toBeNull();
  });

  it('takes a canceled booking that stays canceled', () => {
    const one = candidate('alpha', { written: written({ status: 'Canceled' }) });
    const state = bookingState({}, { status: 'Canceled', reason: 'Ill' });
    expect(planChange({ ...one, booking: { ...one.booking, state } }, orgView(), NOW)?.fields).toMatchObject({
      Cancel_Reschedule_Reason__c: 'Ill',
    });
  });

  it('leaves a booking that it cannot plan to the turn that parks it, so that others go on', () => {
    const broken = candidate('alpha', { written: written() });
    Object.defineProperty(broken.booking.state, 'answers', {
      get: () => {
        throw new Error('spoilt');
      },
    });
    expect(planChange(broken, orgView(), NOW)).toBeNull();
  });
});
