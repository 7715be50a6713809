import { SalesforceError } from '../salesforce/errors';
import { checkSettings } from '../settings/check-settings';
import { namedOwners, type NameDirectory } from '../settings/directory';
import { hasErrors, type SettingsProblem } from '../settings/problem';
import { InvalidSettingsError, parseSettings, type Settings } from '../settings/settings';
import type { AdminDeps } from './deps';

/** What was found wrong with a settings document. */
export interface SettingsCheck {
  /** Nothing refuses the document. */
  isAccepted: boolean;
  /** Errors first. */
  problems: (SettingsProblem | ShapeProblem)[];
  /** Why the document could not be checked against the org, in a sentence; null when it was. */
  notChecked: string | null;
}

/** A part of the document that cannot be read at all. */
export type ShapeProblem = Omit<SettingsProblem, 'code'> & { code: 'SHAPE' };

/** Settings that are not saved, with the whole list. */
export class SettingsRefusedError extends Error {
  override readonly name = 'SettingsRefusedError';
  readonly code = 'SETTINGS_REFUSED';

  constructor(readonly problems: SettingsCheck['problems']) {
    const errors = problems.filter(({ severity }) => severity === 'error').length;
    super(
      [`The settings are not saved: ${errors} ${errors === 1 ? 'error' : 'errors'}.`, problemsInWords(problems)].join(
        '\n',
      ),
    );
  }
}

/** Problems as lines to read: where, what, what to do. */
export function problemsInWords(problems: SettingsCheck['problems']): string {
  return problems
    .map(({ severity, field, error, remedy }) => `  ${severity} at ${field}: ${error}. ${remedy}`)
    .join('\n');
}

/** Checks a document as it was given: one that cannot be read is told place by place. */
export async function checkDocument(deps: AdminDeps, document: unknown): Promise<SettingsCheck> {
  try {
    return await checkAgainstOrg(deps, parseSettings(document));
  } catch (error) {
    if (!(error instanceof InvalidSettingsError)) throw error;
    const problems = error.problems.map(({ field, error: what }) => ({
      field,
      code: 'SHAPE' as const,
      error: what.replace(/\.$/, ''),
      remedy: 'See docs/settings.schema.json.',
      severity: 'error' as const,
      sobject: null,
      sobjectField: null,
    }));
    return { isAccepted: false, problems, notChecked: 'The document cannot be read, so nothing else was checked.' };
  }
}

/** Checks settings in the team's org. An org that cannot be asked now keeps nobody from saving: that is told. */
export async function checkAgainstOrg({ org, teamId }: AdminDeps, settings: Settings): Promise<SettingsCheck> {
  let notChecked: string | null = null;
  let problems: SettingsProblem[];
  try {
    const view = await org.view(teamId);
    const directory: NameDirectory | null = view === null ? null : await org.directory(teamId, namedOwners(settings));
    if (view === null) notChecked = 'No org is connected: fields, record types and users were not checked.';
    problems = checkSettings(settings, view, directory ?? undefined);
  } catch (error) {
    if (!(error instanceof SalesforceError)) throw error;
    notChecked = `The org could not be asked, so fields, record types and users were not checked: ${error.message}`;
    problems = checkSettings(settings, null);
  }
  return { isAccepted: !hasErrors(problems), problems, notChecked };
}
