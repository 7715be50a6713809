/** A right of the API user in Salesforce. Editing includes reading; a field is named as the org names it. */
export type Right =
  | { kind: 'user'; permission: keyof typeof USER_PERMISSIONS }
  | { kind: 'object'; sobject: string; access: 'read' | 'create' | 'edit' | 'viewAll' }
  | { kind: 'field'; sobject: string; field: string; access: 'read' | 'edit' };

/** User permissions by their API names, as Setup labels them. */
export const USER_PERMISSIONS = {
  ApiEnabled: 'API Enabled',
  ActivitiesAccess: 'Access Activities',
  EditEvent: 'Edit Events',
} as const;

/** The part of a booking that cannot be written without a right; `api`: nothing can. */
export type RightPart = 'api' | 'person' | 'related' | 'event' | 'relations';

/** A right with what it is needed for. */
export interface NeededRight {
  right: Right;
  /** Clauses that go on after a colon, each once. */
  reasons: string[];
  /** In the order in which they are written. */
  parts: readonly RightPart[];
  /** Without it something cannot be looked up: what is there would be taken for absent. */
  isForReading: boolean;
  /** Only bookings that have a value for the field need it. */
  isByValue: boolean;
}

/** A needed right that the API user does not have. */
export interface LackedRight extends NeededRight {
  /** The object or field is not seen at all: it may not be there. */
  isInvisible: boolean;
}

const ACCESS_WORDS = { read: 'Read', create: 'Create', edit: 'Edit', viewAll: 'View All' } as const;

/** The short name of a right, the same wherever it is told: `Edit Lead.Phone`. */
export function rightName(right: Right): string {
  if (right.kind === 'user') return USER_PERMISSIONS[right.permission];
  const { sobject, access } = right;
  return `${ACCESS_WORDS[access]} ${right.kind === 'field' ? `${sobject}.${right.field}` : sobject}`;
}

/** What stands in the way, in a sentence: the words of the doctor and of every booking that waits for the right. Pure. */
export function lackInWords({ right, reasons, isInvisible }: LackedRight): string {
  const why = reasons.join('; ');
  const doubt =
    isInvisible && right.kind === 'field' && right.field.includes('__') ? ', or the field is not there' : '';
  return `The API user lacks the right "${rightName(right)}"${doubt}: ${why}.`;
}

/** What to do about rights that are missing. */
export const GRANT_RIGHT =
  'Give the API user the right by a permission set ("booking-connector permissions" writes one with all that the settings need), then try again.';
