import { found, HOST, HOST_ID } from '../../test/support/candidate';
import { SILENT } from '../../test/support/postgres';
import { connectOrg } from '../salesforce/org-connection';
import { createOrgSession } from './org-session';

const NOW = new Date('2026-10-05T01:00:00.000Z');
const inMinutes = (minutes: number): Date => new Date(NOW.getTime() + minutes * 60_000);
const asked = { emails: [HOST, 'nobody@example.com'], ids: [], usernames: [], queues: ['support', 'gone'] };
const read = found({
  User: [{ Id: HOST_ID, Email: HOST, Username: HOST }],
  Group: [{ Id: '00G000000000001AAA', DeveloperName: 'Support' }],
});

describe('the directory of a session', () => {
  // Nothing is sent: what is remembered needs no org.
  const learnt = () => {
    const session = createOrgSession(
      connectOrg({
        loginUrl: 'https://login.salesforce.com',
        clientId: 'id',
        clientSecret: 'secret',
        log: SILENT,
        now: () => NOW,
      }),
    );
    session.learn(read, asked, NOW);
    return session;
  };
  const namesAt = (minutes: number) => {
    const { users, queues } = learnt().directory(inMinutes(minutes));
    return [...users.keys(), ...queues.keys()];
  };

  it('knows users and queues, and who is none', () => {
    const { users, queues } = learnt().directory(NOW);
    expect([...users]).toEqual([
      [HOST, HOST_ID],
      ['nobody@example.com', null],
    ]);
    expect([...queues]).toEqual([
      ['support', '00G000000000001AAA'],
      ['gone', null],
    ]);
  });

  it.each([
    [4, [HOST, 'nobody@example.com', 'support', 'gone']],
    [5, [HOST, 'support']],
    [59, [HOST, 'support']],
    [60, []],
  ])('believes an absence for five minutes and an id for an hour: after %i minutes', (minutes, names) => {
    expect(namesAt(minutes)).toEqual(names);
  });

  it('forgets when something was not as believed', () => {
    const session = learnt();
    session.forget();
    expect(session.directory(NOW)).toEqual({ users: new Map(), queues: new Map() });
  });
});
