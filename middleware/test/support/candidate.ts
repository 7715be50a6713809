import type { BookingEvent } from '../../src/booking/booking-event';
import type { Booking, BookingState } from '../../src/booking/booking';
import type { Written } from '../../src/booking/outcome';
import { foldBooking } from '../../src/booking/fold';
import type { Candidate } from '../../src/match/candidate';
import type { Found, FoundRecord, Match } from '../../src/match/match-types';
import type { MappingRow } from '../../src/settings/mapping-row';
import { MAPPED_OBJECTS, type MappedObject } from '../../src/settings/objects';
import { settingsForPage } from '../../src/settings/page-settings';
import { DEFAULT_SETTINGS, type Settings } from '../../src/settings/settings';
import { bookingEvent, customer } from './builders';

export const HOST = 'host.one@example.com';
export const HOST_ID = '005000000000001AAA';
export const EVENT_ID = '00U000000000001AAA';
export const LEAD_ID = '00Q000000000001EAA';
export const CONTACT_ID = '003000000000001AAA';
export const ACCOUNT_ID = '001000000000001AAA';
export const OPPORTUNITY_ID = '006000000000001AAA';
export const CASE_ID = '500000000000001AAA';

/** A booking's state, folded from one event. */
export function bookingState(event: Partial<BookingEvent> = {}, more: Partial<BookingState> = {}): BookingState {
  return { ...foldBooking([bookingEvent(event)]), ...more };
}

/** A booking of its own customer, never written, under the default settings. `name` tells it from others. */
export function candidate(
  name = 'alpha',
  {
    event = {},
    state = {},
    booking = {},
    settings = DEFAULT_SETTINGS,
    ...more
  }: {
    event?: Partial<BookingEvent>;
    state?: Partial<BookingState>;
    booking?: Partial<Booking>;
    settings?: Settings;
  } & Partial<Omit<Candidate, 'booking' | 'settings'>> = {},
): Candidate {
  const itsBooking: Booking = {
    id: `booking-${name}`,
    teamId: 'default',
    sourceId: 'cal',
    rootKey: `uid-${name}`,
    keys: [`uid-${name}`],
    revision: 3,
    state: bookingState({ customer: customer(`${name}@example.test`), ...event }, state),
    mergedInto: null,
    ...booking,
  };
  const pageSettings = settingsForPage(settings, itsBooking.sourceId, itsBooking.state.page?.id ?? null);
  return {
    booking: itsBooking,
    externalId: `cal:uid-${name}`,
    customerId: `c-${name}`,
    link: null,
    adopted: null,
    hostUserId: null,
    written: null,
    settings: { teamId: 'default', version: 7, settings: pageSettings },
    ...more,
  };
}

/** The default settings with other rules, and rows put behind the mappings. */
export function settingsWith({
  rules = {},
  rows = {},
  required = {},
}: {
  rules?: Partial<Settings['rules']>;
  rows?: Partial<Record<MappedObject, Partial<MappingRow>[]>>;
  required?: Settings['required'];
} = {}): Settings {
  const { mappings } = DEFAULT_SETTINGS;
  const added = (object: MappedObject): MappingRow[] => [
    ...mappings[object],
    ...(rows[object] ?? []).map((row) => ({ field: '', when: 'always' as const, cut: false, ...row })),
  ];
  return {
    ...DEFAULT_SETTINGS,
    rules: { ...DEFAULT_SETTINGS.rules, ...rules },
    mappings: Object.fromEntries(MAPPED_OBJECTS.map((object) => [object, added(object)])) as Settings['mappings'],
    required,
  };
}

/** What a read gave, by object. */
export function found(records: Record<string, FoundRecord[]> = {}): Found {
  return new Map(Object.entries(records));
}

/** Matches nothing: a new Lead, no Event, the host as owner. */
export function matched(more: Partial<Match> = {}): Match {
  return {
    person: { kind: 'create', object: 'Lead' },
    related: null,
    isRelatedDeleted: false,
    account: null,
    event: null,
    ownerId: HOST_ID,
    guestIds: [],
    invitedIds: [],
    steps: [],
    ...more,
  };
}

/** What was last written of {@link candidate}: its Event of a known Lead. */
export function written(more: Partial<Written> = {}): Written {
  return {
    generation: 1,
    eventId: EVENT_ID,
    whoId: LEAD_ID,
    whatId: null,
    ownerId: HOST_ID,
    person: { sobject: 'Lead', recordId: LEAD_ID },
    host: HOST,
    status: 'Scheduled',
    fields: EVENT_FIELDS,
    ...more,
  };
}

/** The fields of the Event of {@link candidate}, under the default settings. */
export const EVENT_FIELDS = {
  Subject: 'Product demo',
  Location: null,
  Description: null,
  Event_Status__c: 'Scheduled',
  Cancel_Reschedule_Reason__c: null,
  Meeting_Type__c: 'Product demo',
  Campaign__c: null,
  Booking_Source__c: 'cal',
  StartDateTime: '2026-10-07T04:30:00.000Z',
  EndDateTime: '2026-10-07T05:00:00.000Z',
  IsAllDayEvent: false,
};
