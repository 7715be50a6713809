import {
  ACCOUNT_ID,
  candidate,
  CONTACT_ID,
  EVENT_ID,
  HOST_ID,
  LEAD_ID,
  settingsWith,
  written,
} from '../../test/support/candidate';
import { foundContact, foundPerson, linked, liveEvent, plan } from '../../test/support/plan';
import { field, orgView, picklist } from '../../test/support/schema';
import { toDryBooking } from './dry-run';

describe('toDryBooking', () => {
  it('tells every field of a new record, and what sets it', () => {
    const one = candidate();
    const dry = toDryBooking(one, plan([[one]]));
    expect(dry).toMatchObject({ bookingId: 'cal:uid-alpha', status: 'Scheduled' });
    const [lead, event] = dry.writes;
    expect(lead).toMatchObject({ action: 'create', sobject: 'Lead', recordId: null });
    expect(lead?.fields).toContainEqual({
      field: 'LastName',
      before: null,
      after: 'alpha',
      rule: 'set by customer.lastName',
    });
    expect(lead?.fields).toContainEqual({
      field: 'OwnerId',
      before: null,
      after: HOST_ID,
      rule: 'set by the rule owner',
    });
    expect(event).toMatchObject({ action: 'create', sobject: 'Event', recordId: null });
    expect(event?.fields).toContainEqual({
      field: 'WhoId',
      before: null,
      after: 'the new Lead c-alpha',
      rule: 'set by the match',
    });
    expect(event?.fields.map((each) => each.field)).not.toContain('WhatId');
  });

  it('tells what a field holds now', () => {
    const settings = settingsWith({ rows: { Lead: [{ field: 'Title', from: 'page.name' }] } });
    const one = candidate('alpha', { settings, written: written(), state: { status: 'Canceled' } });
    const org = orgView({ fields: { Lead: [field('Title')] } });
    const dry = toDryBooking(
      one,
      plan([[one, { event: liveEvent(), person: foundPerson({}, { Title: 'CEO' }) }]], org),
    );
    expect(dry.writes).toEqual([
      {
        action: 'update',
        sobject: 'Lead',
        recordId: LEAD_ID,
        fields: [{ field: 'Title', before: 'CEO', after: 'Product demo', rule: 'set by page.name' }],
      },
      {
        action: 'update',
        sobject: 'Event',
        recordId: EVENT_ID,
        fields: [
          { field: 'Subject', before: 'Product demo', after: 'Canceled: Product demo', rule: 'set by booking.subject' },
          { field: 'Event_Status__c', before: 'Scheduled', after: 'Canceled', rule: 'set by booking.status' },
        ],
      },
    ]);
  });

  it('tells the records that an Event points at', () => {
    const one = candidate();
    const { writes } = toDryBooking(
      one,
      plan([[one, { person: foundContact(), related: linked('Account', ACCOUNT_ID) }]]),
    );
    expect(writes).toHaveLength(1);
    expect(writes[0]?.fields).toEqual(
      expect.arrayContaining([
        { field: 'WhoId', before: null, after: CONTACT_ID, rule: 'set by the match' },
        { field: 'WhatId', before: null, after: ACCOUNT_ID, rule: 'set by the match' },
      ]),
    );
  });

  it('tells a deletion', () => {
    const settings = settingsWith({ rules: { cancel: 'delete' } });
    const one = candidate('alpha', { settings, written: written(), state: { status: 'Canceled' } });
    const { writes } = toDryBooking(one, plan([[one, { event: liveEvent(), person: foundPerson() }]]));
    expect(writes).toEqual([{ action: 'delete', sobject: 'Event', recordId: EVENT_ID, fields: [] }]);
  });

  it('tells each of two bookings the record that they share', () => {
    const both = [candidate('alpha', { customerId: 'c-1' }), candidate('beta', { customerId: 'c-1' })] as const;
    const plans = plan(both.map((one) => [one]));
    for (const one of both)
      expect(toDryBooking(one, plans).writes.map(({ sobject }) => sobject)).toEqual(['Lead', 'Event']);
    const { fields } = toDryBooking(both[1], plans).writes[0]!;
    expect(fields[0]?.rule).toBe('set for another booking of the batch');
  });

  it('tells what would wait for a human, though the Event would be written', () => {
    const org = orgView({ fields: { Event: [picklist('Event_Status__c', ['Canceled'])] } });
    const one = candidate();
    const { parts, writes } = toDryBooking(one, plan([[one, { person: foundPerson() }]], org));
    expect(parts.event).toMatchObject({ state: 'parked', code: 'STATUS_NOT_IN_PICKLIST' });
    expect(writes.map(({ sobject }) => sobject)).toEqual(['Event']);
  });
});
