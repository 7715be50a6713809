'use strict';

const text = (length) => ({ type: 'Text', length, externalId: false, unique: false });
const uniqueKey = (length) => ({ type: 'Text', length, externalId: true, unique: true, caseSensitive: true });
// Frozen as a formula field too: type, name, and that it is no external id.
const formula = () => ({ type: 'Text', externalId: false, unique: false });
const sharedKey = (length) => ({ type: 'Text', length, externalId: true, unique: false });

const forEach = (names, rowsOf) => Object.assign({}, ...names.map(rowsOf));

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

  ...forEach(['Lead', 'Contact', 'Account', 'Opportunity', 'Case'], (object) => ({
    [`${object}.Booking_Link__c`]: formula(),
    [`${object}.Customer_Link__c`]: formula(),
    [`Booking_Setting__mdt.${object}_Booking_URL__c`]: text(255),
  })),

  'Booking_Setting__mdt.Booking_URL__c': text(255),
  'Booking_Setting__mdt.Record_Id_Parameter__c': text(255),
  'Booking_Setting__mdt.Connector_URL__c': text(255),
  // A released custom metadata type takes no further fields: these are for later versions.
  ...forEach([1, 2, 3, 4, 5, 6], (number) => ({ [`Booking_Setting__mdt.Reserved_${number}__c`]: text(255) })),
};

/** What the middleware writes to Activity.Event_Status__c. */
const EVENT_STATUSES = ['Scheduled', 'Rescheduled', 'Completed', 'Canceled', 'No-show'];

module.exports = { FROZEN_FIELDS, EVENT_STATUSES };
