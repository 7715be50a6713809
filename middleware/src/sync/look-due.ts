/** How often the schema is asked for while bookings wait for it. */
const FOR_PARKED_MS = 15 * 60_000;

/** What the decision goes by. */
export interface LookFacts {
  /** When the org was last looked at; null: never. */
  lookedAt: Date | null;
  /** When its schema was last heard of, for whatever reason. */
  schemaCheckedAt: Date | null;
  /** Bookings wait to be written. */
  hasDue: boolean;
  /** Calls are saved: only the first write of a day is worth one. */
  isScarce: boolean;
  everyMs: number;
}

/**
 * What to look for in an org. `whole`: everything, whatever the org says of itself: once a day, before the day's first
 * write. `ifChanged`: its schema if that is another, and users. `forParked`: the same, if bookings wait for another
 * schema. Days are UTC. Pure.
 */
export function lookDue(
  { lookedAt, schemaCheckedAt, hasDue, isScarce, everyMs }: LookFacts,
  now: Date,
): 'none' | 'whole' | 'ifChanged' | 'forParked' {
  if (lookedAt === null) return 'whole';
  const ageMs = now.getTime() - lookedAt.getTime();
  const isOtherDay = lookedAt.toISOString().slice(0, 10) !== now.toISOString().slice(0, 10);
  if (isOtherDay && (hasDue || (ageMs >= everyMs && !isScarce))) return 'whole';
  if (isScarce) return 'none';
  if (ageMs >= everyMs) return 'ifChanged';
  if (schemaCheckedAt !== null && now.getTime() - schemaCheckedAt.getTime() < FOR_PARKED_MS) return 'none';
  return 'forParked';
}
