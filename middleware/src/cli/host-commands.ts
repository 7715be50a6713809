import type { Command } from 'commander';
import type { ChangedHost, ShownHost, ShownHosts } from '../admin/hosts';
import { order } from './order';
import { printer } from './print';
import type { Terminal } from './terminal';

const BY: Record<NonNullable<ShownHost['user']>['by'], string> = {
  rule: 'by the rule hostUsers of the settings',
  link: 'by a link',
  email: 'by e-mail',
  username: 'by username',
};

/** `host list|link|unlink`: which Salesforce user a host is. */
export function addHostCommands(program: Command, terminal: Terminal): void {
  const print = printer(terminal);
  const host = program.command('host').description('hosts of bookings, and the Salesforce users who own their Events');
  host
    .command('list')
    .description('every host, and how he is matched to a user; one API call')
    .option('--json', 'print JSON')
    .action(async (options: { json?: true }) => {
      const answer = (await order(terminal, 'listHosts', {})) as ShownHosts;
      print(options.json, answer, hostsInWords(answer));
    });
  host
    .command('link <email> <user>')
    .description('have a user own the Events of a host: username or id')
    .option('--json', 'print JSON')
    .action(async (email: string, user: string, options: { json?: true }) => {
      const answer = (await order(terminal, 'linkHost', { host: email, user })) as ChangedHost;
      const words = `${answer.host} is ${answer.link?.username ?? 'nobody'} from now on.`;
      print(options.json, answer, `${words} ${replannedInWords(answer)}`);
    });
  host
    .command('unlink <email>')
    .description('end the link of a host: his address counts again')
    .option('--json', 'print JSON')
    .action(async (email: string, options: { json?: true }) => {
      const answer = (await order(terminal, 'unlinkHost', { host: email })) as ChangedHost;
      print(options.json, answer, `${answer.host} is linked to nobody. ${replannedInWords(answer)}`);
    });
}

function replannedInWords({ replanned }: ChangedHost): string {
  return `Bookings to come that are planned anew: ${replanned}.`;
}

function hostsInWords({ hosts, notAsked }: ShownHosts): string {
  if (hosts.length === 0) return 'No booking has named a host yet.';
  const lines = hosts.map(({ email, name, upcoming, link, user, said }) => {
    const who = name === null ? email : `${email} (${name})`;
    const linked = link === null ? '' : ` Linked to ${link.username} by ${link.linkedBy}.`;
    const matched =
      notAsked !== null
        ? linked.trim()
        : user === null
          ? 'no active user: the fallback owner.'
          : `${user.username}, ${BY[user.by]}.`;
    return `${who}, ${upcoming} to come: ${[matched, said ?? ''].join(' ').trim()}`;
  });
  return [...lines, ...(notAsked === null ? [] : [notAsked])].join('\n');
}
