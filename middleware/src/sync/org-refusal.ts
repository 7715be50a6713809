import { lackedOfPage } from '../plan/lacked';
import type { RowResult } from '../salesforce/composite';
import { classifyError, OWN_CODES, type ErrorClass } from '../salesforce/error-table';
import { OrgUnavailableError } from '../salesforce/errors';
import type { OrgView } from '../salesforce/org-view';
import type { PageSettings } from '../settings/page-settings';
import { GRANT_RIGHT, lackInWords, type Right } from '../settings/right';

/** Classes that strike every row of an org alike, the ones that need an admin first. */
const ORG_REFUSES: readonly ErrorClass[] = ['orgWide', 'retryLater', 'signIn'];

/**
 * The refusal that some rows got and every other row would get: API or package gone, storage full, allowance spent. The
 * lane pauses for it as if the call had been refused. Pure.
 *
 * @returns null when each row was written or refused for itself.
 */
export function refusalOf(results: Iterable<RowResult>): OrgUnavailableError | null {
  const refusals = [...results].flatMap((result) =>
    result.success ? [] : result.errors.map((error) => ({ error, class: classifyError(error).class })),
  );
  for (const errorClass of ORG_REFUSES) {
    const found = refusals.find((refusal) => refusal.class === errorClass);
    if (found !== undefined) return new OrgUnavailableError({ code: found.error.code, message: found.error.message });
  }
  return null;
}

/** Whether the org shows the field of the package by which Events are found and written. Pure. */
export function hasPackage({ schema, names }: OrgView): boolean {
  return schema.objects['Event']?.fields[names.name('Booking_Id__c')] !== undefined;
}

/**
 * @param settings of any booking: each needs these rights, and their words are those of the doctor.
 * @throws OrgUnavailableError when the org shows no field of the package on Event: then nothing can be written.
 */
export function assertPackage(org: OrgView, settings: PageSettings | undefined): void {
  if (hasPackage(org)) return;
  const key = org.names.name('Booking_Id__c');
  const lacked = settings === undefined ? [] : lackedOfPage(settings, org);
  const lack = lacked.find(({ right, isInvisible }) => isInvisible && (right.kind === 'user' || isKey(right, key)));
  const says = lack && {
    cause: lackInWords(lack),
    remedy: `${GRANT_RIGHT} Where the package is not installed, install it first.`,
  };
  throw new OrgUnavailableError({ code: OWN_CODES.packageMissing, message: '', says });
}

function isKey(right: Right, key: string): boolean {
  return right.kind === 'field' && right.sobject === 'Event' && right.field === key;
}
