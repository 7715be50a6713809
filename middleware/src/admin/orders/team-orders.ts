import { z } from 'zod';
import { createTeam, listTeams } from '../teams';
import { nothing, order } from './order';

const team = z.strictObject({
  id: z.string(),
  orgId: z.string().nullable().describe('The org that its bookings are written to; null: none, they wait.'),
});

/** Orders about teams, for the operator at the command line. */
export const TEAM_ORDERS = {
  listTeams: order(
    { role: 'owner', args: nothing, answer: z.strictObject({ teams: z.array(team) }), audited: null },
    listTeams,
  ),
  createTeam: order(
    {
      role: 'owner',
      args: z.strictObject({ id: z.string(), org: z.string().optional() }),
      answer: team,
      audited: ['id', 'org'],
    },
    createTeam,
  ),
};
