import type { EventRow, Plan, RecordRow } from '../../src/plan/plan';

/** A new Lead of the customer `c-<name>`, for the booking of that name. */
export function personRow(name = 'alpha', more: Partial<RecordRow> = {}): RecordRow {
  const object = more.object ?? 'Lead';
  return {
    part: 'person',
    object,
    sobject: object === 'PersonAccount' ? 'Account' : object,
    recordId: null,
    keyField: 'Booking_Customer_Id__c',
    key: `c-${name}`,
    fields: { LastName: name },
    references: {},
    autoAssign: false,
    bookingIds: [`booking-${name}`],
    ...more,
  };
}

/** A new Event of the booking of that name, about its new Lead. */
export function eventRow(name = 'alpha', more: Partial<EventRow> = {}): EventRow {
  return {
    bookingId: `booking-${name}`,
    recordId: null,
    externalId: `cal:uid-${name}`,
    who: { row: personRow(name) },
    what: null,
    fields: { Subject: name },
    ...more,
  };
}

/** A plan of these rows and nothing else. */
export function planWith(more: Partial<Plan>): Plan {
  return { records: [], events: [], deletions: [], relations: [], decisions: new Map(), ...more };
}
