import { customer } from '../../test/support/builders';
import { ACCOUNT_ID, candidate, CASE_ID, CONTACT_ID, settingsWith } from '../../test/support/candidate';
import {
  account,
  caseRecord,
  contact,
  deleted,
  EMAIL,
  matchAndFollow,
  matchOf,
  PERSON_ORG,
  personAccount,
} from '../../test/support/match';
import type { Rules } from '../settings/rules';
import type { FoundRecord } from './match-types';

const OTHER_ACCOUNT_ID = '001000000000002AAA';
const newContact = (contactAccount: Rules['contactAccount'], more = {}, rules: Partial<Rules> = {}) =>
  candidate('alpha', {
    settings: settingsWith({ rules: { unknownCustomer: 'Contact', contactAccount, ...rules } }),
    ...more,
  });
const ofCompany = (company: string | null) => ({ event: { customer: customer(EMAIL, { company }) } });
const found = (recordId: string, via: string) => ({ kind: 'found', recordId, via });

describe('the Account of a new Contact', () => {
  it.each<[string, Rules['contactAccount'], FoundRecord[], unknown]>([
    ['is none by the rule none', 'none', [account()], null],
    ['has the name of the company', 'companyName', [account()], found(ACCOUNT_ID, 'companyName')],
    [
      'has that name in another case',
      'companyName',
      [account({ Name: 'EXAMPLE offices kk' })],
      found(ACCOUNT_ID, 'companyName'),
    ],
    ['is none when no Account has the name', 'companyName', [account({ Name: 'Else' })], null],
    ['is never a deleted one', 'companyName', [deleted(account())], null],
    [
      'has the website of the e-mail domain',
      'emailDomain',
      [account({ Name: 'Else' })],
      found(ACCOUNT_ID, 'emailDomain'),
    ],
    [
      'has it in another spelling',
      'emailDomain',
      [account({ Website: 'HTTP://Example.test/' })],
      found(ACCOUNT_ID, 'emailDomain'),
    ],
    [
      'is none when no Account has the website',
      'emailDomain',
      [account({ Website: 'https://shop.example.test' })],
      null,
    ],
    ['has the name before it is made', 'create', [account()], found(ACCOUNT_ID, 'companyName')],
    ['is made when no Account has the name', 'create', [], { kind: 'create', name: 'Example Offices KK' }],
  ])('%s', (_title, rule, accounts, expected) => {
    expect(matchOf(newContact(rule), { Account: accounts }).account).toEqual(expected);
  });

  it.each(['companyName', 'create'] as const)('is none without a company, by the rule %s', (rule) => {
    const { account: matched, steps } = matchOf(newContact(rule, ofCompany(null)));
    expect(matched).toBeNull();
    expect(steps).toContainEqual({
      step: 'Account of the new Contact: by the name of the company',
      outcome: 'none: the booking names no company',
    });
  });

  it('is none for an address of a free-mail provider', () => {
    const one = newContact('emailDomain', { event: { customer: customer('alpha@gmail.com') } });
    expect(matchOf(one, { Account: [account({ Website: 'gmail.com' })] }).account).toBeNull();
  });

  it('is never a Person Account', () => {
    const records = { Account: [personAccount({ Name: 'Example Offices KK', PersonEmail: null })] };
    expect(matchOf(newContact('companyName'), records, { org: PERSON_ORG }).account).toBeNull();
  });

  describe('of two that are equally good', () => {
    const two = [
      account({ LastModifiedDate: '2026-09-02T00:00:00.000+0000' }),
      account({ Id: OTHER_ACCOUNT_ID, LastModifiedDate: '2026-09-03T00:00:00.000+0000' }),
    ];

    it.each(['companyName', 'emailDomain', 'create'] as const)(
      'is neither, by the rule %s, and not a third',
      (rule) => {
        const { account: matched, steps } = matchOf(newContact(rule), { Account: two });
        expect(matched).toBeNull();
        expect(steps.map(({ outcome }) => outcome)).toContain('none: 2 Accounts equally good');
      },
    );

    it('is the one changed last, where the rules say so', () => {
      const one = newContact('companyName', {}, { ambiguous: 'mostRecentlyModified' });
      expect(matchOf(one, { Account: two }).account).toEqual(found(OTHER_ACCOUNT_ID, 'companyName'));
    });
  });

  it.each([
    ['Account', { recordId: ACCOUNT_ID }, { Account: [account({ Name: 'Else' })] }],
    ['Case', { recordId: CASE_ID }, { Case: [caseRecord({ AccountId: ACCOUNT_ID })] }],
  ])('is that of the %s that the link names', (_title, state, records) => {
    expect(matchOf(newContact('companyName', { state }), records).account).toEqual(found(ACCOUNT_ID, 'link'));
  });

  it('is not that of a linked Case when it is a Person Account, which has to be read to be known', () => {
    const one = newContact('companyName', { state: { recordId: CASE_ID } });
    const records = { Case: [caseRecord({ AccountId: ACCOUNT_ID })] };
    const { match: matched, read } = matchAndFollow(one, records, {
      org: PERSON_ORG,
      later: { Account: [personAccount({ PersonEmail: null })] },
    });
    expect(matched.account).toBeNull();
    expect(read).toEqual([[{ sobject: 'Account', ids: [ACCOUNT_ID] }]]);
  });

  it.each([
    ['the Contact is known', newContact('companyName'), { Contact: [contact({ Id: CONTACT_ID })] }],
    [
      'a Lead is made',
      candidate('alpha', { settings: settingsWith({ rules: { contactAccount: 'companyName' } }) }),
      {},
    ],
  ])('is not looked for when %s', (_title, one, records) => {
    expect(matchOf(one, { Account: [account()], ...records }).account).toBeNull();
  });
});
