/** How a check came out. */
export type LineState = 'ok' | 'warning' | 'failure';

/** One line of the doctor. */
export interface DoctorLine {
  /** What was looked at, in a few words; the same from run to run. */
  check: string;
  state: LineState;
  /** What was found, and why it matters. */
  why: string;
  /** What to do; null where there is nothing to do. */
  remedy: string | null;
  /** Where in Setup; null where the org is not known or Setup has no place for it. */
  setupUrl: string | null;
}

/** Makes lines with links into the Setup of one org. */
export interface LineMaker {
  ok(check: string, why: string, setup?: SetupPage): DoctorLine;
  warning(check: string, why: string, remedy: string, setup?: SetupPage): DoctorLine;
  failure(check: string, why: string, remedy: string, setup?: SetupPage): DoctorLine;
}

/** Pages of Setup by what they are for. */
const SETUP = {
  company: 'CompanyProfileInfo/home',
  duplicateRules: 'DuplicateRules/home',
  leadAssignment: 'LeadRules/home',
  caseAssignment: 'CaseRules/home',
  packages: 'ImportedPackage/home',
  permissionSets: 'PermSets/home',
  roles: 'Roles/home',
  sharing: 'SecuritySharing/home',
  users: 'ManageUsers/home',
  usage: 'SystemOverview/home',
  connectedApps: 'ConnectedAppsUsage/home',
} as const;
export type SetupPage = keyof typeof SETUP;

/** @param instanceUrl where the org is; null when it is not known yet. */
export function lineMaker(instanceUrl: string | null): LineMaker {
  const url = (page: SetupPage | undefined): string | null =>
    page === undefined || instanceUrl === null ? null : `${instanceUrl}/lightning/setup/${SETUP[page]}`;
  return {
    ok: (check, why, setup) => ({ check, state: 'ok', why, remedy: null, setupUrl: url(setup) }),
    warning: (check, why, remedy, setup) => ({ check, state: 'warning', why, remedy, setupUrl: url(setup) }),
    failure: (check, why, remedy, setup) => ({ check, state: 'failure', why, remedy, setupUrl: url(setup) }),
  };
}
