import type { Command } from 'commander';
import type { Team } from '../sync/org.store';
import { order } from './order';
import { printer } from './print';
import type { Terminal } from './terminal';

/** Adds `team list` and `team create`. */
export function addTeamCommands(program: Command, terminal: Terminal): void {
  const print = printer(terminal);
  const team = program.command('team').description('Teams: each has settings, sources and customers of its own.');
  team
    .command('list')
    .description('Lists the teams, with the org of each.')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      const answer = (await order(terminal, 'listTeams', {})) as { teams: Team[] };
      const words = answer.teams.map(({ id, orgId }) => `${id}: ${orgId === null ? 'no org' : `org ${orgId}`}`);
      print(options.json, answer, words.join('\n'));
    });
  team
    .command('create <id>')
    .description('Makes a team. Every other command takes --team <id>.')
    .option('--org <id>', 'the org that its bookings are written to; left out: the only one that is connected')
    .option('--json', 'print JSON')
    .action(async (id: string, options: { org?: string; json?: boolean }) => {
      const answer = (await order(terminal, 'createTeam', { id, org: options.org })) as Team;
      const org = answer.orgId === null ? 'It is linked to no org yet.' : `Its bookings go to the org ${answer.orgId}.`;
      print(options.json, answer, `The team ${id} is made. ${org}`);
    });
}
