'use strict';

const { checkEventStatus, checkFieldRules, checkFrozenFields } = require('./lib/checks/fields');
const { move, remove, replace, testCheck, write } = require('./lib/spoil');

const OBJECTS = 'force-app/main/default/objects';
const field = (object, name) => `${OBJECTS}/${object}/fields/${name}.field-meta.xml`;
const STATUS = field('Activity', 'Event_Status__c');
const SOURCE = field('Activity', 'Booking_Source__c');

describe('frozen properties of the fields', () => {
  const keys = ['Activity', 'Case', 'Opportunity'].map((object) => field(object, 'Booking_Id__c'));
  const customerKeys = ['Lead', 'Contact', 'Account'].map((object) => field(object, 'Booking_Customer_Id__c'));
  const each = (files, title, from, to, expected) =>
    files.map((file) => [`${title}: ${file}`, replace(file, from, to), expected]);

  testCheck(checkFrozenFields, [
    ...each(
      [...keys, ...customerKeys],
      'a key that is not unique',
      '<unique>true',
      '<unique>false',
      /unique is false, frozen as true/,
    ),
    ...each(
      [...keys, ...customerKeys],
      'a key that ignores case',
      '<caseSensitive>true',
      '<caseSensitive>false',
      /caseSensitive is false/,
    ),
    ...each(
      [...keys, ...customerKeys],
      'a key that is no external id',
      '<externalId>true',
      '<externalId>false',
      /externalId is false/,
    ),
    ...each(keys, 'a shorter key', '<length>255', '<length>80', /length is 80, frozen as 255/),
    [
      'a customer id that would allow only one Case for each customer',
      replace(field('Case', 'Booking_Customer_Id__c'), '<unique>false', '<unique>true'),
      /unique is true, frozen as false/,
    ],
    ['another type', replace(SOURCE, '<type>Text', '<type>Url'), /type is Url, frozen as Text/],
    ['a removed field', remove(SOURCE), /Activity.Booking_Source__c: is gone/],
    ['a renamed field', move(SOURCE, field('Activity', 'Source__c')), /Activity.Booking_Source__c: is gone/],
    [
      'a new field that nobody froze',
      write(
        field('Lead', 'Extra__c'),
        '<CustomField xmlns="http://soap.sforce.com/2006/04/metadata"><fullName>Extra__c</fullName></CustomField>',
      ),
      /Lead.Extra__c has no row in FROZEN_FIELDS/,
    ],
  ]);
});

describe('what an org asks of a field', () => {
  testCheck(checkFieldRules, [
    ['a universally required field', replace(SOURCE, '<required>false', '<required>true'), /is universally required/],
    ['a field without label', replace(SOURCE, '<label>Booking Source</label>', ''), /has no label/],
    ['a field without type', replace(SOURCE, '<type>Text</type>', ''), /has no type/],
    ['a text without length', replace(SOURCE, '<length>80</length>', ''), /has the length undefined/],
    ['a text that is too long', replace(SOURCE, '<length>80', '<length>256'), /has the length 256/],
    [
      'a unique text that leaves case open',
      replace(field('Lead', 'Booking_Customer_Id__c'), '<caseSensitive>true</caseSensitive>', ''),
      /does not say whether case counts/,
    ],
    ['a picklist without values', replace(SOURCE, '<type>Text', '<type>Picklist'), /is a picklist without values/],
    ['an API name with double underscores', move(SOURCE, field('Activity', 'Booking__Source__c')), /no API name/],
    ['an API name that is too long', move(SOURCE, field('Activity', `${'Long'.repeat(11)}__c`)), /no API name/],
  ]);
});

describe('Event Status', () => {
  testCheck(checkEventStatus, [
    ['a missing field', remove(STATUS), /is missing/],
    [
      'a renamed status',
      replace(STATUS, '<fullName>No-show<', '<fullName>No Show<'),
      /offers .*No Show, expected .*No-show/,
    ],
    [
      'a status spelt the other way',
      replace(STATUS, '<fullName>Canceled<', '<fullName>Cancelled<'),
      /offers .*Cancelled/,
    ],
    [
      'a sixth status',
      replace(
        STATUS,
        '<value>',
        '<value><fullName>Waiting</fullName><default>false</default><label>Waiting</label></value><value>',
      ),
      /offers Waiting, Scheduled/,
    ],
    ['a label that differs', replace(STATUS, '<label>Completed<', '<label>Done<'), /labels Completed as Done/],
    ['a default', replace(STATUS, '<default>false', '<default>true'), /sets Scheduled by default/],
    [
      'an inactive status',
      replace(STATUS, '<default>false', '<isActive>false</isActive><default>false'),
      /inactive value Scheduled/,
    ],
    ['restricted values', replace(STATUS, '<restricted>false', '<restricted>true'), /restricts its values/],
    ['sorted values', replace(STATUS, '<sorted>false', '<sorted>true'), /sorts its values/],
  ]);
});
