import { candidate, found, HOST, HOST_ID, settingsWith } from '../../test/support/candidate';
import { matchOf } from '../../test/support/match';
import { askedOf, directoryIn } from './directory';
import type { Directory, FoundRecord } from './match-types';

const FALLBACK = 'fallback@example.com';
const FALLBACK_ID = '005000000000002AAA';
const NOBODY: Directory = { users: new Map(), queues: new Map() };
const { owner } = settingsWith().rules;

describe('match finds the owner of the Event', () => {
  const withFallback = settingsWith({ rules: { fallbackOwner: 'Fallback@Example.com' } });
  const ownerOf = (users: [string, string | null][], { settings = withFallback, state = {} } = {}) =>
    matchOf(candidate('alpha', { settings, state }), {}, { users }).ownerId;

  it.each<[string, [string, string | null][], string | null]>([
    ['the host', [[HOST, HOST_ID]], HOST_ID],
    [
      'the host before the fallback owner',
      [
        [HOST, HOST_ID],
        [FALLBACK, FALLBACK_ID],
      ],
      HOST_ID,
    ],
    [
      'the fallback owner when the host is no user',
      [
        [HOST, null],
        [FALLBACK, FALLBACK_ID],
      ],
      FALLBACK_ID,
    ],
    [
      'nobody when the fallback owner is no user either',
      [
        [HOST, null],
        [FALLBACK, null],
      ],
      null,
    ],
    ['nobody when nobody is known', [], null],
  ])('%s', (_title, users, expected) => {
    expect(ownerOf(users)).toBe(expected);
  });

  it('the fallback owner when the source names no host', () => {
    expect(ownerOf([[FALLBACK, FALLBACK_ID]], { state: { host: null } })).toBe(FALLBACK_ID);
  });

  it('nobody when no fallback owner is set', () => {
    expect(ownerOf([[HOST, null]], { settings: settingsWith() })).toBeNull();
  });
});

describe('askedOf', () => {
  it('asks for hosts, guests, fallback owners, and users and queues of owner rules', () => {
    const settings = settingsWith({
      rules: {
        fallbackOwner: 'Fallback@Example.com',
        guests: 'invite',
        owner: {
          ...owner,
          Lead: { onCreate: { kind: 'queue', queue: 'New_Leads' }, onExisting: { kind: 'keep' } },
          Contact: { onCreate: { kind: 'host' }, onExisting: { kind: 'user', username: 'Named@Example.com' } },
        },
      },
    });
    const guests = [{ email: ' Guest@example.test ' }, { email: 'none' }];
    expect(askedOf([candidate('alpha', { settings, event: { guests } })], NOBODY)).toEqual({
      emails: [HOST, 'guest@example.test'],
      ids: [],
      usernames: [FALLBACK, 'named@example.com'],
      queues: ['new_leads'],
    });
  });

  it('does not ask again for whom it knows, or knows to be nobody', () => {
    const known: Directory = { users: new Map([[HOST, null]]), queues: new Map() };
    expect(askedOf([candidate()], known)).toEqual({ emails: [], ids: [], usernames: [], queues: [] });
  });

  it('does not ask for guests who are not invited', () => {
    const one = candidate('alpha', { event: { guests: [{ email: 'guest@example.test' }] } });
    expect(askedOf([one], NOBODY).emails).toEqual([HOST]);
  });
});

describe('directoryIn', () => {
  const user = (Id: string, Email: string, Username = `${Id}@users.test`): FoundRecord => ({ Id, Email, Username });
  const asked = { emails: [HOST], ids: [], usernames: [], queues: [] };

  it.each<[string, FoundRecord[], string | null]>([
    ['by e-mail', [user('005A', HOST)], '005A'],
    ['by e-mail in another case', [user('005A', HOST.toUpperCase())], '005A'],
    ['by the e-mail that a sandbox made of it', [user('005A', `${HOST}.invalid`)], '005A'],
    ['by username', [user('005A', 'else@example.com', 'Host.One@example.com')], '005A'],
    ['by a username with the suffix of a sandbox', [user('005A', 'else@example.com', `${HOST}.invalid`)], '005A'],
    ['by e-mail before username', [user('005A', HOST), user('005B', 'else@example.com', HOST)], '005A'],
    ['of two with one e-mail, who has it as username', [user('005A', HOST), user('005B', HOST, HOST)], '005B'],
    ['nobody, of two with one e-mail', [user('005A', HOST), user('005B', HOST)], null],
    ['nobody who is not active', [{ ...user('005A', HOST), IsActive: false }], null],
    ['nobody who is not a Standard user', [{ ...user('005A', HOST), UserType: 'PowerPartner' }], null],
    ['nobody, when none was found', [], null],
  ])('finds a host %s', (_title, users, expected) => {
    expect(directoryIn(found({ User: users }), asked).users).toEqual(new Map([[HOST, expected]]));
  });

  it('finds who is named by username by that first', () => {
    const users = [user('005A', HOST), user('005B', 'else@example.com', HOST)];
    const byName = { emails: [], ids: [], usernames: [HOST], queues: [] };
    expect(directoryIn(found({ User: users }), byName).users).toEqual(new Map([[HOST, '005B']]));
    expect(directoryIn(found({ User: users.slice(0, 1) }), byName).users).toEqual(new Map([[HOST, '005A']]));
  });

  it('finds queues by developer name, in any case', () => {
    const queues = found({ Group: [{ Id: '00G1', DeveloperName: 'New_Leads' }] });
    expect(directoryIn(queues, { emails: [], ids: [], usernames: [], queues: ['new_leads', 'gone'] }).queues).toEqual(
      new Map([
        ['new_leads', '00G1'],
        ['gone', null],
      ]),
    );
  });

  it('says so of everybody asked, also when the org shows no users', () => {
    expect(directoryIn(found(), { emails: [HOST], ids: [], usernames: [FALLBACK], queues: [] }).users).toEqual(
      new Map([
        [HOST, null],
        [FALLBACK, null],
      ]),
    );
  });
});
