import { z } from 'zod';
import {
  AdminRefusedError,
  closeGate,
  createSource,
  exportSettings,
  importSettings,
  openGate,
  readStatus,
  retry,
  type AdminDeps,
} from './admin';
import { setApiKey } from './api-key';
import { listSources, rotateSource, testSource, updateSource } from './sources';

/** Every order, with the shape of its arguments: the one list that the command line and the running server share. */
const ORDERS = {
  createSource: order(
    z.strictObject({
      id: z.string(),
      kind: z.string(),
      secret: z.string().min(1).optional(),
      mapping: z.unknown().optional(),
      completeAfterMinutes: z.number().int().min(0).nullable().optional(),
    }),
    createSource,
  ),
  listSources: order(z.strictObject({}), listSources),
  testSource: order(z.strictObject({ id: z.string() }), testSource),
  rotateSource: order(
    z.strictObject({ id: z.string(), secret: z.string().min(1).optional(), finish: z.boolean() }),
    rotateSource,
  ),
  updateSource: order(
    z.strictObject({
      id: z.string(),
      mapping: z.unknown().optional(),
      completeAfterMinutes: z.number().int().min(0).nullable().optional(),
    }),
    updateSource,
  ),
  setApiKey: order(z.strictObject({ id: z.string(), apiKey: z.string().min(1).nullable() }), setApiKey),
  openGate: order(z.strictObject({ backlog: z.boolean() }), openGate),
  closeGate: order(z.strictObject({}), closeGate),
  exportSettings: order(z.strictObject({}), exportSettings),
  importSettings: order(z.strictObject({ document: z.unknown(), author: z.string().min(1) }), importSettings),
  status: order(z.strictObject({}), readStatus),
  retry: order(
    z.strictObject({
      bookingId: z.string().nullable(),
      after: z
        .string()
        .regex(/^\d{1,18}$/)
        .nullable()
        .optional(),
    }),
    retry,
  ),
};

export type OrderName = keyof typeof ORDERS;

const envelope = z.strictObject({ order: z.string(), args: z.unknown() });

/**
 * Carries out an order as it came over the socket of the data directory, or from the command line itself.
 * @throws AdminRefusedError when there is no such order or its arguments are not of the shape.
 */
export async function carryOut(deps: AdminDeps, request: unknown): Promise<unknown> {
  const parsed = envelope.safeParse(request);
  const name = parsed.data?.order ?? '';
  if (!parsed.success || !Object.hasOwn(ORDERS, name)) {
    throw new AdminRefusedError(`The server knows no order "${name}". Is the command line of another version?`);
  }
  return ORDERS[name as OrderName](deps, parsed.data.args);
}

function order<Args, Result>(
  shape: z.ZodType<Args>,
  run: (deps: AdminDeps, args: Args) => Promise<Result>,
): (deps: AdminDeps, args: unknown) => Promise<Result> {
  return (deps, args) => {
    const parsed = shape.safeParse(args);
    if (parsed.success) return run(deps, parsed.data);
    throw new AdminRefusedError(
      parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('. '),
    );
  };
}
