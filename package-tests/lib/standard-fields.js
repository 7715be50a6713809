'use strict';

/**
 * Standard fields that an org lets a permission set list, as far as the admin kit grants them. Fields that are always
 * required or always visible (names, Subject and times of an Event, Company and Status of a Lead, StageName, OwnerId)
 * are not among them: an org refuses a permission set that lists one.
 * @see describe of each object, `permissionable`
 */
const STANDARD_FIELDS = {
  Event: ['WhoId', 'WhatId', 'Description', 'Location', 'IsAllDayEvent'],
  Task: ['WhoId', 'WhatId', 'Description'],
  Lead: ['Email', 'Phone', 'MobilePhone'],
  Contact: ['AccountId', 'Email', 'Phone', 'MobilePhone'],
  Account: ['Phone'],
  Opportunity: ['AccountId'],
  Case: ['AccountId', 'ContactId', 'Subject', 'Description'],
};

/** Standard objects with object permissions of their own. Event and Task have none: user permissions stand for them. */
const OBJECTS_WITH_PERMISSIONS = ['Account', 'Case', 'Contact', 'Lead', 'Opportunity'];

/** Reading the first needs the right to read the others. */
const READ_DEPENDS_ON = { Case: ['Account', 'Contact'], Contact: ['Account'], Opportunity: ['Account'] };

module.exports = { STANDARD_FIELDS, OBJECTS_WITH_PERMISSIONS, READ_DEPENDS_ON };
