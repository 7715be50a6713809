import { z } from 'zod';
import { closeAudit, openAudit, type Actor } from '../../security/audit.store';
import { hasRole } from '../../security/role';
import { DEFAULT_TEAM, type AdminDeps } from '../admin';
import { findTeam } from '../../sync/org.store';
import { AdminRefusedError, ForbiddenError, InvalidArgsError, isRefusal, NotFoundError } from '../refused';
import { ACCESS_ORDERS } from './access-orders';
import { BOOKING_ORDERS } from './booking-orders';
import { BUDGET_ORDERS } from './budget-orders';
import { CONNECTION_ORDERS } from './connection-orders';
import { CUSTOMER_ORDERS } from './customer-orders';
import { DELIVERY_ORDERS } from './delivery-orders';
import { DOCTOR_ORDERS } from './doctor-orders';
import { DRIFT_ORDERS } from './drift-orders';
import { DRY_RUN_ORDERS } from './dry-run-orders';
import { HOST_ORDERS } from './host-orders';
import { NOTICE_ORDERS } from './notice-orders';
import type { Order } from './order';
import { ORG_ORDERS } from './org-orders';
import { SETTINGS_FIELD_ORDERS } from './settings-field-orders';
import { SETTINGS_ORDERS } from './settings-orders';
import { SOURCE_ORDERS } from './source-orders';
import { SWITCH_ORDERS } from './switch-orders';
import { TEAM_ORDERS } from './team-orders';

/** Every order: the one list that the command line, the API and the console share. */
export const ORDERS = {
  ...SOURCE_ORDERS,
  ...ORG_ORDERS,
  ...CONNECTION_ORDERS,
  ...SWITCH_ORDERS,
  ...HOST_ORDERS,
  ...DOCTOR_ORDERS,
  ...BUDGET_ORDERS,
  ...SETTINGS_ORDERS,
  ...SETTINGS_FIELD_ORDERS,
  ...DRIFT_ORDERS,
  ...DRY_RUN_ORDERS,
  ...BOOKING_ORDERS,
  ...CUSTOMER_ORDERS,
  ...DELIVERY_ORDERS,
  ...NOTICE_ORDERS,
  ...ACCESS_ORDERS,
  ...TEAM_ORDERS,
} satisfies Record<string, Order>;

type Orders = typeof ORDERS;
/** Name of an order. */
export type OrderName = keyof Orders;
/** What an order takes, as it is given. */
export type OrderArgs<Name extends OrderName> = z.input<Orders[Name]['args']>;
/** What an order answers inside this process: instants are dates. */
export type OrderResult<Name extends OrderName> = Awaited<ReturnType<Orders[Name]['run']>>;

/**
 * Carries out an order of somebody, and writes it into the audit when it changes something.
 *
 * @throws ForbiddenError when his role may not; InvalidArgsError with every fault of the arguments; and what the order
 *   itself throws, of which `refusalOf` tells the refusals.
 */
export async function carryOut<Name extends OrderName>(
  deps: AdminDeps,
  actor: Actor,
  name: Name,
  args: unknown,
): Promise<OrderResult<Name>> {
  const { role, args: shape, audited, run }: Order = ORDERS[name];
  if (!hasRole(actor.role, role)) {
    throw new ForbiddenError(`This takes the role ${role}, and ${actor.name} has the role ${actor.role}.`);
  }
  const parsed = shape.safeParse(args);
  if (!parsed.success) {
    throw new InvalidArgsError(
      parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), error: message })),
    );
  }
  const ofTeam = { ...deps, teamId: actor.teamId };
  const perform = (): Promise<unknown> => run(ofTeam, parsed.data as never, actor);
  if (audited === null) return (await perform()) as OrderResult<Name>;
  const told = Object.fromEntries(
    audited.flatMap((field) => (parsed.data[field] === undefined ? [] : [[field, parsed.data[field]]])),
  );
  const entry = await openAudit(deps.store, { actor, action: name, args: told, at: deps.now() });
  try {
    const result = await perform();
    await closeAudit(deps.store, entry, 'done');
    return result as OrderResult<Name>;
  } catch (error) {
    await closeAudit(deps.store, entry, isRefusal(error) ? 'refused' : 'failed');
    throw error;
  }
}

const command = z.strictObject({
  order: z.string(),
  args: z.unknown(),
  by: z.string().max(100).optional(),
  team: z.string().max(30).optional(),
});

/**
 * Carries out what came over the socket of the data directory, or from the command line itself. Whoever can reach
 * either can read the store and its key: he is the owner.
 *
 * @throws AdminRefusedError when there is no such order, NotFoundError when there is no such team, and as `carryOut`.
 */
export async function carryOutCommand(deps: AdminDeps, request: unknown): Promise<unknown> {
  const parsed = command.safeParse(request);
  const name = parsed.data?.order ?? '';
  if (!parsed.success || !Object.hasOwn(ORDERS, name)) {
    throw new AdminRefusedError(`The server knows no order "${name}". Is the command line of another version?`);
  }
  const { by = 'command line', args, team = DEFAULT_TEAM } = parsed.data;
  if ((await findTeam(deps.store, team)) === null) {
    throw new NotFoundError(`There is no team "${team}". "booking-connector team list" names those that there are.`);
  }
  const actor: Actor = { name: by, role: 'owner', teamId: team, via: 'cli' };
  return carryOut(deps, actor, name as OrderName, args);
}
