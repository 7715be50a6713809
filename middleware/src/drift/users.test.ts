import { DEFAULT_SETTINGS, type Settings } from '../settings/settings';
import {
  askedOfTeams,
  hostsOf,
  learnt,
  userFindings,
  usersRequest,
  userStates,
  type KnownUser,
  type WatchedTeam,
} from './users';

const settingsWith = (rules: Partial<Settings['rules']>): Settings => ({
  ...DEFAULT_SETTINGS,
  rules: { ...DEFAULT_SETTINGS.rules, ...rules },
});
const team = (
  rules: Partial<Settings['rules']>,
  hosts: string[] = [],
  links: [host: string, userId: string][] = [],
): WatchedTeam => ({
  teamId: 'default',
  settings: settingsWith(rules),
  hosts,
  links: new Map(links.map(([host, userId]) => [host, { userId, username: `user-${userId}` }])),
});

describe('the users that a look asks for', () => {
  it('are those whom settings name and the hosts of bookings to come, each once', () => {
    const teams = [
      team({ fallbackOwner: 'Boss@x.test', hostUsers: { 'ada@x.test': 'ada@sf.test' } }, ['ada@x.test', 'boss@x.test']),
      team({ fallbackOwner: 'boss@x.test' }, ['ada@x.test']),
    ];
    expect(askedOfTeams(teams)).toEqual({
      emails: ['ada@x.test'],
      ids: [],
      usernames: ['ada@sf.test', 'boss@x.test'],
      queues: [],
    });
  });

  it('are nobody where nobody is named, and 400 at most', () => {
    expect(usersRequest(askedOfTeams([team({})]))).toBeNull();
    const hosts = Array.from({ length: 450 }, (_, index) => `host${index}@x.test`);
    const asked = askedOfTeams([team({ fallbackOwner: 'boss@x.test' }, hosts)]);
    expect(asked.emails).toHaveLength(399);
    expect(usersRequest(asked)).not.toBeNull();
  });
});

it('tells active users from those who are not, also in a sandbox', () => {
  const user = (Id: string, name: string, IsActive: boolean) => ({ Id, Email: name, Username: name, IsActive });
  const users = [user('005A', 'ada@x.test.invalid', true), user('005B', 'Bob@x.test.invalid', false)];
  const asked = { emails: ['ada@x.test', 'bob@x.test', 'eve@x.test'], ids: [], usernames: [], queues: [] };
  expect(Object.fromEntries(userStates(users, asked))).toEqual({
    'ada@x.test': { activeId: '005A', inactiveId: null },
    'bob@x.test': { activeId: null, inactiveId: '005B' },
    'eve@x.test': { activeId: null, inactiveId: null },
  });
});

describe('what is learnt of a name', () => {
  const ACTIVE: KnownUser = { userId: '005A', isActive: true };
  it.each([
    ['new and active', undefined, { activeId: '005A', inactiveId: null }, ACTIVE, false],
    ['new and nobody', undefined, { activeId: null, inactiveId: null }, { userId: null, isActive: false }, false],
    ['new and inactive', undefined, { activeId: null, inactiveId: '005A' }, { userId: '005A', isActive: false }, true],
    ['as before', ACTIVE, { activeId: '005A', inactiveId: null }, ACTIVE, false],
    ['deactivated', ACTIVE, { activeId: null, inactiveId: '005A' }, { userId: '005A', isActive: false }, true],
    ['gone', ACTIVE, { activeId: null, inactiveId: null }, { userId: '005A', isActive: false }, true],
    ['another user', ACTIVE, { activeId: '005B', inactiveId: null }, { userId: '005B', isActive: true }, true],
    ['active again', { userId: '005A', isActive: false }, { activeId: '005A', inactiveId: null }, ACTIVE, true],
    ['a user at last', { userId: null, isActive: false }, { activeId: '005A', inactiveId: null }, ACTIVE, true],
  ])('%s', (_, before, state, known, isChanged) => {
    expect(learnt(before, state)).toEqual({ known, isChanged });
  });
});

it('has the hosts planned anew whose own address or linked user changed', () => {
  const rules = { hostUsers: { 'Ada@x.test': 'ADA@sf.test' } };
  const one = team(rules, ['ada@x.test', 'bob@x.test', 'eve@x.test']);
  expect(hostsOf(new Set(['ada@sf.test', 'bob@x.test']), one)).toEqual(['ada@x.test', 'bob@x.test']);
});

describe('a user who is no longer active', () => {
  const lost: KnownUser = { userId: '005A', isActive: false };
  const active: KnownUser = { userId: '005B', isActive: true };
  const users = (known: Record<string, KnownUser>) => new Map(Object.entries(known));

  it('who hosts is a warning where a fallback owner stands in, else an error', () => {
    const known = users({ 'ada@x.test': lost, 'boss@x.test': active });
    expect(userFindings(team({ fallbackOwner: 'boss@x.test' }, ['ada@x.test']), known)).toMatchObject([
      { kind: 'userInactive', severity: 'warning', what: expect.stringContaining('ada@x.test') },
    ]);
    expect(userFindings(team({}, ['ada@x.test']), known)).toMatchObject([{ severity: 'error' }]);
  });

  it('who is the fallback owner is an error, told once', () => {
    const known = users({ 'boss@x.test': lost });
    expect(userFindings(team({ fallbackOwner: 'boss@x.test' }), known)).toMatchObject([{ severity: 'error' }]);
  });

  it('is nothing where the host is linked to another who is', () => {
    const known = users({ 'ada@x.test': lost, 'ada@sf.test': active });
    expect(userFindings(team({ hostUsers: { 'ada@x.test': 'ada@sf.test' } }, ['ada@x.test']), known)).toEqual([]);
  });

  it('whom a host is linked to is told, also where the address leads to another', () => {
    const known = users({ '005A': lost, 'ada@x.test': active });
    const one = team({}, ['ada@x.test'], [['ada@x.test', '005A']]);
    expect(userFindings(one, known)).toMatchObject([
      { severity: 'warning', what: expect.stringContaining('user-005A') },
    ]);
    expect(userFindings(one, users({ '005A': lost }))).toMatchObject([{ severity: 'error' }]);
    expect(hostsOf(new Set(['005A']), one)).toEqual(['ada@x.test']);
  });

  it('is nobody who never was a user', () => {
    const known = users({ 'ada@x.test': { userId: null, isActive: false } });
    expect(userFindings(team({}, ['ada@x.test']), known)).toEqual([]);
  });
});
