import { z } from 'zod';
import type { Actor } from '../../security/audit.store';
import type { Role } from '../../security/role';
import type { AdminDeps } from '../admin';

/** A value as JSON carries it. */
export type Json<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? Json<Item>[]
    : T extends object
      ? { [Key in keyof T]: Json<T[Key]> }
      : T;

/** Something that can be ordered of the connector: by the command line, the API and the console alike. */
export interface Order {
  /** The least that whoever orders it must be. */
  role: Role;
  args: z.ZodObject;
  /** What comes back, as JSON. The API's document is made of it. */
  answer: z.ZodType;
  /** Which arguments the audit keeps: none that is a secret or of a person. Null: it changes nothing, and is not audited. */
  audited: readonly string[] | null;
  run: (deps: AdminDeps, args: never, actor: Actor) => Promise<unknown>;
}

/**
 * Declares an order.
 * @returns no `Order` when what `run` answers is not of the shape that is published, which the compiler then refuses.
 */
export function order<Args extends z.ZodObject, Answer extends z.ZodType, Result>(
  declared: {
    role: Role;
    args: Args;
    answer: Answer;
    audited: readonly (keyof z.output<Args> & string)[] | null;
  },
  run: (deps: AdminDeps, args: z.output<Args>, actor: Actor) => Promise<Result>,
): Json<Result> extends z.output<Answer> ? typeof declared & { run: typeof run } : 'The answer is of another shape.' {
  return { ...declared, run } as never;
}

/** Shapes that several orders share. */
export const instant = z.iso.datetime().describe('Instant in UTC, ISO 8601.');
export const nothing = z.strictObject({});
export const pageSize = z.coerce
  .number()
  .int()
  .min(1)
  .max(200)
  .default(50)
  .describe('How many at most; 50 unless said otherwise.');
export const next = z.string().nullable().describe('Give it as "after" for the next ones; null when there are none.');
