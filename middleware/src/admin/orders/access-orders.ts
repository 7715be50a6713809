import { z } from 'zod';
import { AUDIT_OUTCOMES, WAYS } from '../../security/audit.store';
import { ROLES } from '../../security/role';
import { LINK_MINUTES } from '../../security/sign-in.store';
import { createLink, createToken, listAudit, listTokens, revokeToken } from '../access';
import { instant, next, nothing, order, pageSize } from './order';

const role = z.enum(ROLES).describe('Each may do what those before may: rep, member, admin, owner.');
const name = z.string().trim().min(1).max(100).describe('Who or what it is for; it stands in the audit.');
const token = {
  id: z.string(),
  name,
  role,
  createdAt: instant,
  usedAt: instant.nullable().describe('To the minute; null: never.'),
  revokedAt: instant.nullable(),
};

/** Orders about who may come in, and what they did. */
export const ACCESS_ORDERS = {
  me: order(
    {
      role: 'rep',
      args: nothing,
      answer: z.strictObject({ name: z.string(), role, teamId: z.string(), via: z.enum(WAYS) }),
      audited: null,
    },
    (_deps, _args, { name: who, role: as, teamId, via }) => Promise.resolve({ name: who, role: as, teamId, via }),
  ),
  createLink: order(
    {
      role: 'owner',
      args: z.strictObject({
        name: name.default('owner'),
        role: role.default('owner'),
        email: z
          .email()
          .optional()
          .describe('Address of whom it is for: he may link the host of that address to his Salesforce user.'),
      }),
      answer: z.strictObject({
        url: z.string().describe('Signs in once. Shown once.'),
        minutes: z.int().describe(`How long it is good: ${LINK_MINUTES}.`),
      }),
      audited: ['name', 'role'],
    },
    createLink,
  ),
  createToken: order(
    {
      role: 'owner',
      args: z.strictObject({ name, role: role.default('member') }),
      answer: z.strictObject({ ...token, token: z.string().describe('Shown once.') }),
      audited: ['name', 'role'],
    },
    createToken,
  ),
  listTokens: order(
    {
      role: 'owner',
      args: nothing,
      answer: z.strictObject({ tokens: z.array(z.strictObject(token)) }),
      audited: null,
    },
    listTokens,
  ),
  revokeToken: order(
    {
      role: 'owner',
      args: z.strictObject({ id: z.string().max(20) }),
      answer: z.strictObject({ id: z.string() }),
      audited: ['id'],
    },
    revokeToken,
  ),
  listAudit: order(
    {
      role: 'owner',
      args: z.strictObject({
        after: z
          .string()
          .regex(/^\d{1,18}$/)
          .optional()
          .describe('"next" of the answer before.'),
        limit: pageSize,
      }),
      answer: z.strictObject({
        entries: z.array(
          z.strictObject({
            id: z.string(),
            at: instant,
            name: z.string(),
            role,
            via: z.enum(WAYS),
            action: z.string().describe('Name of the order.'),
            args: z.unknown().describe('Without secrets and personal data.'),
            outcome: z.enum(AUDIT_OUTCOMES).nullable().describe('Null: under way, or the server died in it.'),
          }),
        ),
        next,
      }),
      audited: null,
    },
    listAudit,
  ),
};
