/** What can change in an org so that bookings fail, or lose a part of themselves. */
export const FINDING_KINDS = [
  'requiredField',
  'fieldGone',
  'fieldChanged',
  'picklist',
  'rightLost',
  'recordTypeGone',
  'userInactive',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** A change in an org that strikes what a team's settings use: told before a booking meets it. */
export interface Finding {
  kind: FindingKind;
  /** error: bookings will wait for a human, or become the wrong records. warning: they are written, but not whole. */
  severity: 'error' | 'warning';
  /** API name of the object; null when it is about none. */
  sobject: string | null;
  /** API name in the org of the field; null when it is about none. */
  field: string | null;
  /** The pages that it strikes, among those that bookings or settings name: `<source id>:<page id>`. */
  pages: string[];
  /** It strikes the team's own settings, and so every page without something of its own, also one not seen yet. */
  isTeamWide: boolean;
  /** What changed and what follows, in sentences. Names fields, the admin's own words and hosts; never a customer. */
  what: string;
  /** What to do, in sentences. */
  remedy: string;
}

/** What makes two findings the same, whatever pages they strike: kept as long as it is found. Pure. */
export function findingKey({ kind, sobject, field, what }: Finding): string {
  return JSON.stringify([kind, sobject, field, what]);
}
