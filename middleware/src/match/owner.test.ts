import { candidate, HOST, HOST_ID, settingsWith } from '../../test/support/candidate';
import type { Step } from '../booking/outcome';
import type { Rules } from '../settings/rules';
import { matchOwner } from './owner';

const LINKED_ID = '005000000000003AAA';
const FALLBACK_ID = '005000000000004AAA';

function ownerWith(
  rules: Partial<Rules>,
  users: [string, string | null][],
  host: string | null = HOST,
  hostUserId: string | null = null,
) {
  const steps: Step[] = [];
  const state = host === null ? { host: null } : { host: { id: null, email: host, name: null } };
  const one = candidate('alpha', { settings: settingsWith({ rules }), state, hostUserId });
  return { ownerId: matchOwner(one, { users: new Map(users), queues: new Map() }, steps), steps };
}

describe('matchOwner', () => {
  const linked: Partial<Rules> = {
    hostUsers: { [HOST.toUpperCase()]: 'Rep@Example.com' },
    fallbackOwner: 'admin@example.com',
  };

  it.each<[string, Partial<Rules>, [string, string | null][], string | null]>([
    ['the host by his address', {}, [[HOST, HOST_ID]], HOST_ID],
    [
      'the user whom the rules give to the host, before his address',
      linked,
      [
        ['rep@example.com', LINKED_ID],
        [HOST, HOST_ID],
      ],
      LINKED_ID,
    ],
    [
      'the host by his address where the linked user is not active',
      linked,
      [
        ['rep@example.com', null],
        [HOST, HOST_ID],
      ],
      HOST_ID,
    ],
    ['the fallback owner where the host is nobody', linked, [['admin@example.com', FALLBACK_ID]], FALLBACK_ID],
    ['nobody where nobody is left', {}, [], null],
  ])('takes %s', (_title, rules, users, expected) => {
    expect(ownerWith(rules, users).ownerId).toBe(expected);
  });

  it('takes the user whom the host is linked to before his address, and after the rules; while he is active', () => {
    const users: [string, string | null][] = [
      [LINKED_ID, LINKED_ID],
      [HOST, HOST_ID],
    ];
    expect(ownerWith({}, users, HOST, LINKED_ID).ownerId).toBe(LINKED_ID);
    const rules = { hostUsers: { [HOST]: 'rep@example.com' } };
    expect(ownerWith(rules, [...users, ['rep@example.com', FALLBACK_ID]], HOST, LINKED_ID).ownerId).toBe(FALLBACK_ID);
    const gone: [string, string | null][] = [
      [LINKED_ID, null],
      [HOST, HOST_ID],
    ];
    expect(ownerWith({}, gone, HOST, LINKED_ID)).toEqual({
      ownerId: HOST_ID,
      steps: [
        { step: 'owner: the user whom the host is linked to', outcome: `${LINKED_ID} is no active user` },
        { step: 'owner: the host as an active user', outcome: HOST_ID },
      ],
    });
  });

  it('says why', () => {
    expect(ownerWith(linked, [['rep@example.com', null]], HOST).steps).toEqual([
      { step: 'owner: the user whom the rules give to the host', outcome: 'no active user' },
      { step: 'owner: the host as an active user', outcome: 'none' },
      { step: 'owner: the fallback owner', outcome: 'no active user of that name' },
    ]);
    expect(ownerWith({}, [], null).steps[0]).toMatchObject({ outcome: 'the source names no host' });
  });
});
