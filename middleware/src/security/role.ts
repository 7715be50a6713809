/**
 * What somebody may do, the least first; each may do what those before him may.
 * rep: his own links; member: look at everything, try again; admin: change sources, settings and the gate;
 * owner: give out tokens and read the audit.
 */
export const ROLES = ['rep', 'member', 'admin', 'owner'] as const;
export type Role = (typeof ROLES)[number];

/** Who acts, on behalf of which team. */
export interface Person {
  /** As the sign-in or the token says; for people to read, not unique. */
  name: string;
  role: Role;
  teamId: string;
  /** The address that the sign-in was made for, in the form that is compared; none for programs. */
  email?: string | null;
}

/** Whether a role is at least another one. */
export function hasRole(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
