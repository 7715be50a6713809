import { HOST } from '../../test/support/candidate';
import { hostUserIn } from './host-user';

const user = (Id: string, Email: string, Username: string, IsActive = true) => ({ Id, Email, Username, IsActive });
const ANA = user('005000000000001AAA', `${HOST}.invalid`, 'ana@sf.test');
const BEN = user('005000000000002AAA', 'ben@sf.test', 'ben@sf.test.uat');
const EVE = user('005000000000003AAA', 'eve@other.test', HOST);
const GONE = user('005000000000004AAA', 'gone@sf.test', 'gone@sf.test', false);
const NOTHING = { ruleUser: null, linkedId: null };

it.each([
  ['the address', NOTHING, [ANA, BEN], { userId: ANA.Id, username: 'ana@sf.test', by: 'email' }],
  ['the address as a username', NOTHING, [BEN, EVE], { userId: EVE.Id, username: HOST, by: 'username' }],
  ['a link before the address', { ...NOTHING, linkedId: BEN.Id }, [ANA, BEN], { userId: BEN.Id, by: 'link' }],
  ['a rule before a link', { ruleUser: 'Ana@sf.test', linkedId: BEN.Id }, [ANA, BEN], { userId: ANA.Id, by: 'rule' }],
  ['the address where the linked user is not active', { ...NOTHING, linkedId: GONE.Id }, [ANA, GONE], { by: 'email' }],
  ['the link where the rule names nobody', { ruleUser: 'gone@sf.test', linkedId: BEN.Id }, [BEN, GONE], { by: 'link' }],
])('the user of a host is found by %s', (_, known, users, expected) => {
  expect(hostUserIn(HOST, known, users)).toMatchObject(expected);
});

it('is nobody where several share the address, or nobody is active', () => {
  const twin = { ...ANA, Id: BEN.Id, Username: 'twin@sf.test' };
  expect(hostUserIn(HOST, NOTHING, [ANA, twin])).toBeNull();
  expect(hostUserIn(HOST, { ...NOTHING, linkedId: GONE.Id }, [GONE])).toBeNull();
});
