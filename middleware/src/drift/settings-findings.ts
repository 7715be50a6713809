import type { OrgView } from '../salesforce/org-view';
import { checkSettings } from '../settings/check-settings';
import type { MappedObject } from '../settings/objects';
import type { PageSettings } from '../settings/page-settings';
import type { ProblemCode, SettingsProblem } from '../settings/problem';
import { useOf } from '../settings/use';
import type { Finding, FindingKind } from './finding';
import { documentOf, type PagesScope } from './scopes';

/** A finding before it is known which other pages it strikes. */
export type ScopeFinding = Omit<Finding, 'pages' | 'isTeamWide'>;

const WAIT = 'Bookings that need a new record will wait for you.';
const RIGHT_MISSING = 'Bookings that write it will wait for you.';
const LEFT_OUT = 'Bookings are written without it.';

/** What a problem of the settings is as a change of the org; others lie in the document alone. */
const KINDS: Partial<Record<ProblemCode, { kind: FindingKind; effect: string }>> = {
  REQUIRED_WITHOUT_VALUE: { kind: 'requiredField', effect: WAIT },
  REQUIRED_UNSUPPORTED: { kind: 'requiredField', effect: WAIT },
  MAY_BE_EMPTY: { kind: 'requiredField', effect: '' },
  FIELD_MISSING: { kind: 'fieldGone', effect: LEFT_OUT },
  NOT_WRITABLE: { kind: 'rightLost', effect: RIGHT_MISSING },
  NOT_CREATEABLE: { kind: 'rightLost', effect: RIGHT_MISSING },
  NOT_UPDATEABLE: { kind: 'rightLost', effect: RIGHT_MISSING },
  OBJECT_MISSING: { kind: 'rightLost', effect: 'Bookings that need it will wait for you, or find nobody there.' },
  OBJECT_NOT_CREATEABLE: { kind: 'rightLost', effect: WAIT },
  NO_PERSON_ACCOUNTS: { kind: 'rightLost', effect: WAIT },
  PICKLIST_VALUE: { kind: 'picklist', effect: '' },
  MAY_NOT_FIT: { kind: 'fieldChanged', effect: '' },
  BAD_TEXT: { kind: 'fieldChanged', effect: '' },
  RECORD_TYPE_MISSING: { kind: 'recordTypeGone', effect: WAIT },
  RECORD_TYPE_INACTIVE: { kind: 'recordTypeGone', effect: WAIT },
  RECORD_TYPE_UNAVAILABLE: { kind: 'recordTypeGone', effect: WAIT },
  AMBIGUOUS_RECORD_TYPE: { kind: 'recordTypeGone', effect: WAIT },
};

/**
 * What the check of the settings finds in an org, as far as it lies in the org. What refuses a document counts however
 * long it has been so: its bookings fail. What it only warns of counts when it was otherwise before. Pure.
 *
 * @param before null when nothing is remembered: then nothing is known to have changed.
 */
export function settingsFindings(scope: PagesScope, before: OrgView | null, now: OrgView): ScopeFinding[] {
  const document = documentOf(scope);
  const known = new Set(before === null ? [] : checkSettings(document, before).map(identityOf));
  return checkSettings(document, now).flatMap((problem): ScopeFinding[] => {
    const isNew = before !== null && !known.has(identityOf(problem));
    const found = KINDS[problem.code];
    if (found === undefined || (problem.severity === 'warning' && !isNew)) return [];
    if (!isUsed(problem, scope.settings)) return [];
    const severity = severityOf(problem, scope.settings);
    const field =
      problem.sobject === null ? undefined : now.schema.objects[problem.sobject]?.fields[problem.sobjectField ?? ''];
    const isPicklist = field?.type === 'picklist' || field?.type === 'multipicklist';
    return [
      {
        kind: found.kind === 'fieldChanged' && isPicklist ? 'picklist' : found.kind,
        severity,
        sobject: problem.sobject,
        field: problem.sobjectField,
        what: [`${problem.error}.`, found.effect || effectOf(problem, severity)]
          .filter((text) => text !== '')
          .join(' '),
        remedy: problem.remedy,
      },
    ];
  });
}

function identityOf({ code, field, sobject, sobjectField, error }: SettingsProblem): string {
  return JSON.stringify([code, field, sobject, sobjectField, error]);
}

/** The object of the document that a problem is about, where it is about a row or a chosen value. */
function placeOf({ field }: SettingsProblem): { part: string; object: MappedObject; index: number } | null {
  const [, part, object, index] = /^(mappings|required)\.(\w+)\.(\w+)/.exec(field) ?? [];
  if (part === undefined || object === undefined) return null;
  return { part, object: object as MappedObject, index: Number(index) };
}

/** Rows for an object that the rules never reach strike no booking. */
function isUsed(problem: SettingsProblem, { rules, mappings }: PageSettings): boolean {
  const place = placeOf(problem);
  if (place === null) return true;
  const { isCreated, isChanged } = useOf(place.object, rules, mappings[place.object]);
  return isCreated || (isChanged && place.part === 'mappings');
}

/** How bad it is for a booking; the check of a document tells how bad it is for the document. */
function severityOf(problem: SettingsProblem, { rules, mappings }: PageSettings): Finding['severity'] {
  switch (problem.code) {
    case 'REQUIRED_UNSUPPORTED':
      return 'error';
    case 'FIELD_MISSING':
    case 'NOT_WRITABLE':
    case 'NOT_CREATEABLE':
    case 'NOT_UPDATEABLE':
      return 'warning';
    case 'PICKLIST_VALUE':
    case 'MAY_NOT_FIT':
    case 'BAD_TEXT': {
      const place = placeOf(problem);
      if (place?.part !== 'mappings') return problem.severity;
      const row = mappings[place.object][place.index];
      return problem.severity === 'error' && (row?.ifBad ?? rules.badValue) === 'park' ? 'error' : 'warning';
    }
    default:
      return problem.severity;
  }
}

/** What follows for a value that does not fit: the rule for bad values says it, and a chosen one is missed. */
function effectOf(problem: SettingsProblem, severity: Finding['severity']): string {
  if (problem.code === 'MAY_BE_EMPTY') return '';
  if (severity === 'error') return 'Bookings that need it will wait for you.';
  return problem.severity === 'error' ? 'Bookings are written without this value.' : '';
}
