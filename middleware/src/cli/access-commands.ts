import { Option, type Command } from 'commander';
import type { ApiToken } from '../security/api-token.store';
import type { AuditEntry } from '../security/audit.store';
import { ROLES } from '../security/role';
import { order } from './order';
import { inUtc, printer } from './print';
import type { Terminal } from './terminal';

/** `link`, `token ...` and `audit`: who may come in, and what they did. */
export function addAccessCommands(program: Command, terminal: Terminal): void {
  const print = printer(terminal);
  const role = (): Option => new Option('--role <role>', 'what it may do').choices(ROLES);

  program
    .command('link')
    .description('make a link that signs somebody in to the console, once')
    .option('--name <name>', 'who it is for: stands in the audit', 'owner')
    .addOption(role().default('owner'))
    .option('--email <address>', 'address of whom it is for: lets that host link himself to his Salesforce user')
    .option('--json', 'print JSON')
    .action(async ({ json, ...asked }: { name: string; role: string; email?: string; json?: true }) => {
      const link = (await order(terminal, 'createLink', asked)) as { url: string; minutes: number };
      print(json, link, `${link.url}\nIt signs in once, within ${link.minutes} minutes.`);
    });

  const token = program.command('token').description('tokens for programs that use the API');
  token
    .command('create <name>')
    .description('make a token, and show it once')
    .addOption(role().default('member'))
    .option('--json', 'print JSON')
    .action(async (name: string, options: { role: string; json?: true }) => {
      const made = (await order(terminal, 'createToken', { name, role: options.role })) as ApiToken & { token: string };
      print(
        options.json,
        made,
        `${made.token}\nIt is not shown again. Send it as: Authorization: Bearer <token>\nTake it back with: booking-connector token revoke ${made.id}`,
      );
    });
  token
    .command('list')
    .description('every token, without the tokens themselves')
    .option('--json', 'print JSON')
    .action(async (options: { json?: true }) => {
      const { tokens } = (await order(terminal, 'listTokens', {})) as { tokens: ApiToken[] };
      print(options.json, { tokens }, tokens.map(tokenInWords).join('\n') || 'There is no token yet.');
    });
  token
    .command('revoke <id>')
    .description('take a token out of use for good; the id is in the list')
    .option('--json', 'print JSON')
    .action(async (id: string, options: { json?: true }) => {
      print(options.json, await order(terminal, 'revokeToken', { id }), `Token ${id} opens nothing any more.`);
    });

  program
    .command('audit')
    .description('what was ordered by whom, the newest 50 first')
    .option('--json', 'print JSON')
    .action(async (options: { json?: true }) => {
      const answer = (await order(terminal, 'listAudit', {})) as { entries: AuditEntry[]; next: string | null };
      print(options.json, answer, answer.entries.map(entryInWords).join('\n') || 'Nothing was ordered yet.');
    });
}

function tokenInWords({ id, name, role, createdAt, usedAt, revokedAt }: ApiToken): string {
  const use = usedAt === null ? 'never used' : `last used ${inUtc(usedAt)}`;
  const end = revokedAt === null ? '' : `, revoked ${inUtc(revokedAt)}`;
  return `${id}  ${name} (${role}), made ${inUtc(createdAt)}, ${use}${end}`;
}

function entryInWords({ at, name, role, via, action, args, outcome }: AuditEntry): string {
  return `${inUtc(at)}  ${name} (${role}, ${via})  ${action} ${JSON.stringify(args)}: ${outcome ?? 'not finished'}`;
}
