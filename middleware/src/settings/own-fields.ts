import type { MappedObject } from './objects';

const KEY = 'the connector finds its records by it';
const OWNER = 'the rule "owner" says who owns the record';
const RECORD_TYPE = 'the rule "recordTypes" says which record type new records get';
const TIMES = "the connector writes the booking's own times";
const CUSTOMER = { Booking_Customer_Id__c: KEY, OwnerId: OWNER, RecordTypeId: RECORD_TYPE };
const RELATED = { ...CUSTOMER, Booking_Id__c: KEY };

const REASONS: Readonly<Record<MappedObject, Readonly<Record<string, string>>>> = {
  Lead: CUSTOMER,
  Contact: CUSTOMER,
  PersonAccount: CUSTOMER,
  Account: CUSTOMER,
  Case: { ...RELATED, ContactId: "the connector relates the Case to the booking's Contact" },
  Opportunity: RELATED,
  Event: {
    Booking_Id__c: KEY,
    OwnerId: "the Event belongs to the booking's host, else to the fallback owner",
    RecordTypeId: RECORD_TYPE,
    WhoId: 'the Event belongs to the person that was matched',
    WhatId: 'the Event belongs to the record that was matched',
    StartDateTime: TIMES,
    EndDateTime: TIMES,
    DurationInMinutes: TIMES,
    IsAllDayEvent: TIMES,
    ActivityDate: TIMES,
    ActivityDateTime: TIMES,
    EndDate: TIMES,
  },
};

const namesOf = (object: MappedObject): readonly string[] => Object.keys(REASONS[object]);

/** The names of those fields, without the package's namespace. */
export const OWN_FIELDS: Readonly<Record<MappedObject, readonly string[]>> = {
  Lead: namesOf('Lead'),
  Contact: namesOf('Contact'),
  PersonAccount: namesOf('PersonAccount'),
  Account: namesOf('Account'),
  Case: namesOf('Case'),
  Opportunity: namesOf('Opportunity'),
  Event: namesOf('Event'),
};

/**
 * Why no mapping row may write a field: the connector itself decides on it, and a row would break the match or move an
 * Event. Pure.
 *
 * @param field API name without the package's namespace.
 * @returns words that go on after "because"; null for a field that rows may write.
 */
export function ownFieldReason(object: MappedObject, field: string): string | null {
  const own = REASONS[object];
  return Object.hasOwn(own, field) ? (own[field] ?? null) : null;
}
