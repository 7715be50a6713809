import type { DoctorLine } from '../doctor/line';
import type { SettingsCheck } from './settings-check';

/** Something that the team's settings need and that an org lacks. */
export interface Difference extends Omit<DoctorLine, 'state' | 'remedy'> {
  /** failure: bookings would fail, or become the wrong records. warning: they would be written, but not whole. */
  state: 'failure' | 'warning';
  remedy: string;
  /** How it is in the org that bookings go to now: fine there, the same, or not known, as that org was not asked. */
  present: 'fine' | 'same' | 'notKnown';
}

/** What was found in one org. */
export interface Found {
  /** Of the settings, checked against the org. */
  problems: SettingsCheck['problems'];
  /** Of the doctor. */
  lines: DoctorLine[];
  /** The org could be asked. */
  isAsked: boolean;
}

/** Problems of a document that the doctor tells too, right by right. */
const RIGHTS = new Set<string>([
  'NOT_WRITABLE',
  'NOT_CREATEABLE',
  'NOT_UPDATEABLE',
  'OBJECT_NOT_CREATEABLE',
  'OBJECT_NOT_UPDATEABLE',
]);
/** Problems that lie in the document alone, whatever the org. */
const OF_DOCUMENT = new Set<string>(['CONNECTOR_FIELD', 'GUEST_LINK', 'NEVER_USED', 'OWNER_KIND', 'UNKNOWN_VALUE']);

/**
 * What is missing in an org, each once, failures first. Pure.
 *
 * @param now what was found in the org that bookings go to now; null when it was not asked.
 * @param isSame that org is the one that was looked at.
 */
export function differencesIn(found: Found, now: Found | null, isSame: boolean): Difference[] {
  const before = new Set(now === null ? [] : toldOf(now).map(({ key }) => key));
  const differences = toldOf(found).map(({ key, ...told }): Difference => ({
    ...told,
    present: isSame || before.has(key) ? 'same' : now === null ? 'notKnown' : 'fine',
  }));
  return [
    ...differences.filter(({ state }) => state === 'failure'),
    ...differences.filter(({ state }) => state === 'warning'),
  ];
}

type Told = Omit<Difference, 'present'> & { key: string };

/** Both tell of a field that is not seen: the doctor as a right that is lacked, the settings as a field that is missing. */
function toldOf({ problems, lines }: Found): Told[] {
  const ofOrg = problems.filter(({ code }) => !RIGHTS.has(code) && !OF_DOCUMENT.has(code));
  const bad = lines.filter(({ state }) => state !== 'ok');
  const lacked = new Set(bad.map(({ check }) => fieldOf(check)));
  const ofSettings = ofOrg.filter(
    (problem) => problem.code !== 'FIELD_MISSING' || problem.severity === 'error' || !lacked.has(placeOf(problem)),
  );
  const missing = new Set(ofSettings.filter(({ code }) => code === 'FIELD_MISSING').map(placeOf));
  const codes = new Set<string>(ofSettings.map(({ code }) => code));
  const isTold = (check: string): boolean =>
    missing.has(fieldOf(check)) ||
    (check.startsWith('record type ') && [...codes].some((code) => code.startsWith('RECORD_TYPE'))) ||
    (check === 'users of the settings' && codes.has('USER_MISSING'));
  return [
    ...ofSettings.map((problem) => ({
      key: JSON.stringify([problem.field, problem.code, problem.sobjectField]),
      // What a rule names is found in the rules; a row of a mapping by its field.
      check: problem.field.includes('rules.') ? problem.field : placeOf(problem),
      state: problem.severity === 'error' ? ('failure' as const) : ('warning' as const),
      why: `${problem.error}.`,
      remedy: problem.remedy,
      setupUrl: null,
    })),
    ...bad.flatMap(({ check, state, why, remedy, setupUrl }) =>
      state === 'ok' || isTold(check) ? [] : [{ key: check, check, state, why, remedy: remedy ?? '', setupUrl }],
    ),
  ];
}

/** The field of a right, as "Edit Lead.Email" has it. */
function fieldOf(check: string): string {
  return check.slice(check.indexOf(' ') + 1);
}

function placeOf({ field, sobject, sobjectField }: SettingsCheck['problems'][number]): string {
  return sobjectField === null ? field : `${sobject ?? ''}.${sobjectField}`;
}
