import { customer } from '../../test/support/builders';
import { candidate, settingsWith } from '../../test/support/candidate';
import { describesIn, fullOrgView, OWN_DESCRIBES, sharedDescribes } from '../../test/support/describes';
import { decisionOf, plan, recordOf } from '../../test/support/plan';
import { field, orgView, picklist } from '../../test/support/schema';
import { pageKey } from '../settings/page-settings';
import { MAPPED_OBJECTS, sobjectOf } from '../settings/objects';
import type { Settings } from '../settings/settings';

const recordType = (id: string, developerName: string, more: object = {}) => ({
  id,
  developerName,
  name: developerName,
  active: true,
  available: true,
  default: false,
  master: false,
  ...more,
});
const INBOUND = '012000000000001AAA';

function withRecordTypes(sobject: string) {
  const org = orgView();
  const object = org.schema.objects[sobject];
  const recordTypes = [
    recordType(INBOUND, 'Inbound'),
    recordType('012000000000002AAA', 'Partner'),
    recordType('012000000000003AAA', 'Old', { active: false }),
    recordType('012000000000004AAA', 'Twin'),
    recordType('012000000000005AAA', 'Twin'),
  ];
  const objects = Object.assign(Object.create(null) as object, org.schema.objects, {
    [sobject]: { ...object, recordTypes },
  });
  return { ...org, schema: { ...org.schema, objects } };
}

describe('the record type', () => {
  const naming = (recordTypes: Settings['rules']['recordTypes']) => settingsWith({ rules: { recordTypes } });

  it.each([
    ['by its developer name', 'Inbound', INBOUND],
    ['by its id', INBOUND, INBOUND],
    ['by its id of 15 characters', INBOUND.slice(0, 15), INBOUND],
  ])('of a new Lead is found %s', (_title, named, expected) => {
    const planned = plan([[candidate('alpha', { settings: naming({ Lead: named }) })]], withRecordTypes('Lead'));
    expect(recordOf(planned, 'Lead').fields['RecordTypeId']).toBe(expected);
  });

  it.each([
    ['is not active', 'Old', 'does not exist, is inactive, or is not open'],
    ['is not there', 'Gone', 'does not exist'],
    ['could be two', 'Twin', 'Several record types of Lead are called Twin'],
  ])('parks the person when it %s', (_title, named, cause) => {
    const one = candidate('alpha', { settings: naming({ Lead: named }) });
    const planned = plan([[one]], withRecordTypes('Lead'));
    expect(planned.records).toEqual([]);
    expect(decisionOf(planned, one).parts.person).toMatchObject({
      code: 'RECORD_TYPE_UNAVAILABLE',
      cause: expect.stringContaining(cause),
      fields: ['RecordTypeId'],
    });
  });

  it('of a new Event is set, and parks the Event when it is not there', () => {
    const planned = plan([[candidate('alpha', { settings: naming({ Event: 'Inbound' }) })]], withRecordTypes('Event'));
    expect(planned.events[0]?.fields['RecordTypeId']).toBe(INBOUND);
    const one = candidate('alpha', { settings: naming({ Event: 'Gone' }) });
    expect(decisionOf(plan([[one]], withRecordTypes('Event')), one).parts.event).toMatchObject({
      code: 'RECORD_TYPE_UNAVAILABLE',
      sobject: 'Event',
    });
  });

  it('is the page’s own where it has one, and none where it says null', () => {
    const page = candidate().booking.state.page?.id ?? '';
    const settings = (named: string | null): Settings => ({
      ...naming({ Lead: 'Inbound' }),
      pages: { [pageKey('cal', page)]: { enabled: true, rules: { recordTypes: { Lead: named } } } },
    });
    const typeOf = (named: string | null) =>
      recordOf(plan([[candidate('alpha', { settings: settings(named) })]], withRecordTypes('Lead')), 'Lead').fields[
        'RecordTypeId'
      ];
    expect(typeOf('Partner')).toBe('012000000000002AAA');
    expect(typeOf(null)).toBeUndefined();
  });
});

