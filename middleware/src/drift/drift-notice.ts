import type { NewNotice } from '../notice/notice';
import type { Finding, FindingKind } from './finding';

/** What a notice is made of: it goes out by mail and into logs, so it holds neither names nor what an admin wrote. */
export type Told = Pick<Finding, 'kind' | 'severity' | 'sobject' | 'field'>;

/** The key of the notice that tells a finding: one for all teams of an org that it strikes. */
export function driftNoticeKey(orgId: string, { kind, sobject, field }: Told): string {
  return `drift:${orgId}:${kind}:${[sobject, field].filter((name) => name !== null).join('.')}`;
}

/** The notices for everything that stands in an org, each once. Pure. */
export function driftNotices(orgId: string, findings: readonly Told[]): NewNotice[] {
  const notices = new Map<string, NewNotice>();
  for (const finding of findings) {
    const key = driftNoticeKey(orgId, finding);
    const severity = notices.get(key)?.severity === 'error' ? 'error' : finding.severity;
    const effect = severity === 'error' ? 'Bookings will wait for a human.' : 'Bookings are written, but not whole.';
    notices.set(key, {
      key,
      orgId,
      severity,
      what: `${WORDS[finding.kind](placeOf(finding))} ${effect}`,
      remedy: 'The overview of the console and "booking-connector status" tell which pages it strikes and what to do.',
    });
  }
  return [...notices.values()];
}

const WORDS: Record<FindingKind, (place: string) => string> = {
  requiredField: (place) => `Salesforce requires ${place} on new records, and not every booking fills it.`,
  fieldGone: (place) => `${place} is gone in Salesforce, or the API user may not see it.`,
  fieldChanged: (place) => `${place} in Salesforce does not take what bookings bring.`,
  picklist: (place) => `The picklist ${place} in Salesforce does not take every value that bookings bring.`,
  rightLost: (place) => `The API user lacks a right on ${place} in Salesforce.`,
  recordTypeGone: (place) => `A record type is gone in Salesforce, or not open to the API user (${place}).`,
  userInactive: () => 'A Salesforce user who hosts bookings, or whom the settings name, is no longer active.',
};

function placeOf({ sobject, field }: Told): string {
  return [sobject, field].filter((name) => name !== null).join('.');
}
