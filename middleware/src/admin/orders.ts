import { z } from 'zod';
import { AdminRefusedError, closeGate, createSource, openGate, readStatus, retry, type AdminDeps } from './admin';
import { MAPPED_OBJECTS } from '../settings/objects';
import { setApiKey } from './api-key';
import { dryRunBody, dryRunLatest } from './dry-run';
import { replan } from './replan';
import {
  checkNamedSettings,
  diffNamedSettings,
  exportSettings,
  importSettings,
  listVersions,
  rollBackSettings,
} from './settings';
import { listPages, readFieldChoices, readPageTemplate, readRequiredFields } from './settings-fields';
import { listSources, rotateSource, testSource, updateSource } from './sources';

const version = z.number().int().min(0);
const author = z.string().min(1);
const namedSettings = z.strictObject({ version: version.optional(), document: z.unknown().optional() });
const mappedObject = z.enum(MAPPED_OBJECTS);

/** Bookings that settings are tried on at once: as many as a turn takes. */
const MOST_TRIED = 200;

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
  exportSettings: order(z.strictObject({ version: version.optional() }), exportSettings),
  importSettings: order(
    z.strictObject({ document: z.unknown(), author, expectedVersion: version.optional() }),
    importSettings,
  ),
  checkSettings: order(namedSettings, checkNamedSettings),
  diffSettings: order(z.strictObject({ from: namedSettings, to: namedSettings }), diffNamedSettings),
  listSettingsVersions: order(z.strictObject({}), listVersions),
  rollBackSettings: order(z.strictObject({ version, author, expectedVersion: version.optional() }), rollBackSettings),
  fieldChoices: order(z.strictObject({ object: mappedObject }), readFieldChoices),
  requiredFields: order(z.strictObject({ object: mappedObject.optional() }), readRequiredFields),
  listPages: order(z.strictObject({}), listPages),
  pageTemplate: order(z.strictObject({ key: z.string() }), readPageTemplate),
  dryRunBody: order(
    z.strictObject({ source: z.string().min(1), body: z.string(), ...namedSettings.shape }),
    dryRunBody,
  ),
  dryRunLatest: order(
    z.strictObject({ last: z.number().int().min(1).max(MOST_TRIED), asNew: z.boolean(), ...namedSettings.shape }),
    dryRunLatest,
  ),
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
  replan: order(z.strictObject({ page: z.string().min(1).nullable() }), replan),
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
