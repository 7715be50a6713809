import { settingsWith } from '../../test/support/candidate';
import { orgView } from '../../test/support/schema';
import { examine } from './examine';
import type { OrgFacts, OwnFacts } from './facts';
import type { DoctorLine } from './line';

const AT = new Date('2026-10-05T01:12:11.000Z');
const FINE: OrgFacts = {
  view: orgView(),
  instanceUrl: 'https://acme.my.salesforce.com',
  user: {
    ...{ id: '005000000000001AAA', username: 'api@acme.example', isActive: true, userType: 'Standard' },
    ...{ profile: 'Minimum Access - API Only Integrations', licence: 'Salesforce Integration', roleId: null },
  },
  organization: { name: 'Acme', edition: 'Enterprise Edition', isSandbox: false, trialEndsAt: null, sharing: {} },
  userPermissions: {
    isKnown: true,
    value: { ApiEnabled: true, ActivitiesAccess: true, EditEvent: true, ViewAllData: false, ModifyAllData: false },
  },
  viewAll: { isKnown: false },
  permissionSets: { isKnown: false },
  duplicateRules: { isKnown: false },
  assignmentRules: { isKnown: true, value: [] },
  packageVersion: { isKnown: true, value: '1.2.0.3' },
  events: { tried: 3, editable: 3 },
  hidden: {},
  triedRecords: {},
  people: new Map(),
  usage: { used: 10, max: 15_000 },
  clock: { orgAt: AT, at: AT },
};
const OWN: OwnFacts = { hosts: [], linkedHosts: [], records: [], duplicatesParked: 0, takesNestedKeys: null };

const look = (
  facts: Partial<OrgFacts> = {},
  own: Partial<OwnFacts> = {},
  rules: Parameters<typeof settingsWith>[0] = {},
): DoctorLine[] => examine(settingsWith(rules), { ...FINE, ...facts }, { ...OWN, ...own });
const notFine = (lines: DoctorLine[]): [string, string][] =>
  lines.filter(({ state }) => state !== 'ok').map(({ check, state }) => [check, state]);

it('has nothing to say of an org where all is well', () => {
  expect(notFine(look())).toEqual([]);
});

it.each<[string, Parameters<typeof look>, [string, string]]>([
  [
    'Professional',
    [{ organization: { ...FINE.organization!, edition: 'Professional Edition' } }],
    ['edition and API access', 'warning'],
  ],
  [
    'a trial',
    [{ organization: { ...FINE.organization!, trialEndsAt: '2026-11-01T00:00:00.000+0000' } }],
    ['edition and API access', 'warning'],
  ],
  ['an inactive user', [{ user: { ...FINE.user!, isActive: false } }], ['API user', 'failure']],
  [
    'a user who may do anything',
    [{ userPermissions: { isKnown: true, value: { ...valueOf(FINE), ModifyAllData: true } } }],
    ['API user has few rights', 'warning'],
  ],
  [
    'an API-only user who is the fallback owner',
    [
      { people: new Map([['api@acme.example', '005000000000001AAA']]) },
      {},
      { rules: { fallbackOwner: 'api@acme.example' } },
    ],
    ['API user owns no Events', 'failure'],
  ],
  [
    'a fallback owner who is not there',
    [{ people: new Map([['gone@acme.example', null]]) }, {}, { rules: { fallbackOwner: 'gone@acme.example' } }],
    ['users of the settings', 'failure'],
  ],
  ['a host without a user', [{}, { hosts: ['ana@acme.example'] }], ['hosts are users', 'failure']],
  [
    'private Leads',
    [{ organization: { ...FINE.organization!, sharing: { Lead: 'None' } } }],
    ['View All Lead', 'warning'],
  ],
  [
    'private Leads of which one is hidden',
    [{ organization: { ...FINE.organization!, sharing: { Lead: 'None' } }, hidden: { Lead: 1 } }],
    ['View All Lead', 'failure'],
  ],
  ['Events that may not be changed', [{ events: { tried: 3, editable: 2 } }], ["edit hosts' Events", 'failure']],
  ['no Event to try', [{ events: { tried: 0, editable: 0 } }], ["edit hosts' Events", 'warning']],
  [
    'a duplicate rule',
    [{ duplicateRules: { isKnown: true, value: [{ sobject: 'Lead', name: 'Standard' }] } }],
    ['duplicate rules', 'warning'],
  ],
  ['bookings that a duplicate rule refused', [{}, { duplicatesParked: 2 }], ['duplicate rules', 'warning']],
  ['a spent allowance', [{ usage: { used: 15_000, max: 15_000 } }], ['API calls left', 'failure']],
  ['a scarce allowance', [{ usage: { used: 14_000, max: 15_000 } }], ['API calls left', 'warning']],
  ['a clock that is off', [{ clock: { orgAt: AT, at: new Date(AT.getTime() + 120_000) } }], ['clock', 'failure']],
  ['refused nested keys', [{}, { takesNestedKeys: false }], ['nested keys', 'warning']],
])('tells %s', (_title, [facts, own, rules], expected) => {
  expect(notFine(look(facts, own, rules))).toEqual([expected]);
});

it('does not miss a user for a host who is linked', () => {
  expect(notFine(look({}, { hosts: ['ana@acme.example'], linkedHosts: ['ana@acme.example'] }))).toEqual([]);
});

it('says of a missing package that it is missing, and where to look', () => {
  const without = ['Event', 'Lead', 'Contact', 'Account', 'Case', 'Opportunity'].flatMap((sobject) => [
    `${sobject}.Booking_Id__c`,
    `${sobject}.Booking_Customer_Id__c`,
  ]);
  const line = look({ view: orgView({ without }) }).find(({ check }) => check === 'package');
  expect(line).toMatchObject({
    state: 'failure',
    setupUrl: 'https://acme.my.salesforce.com/lightning/setup/ImportedPackage/home',
  });
});

function valueOf({ userPermissions }: OrgFacts): Extract<OrgFacts['userPermissions'], { isKnown: true }>['value'] {
  if (!userPermissions.isKnown) throw new Error('They are known.');
  return userPermissions.value;
}
