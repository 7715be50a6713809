import { DEFAULT_SETTINGS } from '../settings/settings';
import { neededRights } from '../settings/needed-rights';
import { settingsWith } from '../../test/support/candidate';
import { orgView } from '../../test/support/schema';
import { orgViewOf } from '../salesforce/org-view';
import { namedRecordTypes, permissionSetXml } from './permission-set';
import { viewAllRights } from './visibility';

const NOTHING_SEEN = orgViewOf({ objects: {}, stamp: null, readAt: '' });
const xmlOf = (settings = DEFAULT_SETTINGS, org = NOTHING_SEEN): string =>
  permissionSetXml(neededRights(settings, org), namedRecordTypes(settings));
const fieldsIn = (xml: string): string[] =>
  [...xml.matchAll(/<field>([^<]+)<\/field>/g)].map(([, name]) => String(name));

it('is a file of the source format, its parts in the order of the alphabet', () => {
  const xml = xmlOf();
  expect(xml).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<PermissionSet xmlns="http:\/\/soap\.sforce\.com/);
  const parts = [...xml.matchAll(/^ {4}<(\w+)>/gm)].map(([, name]) => String(name));
  expect(parts).toEqual([...parts].sort());
  expect(xml).not.toContain('<license>');
  expect(xml).not.toContain('<modifyAllRecords>true');
  expect(xml).not.toContain('<allowDelete>true');
});

it('lists no field that an org refuses in a permission set', () => {
  const fields = fieldsIn(xmlOf());
  for (const name of ['Lead.LastName', 'Lead.Company', 'Event.Subject', 'Event.OwnerId', 'Event.StartDateTime'])
    expect(fields).not.toContain(name);
  expect(new Set(fields).size).toBe(fields.length);
});

it('grants what Event shares with Task on both, and never on Activity', () => {
  const fields = fieldsIn(xmlOf());
  for (const name of ['WhoId', 'Description', 'Booking_Id__c', 'Event_Status__c'])
    expect(fields).toEqual(expect.arrayContaining([`Event.${name}`, `Task.${name}`]));
  expect(fields).toContain('Event.IsAllDayEvent');
  expect(fields).not.toContain('Task.IsAllDayEvent');
  expect(xmlOf()).not.toMatch(/Activity\.|<object>(Event|Task)</);
});

it('grants a field of a Person Account on Contact', () => {
  const settings = settingsWith({
    rules: { unknownCustomer: 'PersonAccount', searchOrder: ['PersonAccount'] },
    rows: { PersonAccount: [{ field: 'Rank__pc', from: 'answers.rank' }] },
  });
  const fields = fieldsIn(xmlOf(settings));
  expect(fields).toEqual(
    expect.arrayContaining(['Contact.Email', 'Contact.Rank__c', 'Account.Booking_Customer_Id__c']),
  );
  expect(fields.filter((name) => /Person|__pc/.test(name))).toEqual([]);
});

it('carries the namespace of the package, and record types by name', () => {
  const settings = settingsWith({ rules: { recordTypes: { Lead: 'Webinar', Event: '012000000000001AAA' } } });
  const xml = xmlOf(settings, orgView({ namespace: 'bkconn' }));
  expect(fieldsIn(xml)).toContain('Task.bkconn__Event_Status__c');
  expect(xml).toContain('<recordType>Lead.Webinar</recordType>');
  expect(xml).not.toContain('012000000000001AAA');
});

it('asks for View All only where records of others are private', () => {
  const names = (sharing: Record<string, string>): unknown[] =>
    viewAllRights(DEFAULT_SETTINGS, sharing).map(({ right }) => (right as { sobject: string }).sobject);
  expect(names({ Contact: 'ControlledByParent', Account: 'Edit', Lead: 'ReadEditTransfer' })).toEqual([]);
  expect(names({ Contact: 'ControlledByParent', Account: 'None', Lead: 'None' })).toEqual(['Contact', 'Lead']);
});
