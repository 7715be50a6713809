import { field, orgView, picklist } from '../../test/support/schema';
import type { OrgView } from '../salesforce/org-view';
import { byName, type FieldSchema, type ObjectSchema, type RecordTypeSchema } from '../salesforce/schema';
import { DEFAULT_SETTINGS, parseSettings, type Settings } from '../settings/settings';
import { findDrift } from './find-drift';
import type { Finding } from './finding';
import { rebased } from './rebased';

interface Loose {
  rules: Record<string, unknown>;
  mappings: Record<string, object[]>;
  required: object;
  newPages: string;
  pages: object;
}

/** The default document, changed. */
function settingsWith(change: (document: Loose) => void = () => undefined): Settings {
  const document = structuredClone(DEFAULT_SETTINGS) as unknown as Loose;
  change(document);
  return parseSettings(document);
}

const recordType = (developerName: string, more: Partial<RecordTypeSchema> = {}): RecordTypeSchema => ({
  id: '012000000000001AAA',
  developerName,
  name: developerName,
  active: true,
  available: true,
  default: false,
  master: false,
  ...more,
});

type Change = (object: ObjectSchema) => Partial<ObjectSchema>;
const LEAD_FIELDS = [
  field('Topic__c'),
  picklist('Rating', ['Hot', 'Cold']),
  picklist('Branch__c', ['Kyoto', 'Osaka', 'Tokyo']),
];

function org(change: Record<string, Change> = {}): OrgView {
  const view = orgView({ fields: { Lead: LEAD_FIELDS } });
  const objects = Object.values(view.schema.objects).map((object) => ({
    ...object,
    ...(object.name === 'Lead' ? { recordTypes: [recordType('Web')] } : {}),
    ...change[object.name]?.(object),
  }));
  return { ...view, schema: { ...view.schema, objects: byName(objects) } };
}

const fields =
  (...changed: FieldSchema[]): Change =>
  (object) => ({ fields: { ...object.fields, ...byName(changed) } });
const without =
  (name: string): Change =>
  (object) => ({ fields: byName(Object.values(object.fields).filter((each) => each.name !== name)) });

const BEFORE = org();
const USED = settingsWith(({ mappings, rules }) => {
  mappings['Lead']?.push(
    { field: 'Topic__c', from: 'page.name' },
    { field: 'Rating', text: 'Hot' },
    { field: 'Branch__c', from: 'answers.branch' },
  );
  rules['recordTypes'] = { Lead: 'Web' };
});
const findings = (change: Record<string, Change>, settings = USED, seen: string[] = []): Finding[] =>
  findDrift(BEFORE, org(change), settings, seen);

