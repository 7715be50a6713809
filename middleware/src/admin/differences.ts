import type { DoctorLine } from '../doctor/line';
import type { Difference } from './compare-org';
import type { SettingsCheck } from './settings-check';

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

function toldOf({ problems, lines }: Found): Told[] {
  const ofSettings = problems.filter(({ code }) => !RIGHTS.has(code) && !OF_DOCUMENT.has(code));
  const missing = new Set(
    ofSettings.flatMap(({ code, sobject, sobjectField }) =>
      code === 'FIELD_MISSING' && sobjectField !== null ? [`${sobject ?? ''}.${sobjectField}`] : [],
    ),
  );
  const codes = new Set<string>(ofSettings.map(({ code }) => code));
  const isTold = (check: string): boolean =>
    missing.has(check.slice(check.indexOf(' ') + 1)) ||
    (check.startsWith('record type ') && [...codes].some((code) => code.startsWith('RECORD_TYPE'))) ||
    (check === 'users of the settings' && codes.has('USER_MISSING'));
  return [
    ...ofSettings.map(({ field, code, error, remedy, severity, sobject, sobjectField }) => ({
      key: JSON.stringify([field, code, sobjectField]),
      check: sobjectField === null ? field : `${sobject ?? ''}.${sobjectField}`,
      state: severity === 'error' ? ('failure' as const) : ('warning' as const),
      why: `${error}.`,
      remedy,
      setupUrl: null,
    })),
    ...lines.flatMap(({ check, state, why, remedy, setupUrl }) =>
      state === 'ok' || isTold(check) ? [] : [{ key: check, check, state, why, remedy: remedy ?? '', setupUrl }],
    ),
  ];
}
