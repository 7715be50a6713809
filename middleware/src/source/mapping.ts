import { z } from 'zod';
import type { JsonValue } from '../booking/booking-event';
import { readJson } from './body';
import { openSandbox } from './mapping-sandbox';
import type { FieldError } from './source';

const expression = z
  .string({ error: 'expected a JSONata expression as a text' })
  .min(1, { error: 'expected a JSONata expression, got an empty text' })
  .max(4000, { error: 'expected a JSONata expression of up to 4,000 characters' });

const optional = expression.optional();

const NAME = 'expected a short name of a-z, 0-9 and hyphens';

/** Names as they stand in a template between quotes. */
const templateName = z.string().regex(/^[A-Za-z0-9_-]{1,60}$/, {
  error: 'expected a name of letters, digits, underscores and hyphens',
});

/** An object of named values: one expression that gives it, or an expression for each name. */
const named = z.union([expression, z.record(z.string().min(1).max(255), expression)], {
  error: 'expected an expression, or an object of expressions',
});

/** How the bodies of one sender become booking events: a JSONata expression for each field of the standard format. */
export const mappingSchema = z
  .strictObject({
    $schema: z.string().optional().describe('For editors; not read.'),
    name: z
      .string({ error: NAME })
      .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, { error: NAME })
      .describe('Names the kind of source: mapped:<name>.'),
    description: z.string().optional(),
    tokenHeader: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,60}$/, { error: 'expected the name of a header' })
      .default('x-booking-token')
      .describe('The header that carries the token; `Authorization: Bearer <token>` is taken too.'),
    body: z
      .union([z.enum(['json', 'form']), z.strictObject({ template: z.array(templateName).min(1).max(100) })], {
        error: "expected 'json', 'form' or {template: [names]}",
      })
      .optional()
      .describe('How bodies are written. Left out: JSON, or a form where the body is none.'),
    each: optional.describe('Gives the list of bookings in a body that carries several; each is then $.'),
    when: optional.describe('Has to give true; a body for which it does not is ignored.'),
    deliveryKey: optional.describe(
      'The same for a repeated delivery, different for another fact. Left out: the bytes.',
    ),
    kind: expression,
    bookingKey: expression,
    occurredAt: expression.describe('$receivedAt where the sender does not say it.'),
    replacesKey: optional,
    replacedByKey: optional,
    sequence: optional,
    reason: optional,
    actor: optional,
    startsAt: expression,
    endsAt: optional,
    durationMinutes: optional,
    allDay: optional,
    timeZone: optional,
    subject: optional,
    page: z.strictObject({ id: expression, name: optional }).optional(),
    host: z.strictObject({ id: optional, email: optional, name: optional }).optional(),
    customer: z
      .strictObject({
        id: optional,
        email: optional,
        name: optional,
        firstName: optional,
        lastName: optional,
        phone: optional,
        company: optional,
        timeZone: optional,
      })
      .optional(),
    guests: optional,
    answers: named.optional(),
    campaign: named.optional(),
    recordId: optional,
    location: optional,
    joinUrl: optional,
    manageUrl: optional,
    cancelUrl: optional,
    payment: z.strictObject({ amount: expression, currency: expression, reference: optional }).optional(),
  })
  .refine(({ endsAt, durationMinutes, allDay }) => (endsAt ?? durationMinutes ?? allDay) !== undefined, {
    path: ['endsAt'],
    error: 'expected endsAt or durationMinutes',
  });

export type Mapping = z.infer<typeof mappingSchema>;

/** A mapping as it is written down: what has a default may be missing. */
export type MappingDocument = z.input<typeof mappingSchema>;

/** A mapping that cannot be used, with everything that is wrong with it. */
export class InvalidMappingError extends Error {
  override readonly name = 'InvalidMappingError';
  readonly code = 'INVALID_MAPPING';

  constructor(readonly errors: readonly FieldError[]) {
    super(`The mapping cannot be used. ${errors.map(({ field, error }) => `${field}: ${error}`).join('. ')}`);
  }
}

/** Fields that say how a body is read; all others are expressions. */
const SETTINGS = new Set(['$schema', 'name', 'description', 'tokenHeader', 'body']);

/** The expressions of a mapping by their path in the standard format, e.g. `customer.email`, in the order written. */
export function expressionsOf(mapping: Mapping): { path: string[]; source: string }[] {
  return Object.entries(mapping).flatMap(([field, written]) => {
    if (SETTINGS.has(field) || written === undefined) return [];
    if (typeof written === 'string') return [{ path: [field], source: written }];
    return Object.entries(written as Record<string, string | undefined>).flatMap(([inner, source]) =>
      source === undefined ? [] : [{ path: [field, inner], source }],
    );
  });
}

/**
 * Checks a mapping as it was written down or stored: its form, and whether its expressions can be read.
 * @throws InvalidMappingError with every fault: the field, and for an expression the position in it.
 */
export function readMapping(written: JsonValue | MappingDocument): Mapping {
  const parsed = mappingSchema.safeParse(written);
  if (!parsed.success) {
    throw new InvalidMappingError(
      parsed.error.issues.flatMap((issue) => {
        const field = issue.path.join('.') || 'mapping';
        return issue.code === 'unrecognized_keys'
          ? issue.keys.map((key) => ({
              field: [...issue.path, key].join('.') || '""',
              error: 'is not a field of a mapping. Is it spelt as in docs/sources/mapped.md?',
            }))
          : [{ field, error: issue.message }];
      }),
    );
  }
  const errors = openSandbox(expressionsOf(parsed.data)).errors;
  if (errors.length > 0) throw new InvalidMappingError(errors);
  return parsed.data;
}

/**
 * Reads a mapping from the bytes of its file.
 * @throws InvalidMappingError as `readMapping`, and when the bytes are not JSON.
 */
export function parseMapping(bytes: Buffer): Mapping {
  const read = readJson(bytes);
  if ('refused' in read) {
    throw new InvalidMappingError(read.refused.map(({ error }) => ({ field: 'mapping', error })));
  }
  return readMapping(read.value);
}

/** The JSON Schema that is published as docs/sources/mapping.schema.json. */
export function mappingJsonSchema(): object {
  return {
    title: 'Booking Connector for Salesforce: mapping of a `mapped` source',
    ...z.toJSONSchema(mappingSchema, { io: 'input' }),
  };
}
