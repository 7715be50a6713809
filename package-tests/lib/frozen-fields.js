'use strict';

const text = (length) => ({ type: 'Text', length, externalId: false, unique: false });
const uniqueKey = (length) => ({ type: 'Text', length, externalId: true, unique: true, caseSensitive: true });
const sharedKey = (length) => ({ type: 'Text', length, externalId: true, unique: false });

/**
 * Every field of the package, with what must never change. Salesforce freezes name, type, externalId and unique when
 * a version is released, and subscribers keep what they installed; the middleware relies on length and caseSensitive.
 * Adding a field adds a row here; changing or removing a row breaks the orgs that have the field.
 */
const FROZEN_FIELDS = {
  'Activity.Event_Status__c': { type: 'Picklist', externalId: false },
  'Activity.Cancel_Reschedule_Reason__c': text(255),
  'Activity.Booking_Id__c': uniqueKey(255),
  'Activity.Meeting_Type__c': text(255),
  'Activity.Campaign__c': text(255),
  'Activity.Booking_Source__c': text(80),

  'Case.Booking_Id__c': uniqueKey(255),
  'Opportunity.Booking_Id__c': uniqueKey(255),

  'Lead.Booking_Customer_Id__c': uniqueKey(64),
  'Contact.Booking_Customer_Id__c': uniqueKey(64),
  'Account.Booking_Customer_Id__c': uniqueKey(64),
  // One customer may have several Cases and Opportunities.
  'Case.Booking_Customer_Id__c': sharedKey(64),
  'Opportunity.Booking_Customer_Id__c': sharedKey(64),
};

/** What the middleware writes to Activity.Event_Status__c. */
const EVENT_STATUSES = ['Scheduled', 'Rescheduled', 'Completed', 'Canceled', 'No-show'];

module.exports = { FROZEN_FIELDS, EVENT_STATUSES };
