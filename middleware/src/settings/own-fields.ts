import type { MappedObject } from './objects';

const OWNED = ['OwnerId', 'RecordTypeId'];
const CUSTOMER = [...OWNED, 'Booking_Customer_Id__c'];
const BOTH_KEYS = [...CUSTOMER, 'Booking_Id__c'];

/**
 * Fields that the connector itself decides on, by local name: keys, owners, record types, and what an Event points at.
 * A row that wrote one would break the match, or work against a rule.
 */
export const OWN_FIELDS: Readonly<Record<MappedObject, readonly string[]>> = {
  Lead: CUSTOMER,
  Contact: CUSTOMER,
  PersonAccount: CUSTOMER,
  Account: CUSTOMER,
  Case: BOTH_KEYS,
  Opportunity: BOTH_KEYS,
  Event: [...OWNED, 'Booking_Id__c', 'WhatId', 'WhoId', 'StartDateTime', 'EndDateTime', 'IsAllDayEvent'],
};