describe('a required field without a value', () => {
  const noCompany = { event: { customer: customer('alpha@example.test', { company: null }) } };

  it('takes the placeholder of its type where the rules say so', () => {
    const settings = settingsWith({ rules: { missingRequired: 'placeholder' } });
    const planned = plan([[candidate('alpha', { settings, ...noCompany })]]);
    expect(recordOf(planned, 'Lead').fields['Company']).toBe('Unspecified');
  });

  it('has none on a picklist: it is parked', () => {
    const org = orgView({ fields: { Lead: [{ ...picklist('Rating', ['Hot']), nillable: false }] } });
    const one = candidate('alpha', { settings: settingsWith({ rules: { missingRequired: 'placeholder' } }) });
    expect(decisionOf(plan([[one]], org), one).parts.person).toMatchObject({ fields: ['Rating'] });
  });

  it('is parked before values that do not fit', () => {
    const org = orgView({
      fields: { Lead: [field('Rank__c', { nillable: false }), field('Short__c', { length: 2 })] },
    });
    const settings = settingsWith({ rows: { Lead: [{ field: 'Short__c', from: 'page.name', ifBad: 'park' }] } });
    const one = candidate('alpha', { settings });
    expect(decisionOf(plan([[one]], org), one).parts.person).toMatchObject({
      code: 'REQUIRED_FIELD_MISSING',
      fields: ['Rank__c'],
    });
  });
});

describe('a value that does not fit', () => {
  const org = orgView({ fields: { Lead: [field('Short__c', { length: 2 })] } });
  const planned = (rules: Partial<Settings['rules']>) => {
    const settings = settingsWith({ rules, rows: { Lead: [{ field: 'Short__c', from: 'page.name' }] } });
    const one = candidate('alpha', { settings });
    const plans = plan([[one]], org);
    return { fields: plans.records[0]?.fields, person: decisionOf(plans, one).parts.person };
  };

  it('is left out', () => {
    const { fields } = planned({ badValue: 'leaveOut' });
    expect(fields).toMatchObject({ LastName: 'alpha' });
    expect(fields).not.toHaveProperty('Short__c');
  });
  it('is replaced by the placeholder of its type', () => {
    expect(planned({ badValue: 'placeholder' }).fields).toMatchObject({ Short__c: 'Un' });
  });
  it('waits for a human, who is told the field and not the value', () => {
    const { fields, person } = planned({ badValue: 'park' });
    expect(fields).toBeUndefined();
    expect(person).toMatchObject({
      code: 'VALUE_DOES_NOT_FIT',
      cause:
        "A value of this booking does not fit its field: Short__c (Short__c) is longer than the field's 2 characters.",
      fields: ['Short__c'],
    });
  });
});

const folders = [OWN_DESCRIBES, sharedDescribes()].filter((folder) => folder !== null);
console.info(`Recorded describes are read from ${folders.length} folders.`);

describe('in an org as Salesforce describes it', () => {
  const settings = settingsWith({
    rules: { unknownCustomer: 'Contact', searchOrder: ['Contact'], contactAccount: 'create', alsoCreate: 'Case' },
    required: { Opportunity: { StageName: { text: 'Prospecting' } } },
  });
  const lead = settingsWith({ required: settings.required, rules: { alsoCreate: 'Opportunity' } });

  it.each([
    [
      'a Contact with Account and Case',
      settings,
      { person: { kind: 'create', object: 'Contact' }, account: { kind: 'create', name: 'Example' } },
    ],
    ['a Lead with an Opportunity', lead, {}],
  ] as const)('%s asks for nothing that the org lacks', (_title, chosen, match) => {
    const org = fullOrgView();
    const { records, events } = plan([[candidate('alpha', { settings: chosen }), match]], org);
    expect(events).toHaveLength(1);
    expect(records.length).toBeGreaterThan(1);
    const rows = [
      ...records.map(({ sobject, fields }) => [sobject, fields] as const),
      ['Event', events[0]?.fields ?? {}] as const,
    ];
    for (const [sobject, fields] of rows) {
      for (const name of Object.keys(fields)) {
        expect(`${sobject}.${name} ${org.schema.objects[sobject]?.fields[name]?.createable}`).toBe(
          `${sobject}.${name} true`,
        );
      }
    }
  });

  it.each(folders)('every object of %s gets what Salesforce requires, or says what is missing', (folder) => {
    const checked: string[] = [];
    for (const { name, fields } of describesIn(folder)) {
      const object = MAPPED_OBJECTS.find((one) => sobjectOf(one) === name);
      if (object === undefined) continue;
      const required = Object.values(fields).filter(
        (one) => one.createable && !one.nillable && !one.defaultedOnCreate && one.type !== 'boolean',
      );
      const org = orgView({ fields: { [name]: Object.values(fields) } });
      const one = candidate('alpha', {
        settings: object === 'Case' ? settings : object === 'Opportunity' ? lead : settingsWith(),
      });
      const planned = plan([[one]], org);
      const row = planned.records.find((record) => record.object === object);
      if (row === undefined) continue;
      checked.push(object);
      expect(required.map((one) => one.name).filter((each) => row.fields[each] === undefined)).toEqual([]);
    }
    expect(checked).toContain('Lead');
  });
});