describe('what changed in an org', () => {
  it('is nothing while the org is as it was', () => {
    expect(findings({})).toEqual([]);
  });

  const KINDS: [string, Record<string, Change>, Partial<Finding>][] = [
    [
      'a field that new records need now',
      { Lead: fields(field('Budget__c', { type: 'currency', length: 0, nillable: false })) },
      { kind: 'requiredField', severity: 'error', sobject: 'Lead', field: 'Budget__c' },
    ],
    [
      'a field that new records need and that the connector cannot write',
      { Lead: fields(field('Blob__c', { type: 'base64', length: 0, nillable: false })) },
      { kind: 'requiredField', severity: 'error', sobject: 'Lead', field: 'Blob__c' },
    ],
    [
      'a mapped field that is gone',
      { Lead: without('Topic__c') },
      { kind: 'fieldGone', severity: 'warning', sobject: 'Lead', field: 'Topic__c' },
    ],
    [
      'a field of the package that is gone',
      { Event: without('Event_Status__c') },
      { kind: 'fieldGone', severity: 'warning', sobject: 'Event', field: 'Event_Status__c' },
    ],
    [
      'the key of bookings that is gone',
      { Event: without('Booking_Id__c') },
      { kind: 'fieldGone', severity: 'error', sobject: 'Event', field: 'Booking_Id__c' },
    ],
    [
      'a fixed value that its picklist lost',
      { Lead: fields(picklist('Rating', ['Cold'], { inactive: ['Hot'] })) },
      { kind: 'picklist', severity: 'warning', sobject: 'Lead', field: 'Rating' },
    ],
    [
      'values that answers may bring and that their picklist lost',
      { Lead: fields(picklist('Branch__c', ['Tokyo'])) },
      {
        kind: 'picklist',
        severity: 'warning',
        field: 'Branch__c',
        what: 'Lead.Branch__c no longer takes "Kyoto", "Osaka". Bookings that bring a value it does not take are written without it.',
      },
    ],
    [
      'a status that the picklist of the Event does not take any more',
      { Event: fields(picklist('Event_Status__c', ['Scheduled', 'Canceled'])) },
      { kind: 'picklist', severity: 'warning', sobject: 'Event', field: 'Event_Status__c' },
    ],
    [
      'a field that became another type',
      { Event: fields(field('Meeting_Type__c'), field('Booking_Source__c', { type: 'date', length: 0 })) },
      { kind: 'fieldChanged', severity: 'warning', sobject: 'Event', field: 'Booking_Source__c' },
    ],
    [
      'the right to write a mapped field',
      { Lead: fields(field('Topic__c', { createable: false, updateable: false })) },
      { kind: 'rightLost', severity: 'warning', sobject: 'Lead', field: 'Topic__c' },
    ],
    [
      "the right to write the customer's id",
      { Lead: fields(field('Booking_Customer_Id__c', { createable: false, updateable: false })) },
      { kind: 'rightLost', severity: 'warning', sobject: 'Lead', field: 'Booking_Customer_Id__c' },
    ],
    [
      'the right to create records',
      { Lead: () => ({ createable: false }) },
      { kind: 'rightLost', severity: 'error', sobject: 'Lead', field: null },
    ],
    [
      'the right to change Events',
      { Event: () => ({ updateable: false }) },
      { kind: 'rightLost', severity: 'error', sobject: 'Event', field: null },
    ],
    [
      'a record type that is gone',
      { Lead: () => ({ recordTypes: [] }) },
      { kind: 'recordTypeGone', severity: 'error', sobject: 'Lead', field: 'RecordTypeId' },
    ],
    [
      'a record type that the API user may not use any more',
      { Lead: () => ({ recordTypes: [recordType('Web', { available: false })] }) },
      { kind: 'recordTypeGone', severity: 'error', sobject: 'Lead', field: 'RecordTypeId' },
    ],
  ];

  it.each(KINDS)('is %s', (_, change, expected) => {
    const found = findings(change);
    expect(found).toEqual([expect.objectContaining({ ...expected, isTeamWide: true })]);
    expect(found[0]?.remedy).toMatch(/\.$/);
  });

  it('tells that bookings wait where the rule for bad values is to wait', () => {
    const parks = parseSettings({ ...USED, rules: { ...USED.rules, badValue: 'park' } });
    for (const changed of [picklist('Rating', ['Cold']), picklist('Branch__c', ['Tokyo'])])
      expect(findings({ Lead: fields(changed) }, parks)).toMatchObject([{ kind: 'picklist', severity: 'error' }]);
  });

  it('is not what the settings do not use', () => {
    const contact = settingsWith(({ mappings }) => {
      mappings['Lead']?.push({ field: 'Topic__c', from: 'page.name' });
    });
    expect(findings({ Contact: fields(field('Other__c', { nillable: false })) }, contact)).toEqual([]);
    expect(findings({ Lead: without('Rating') }, contact)).toEqual([]);
    expect(findings({ Lead: fields(picklist('Branch__c', ['Tokyo'])) }, contact)).toEqual([]);
  });

  describe('names the pages that it strikes', () => {
    const seen = ['cal:seen', 'cal:off', 'cal:mapped'];
    const required = { Lead: fields(field('Budget__c', { nillable: false })) };

    it('and no page that is switched off or that gives the value', () => {
      const settings = settingsWith((document) => {
        document.pages = {
          'cal:off': { enabled: false },
          'cal:mapped': { required: { Lead: { Budget__c: { text: '0' } } } },
          'cal:rules': { rules: { cancel: 'delete' } },
        };
      });
      expect(findings(required, settings, seen)).toMatchObject([
        { kind: 'requiredField', pages: ['cal:seen', 'cal:rules'], isTeamWide: true },
      ]);
    });

    it('and only the page where only that one uses it', () => {
      const settings = settingsWith((document) => {
        document.pages = { 'cal:mapped': { mappings: { Lead: [{ field: 'Topic__c', from: 'page.name' }] } } };
      });
      expect(findings({ Lead: without('Topic__c') }, settings, seen)).toMatchObject([
        { kind: 'fieldGone', pages: ['cal:mapped'], isTeamWide: false },
      ]);
    });
  });

  it('at first is only what makes bookings fail: nothing is known to have changed', () => {
    const now = org({ Lead: fields(field('Budget__c', { nillable: false })), Event: without('Event_Status__c') });
    expect(findDrift(null, now, USED, [])).toMatchObject([{ kind: 'requiredField', field: 'Budget__c' }]);
  });
});

describe('the remembered schema', () => {
  const after = (change: Record<string, Change>): OrgView => {
    const now = org(change);
    const found = findDrift(BEFORE, now, USED, []);
    expect(found).not.toEqual([]);
    return { ...now, schema: rebased(BEFORE.schema, now.schema, found) };
  };

  it.each<[string, Record<string, Change>]>([
    ['field', { Event: without('Event_Status__c') }],
    ['picklist', { Lead: fields(picklist('Branch__c', ['Tokyo'])) }],
    ['right on an object', { Event: () => ({ updateable: false }) }],
    ['record type', { Lead: () => ({ recordTypes: [] }) }],
  ])('keeps a lost %s, so that it is found until it is there again', (_, change) => {
    const remembered = after(change);
    expect(findDrift(remembered, org(change), USED, [])).toEqual(findDrift(BEFORE, org(change), USED, []));
    expect(findDrift(remembered, BEFORE, USED, [])).toEqual([]);
    expect(rebased(remembered.schema, BEFORE.schema, []).objects).toEqual(BEFORE.schema.objects);
  });

  it('takes over what nothing is found of', () => {
    const now = org({ Lead: fields(field('New__c')), Event: without('Event_Status__c') });
    const { objects } = rebased(BEFORE.schema, now.schema, findDrift(BEFORE, now, USED, []));
    expect(objects['Lead']?.fields['New__c']).toBeDefined();
    expect(objects['Event']?.fields['Event_Status__c']).toBeDefined();
  });
});
