import type { OrgView } from '../salesforce/org-view';
import { checkMappings, checkValueNames } from './check-mappings';
import { checkRequired } from './check-required';
import { checkOwnerKinds, checkOwnerNames, checkRules } from './check-rules';
import type { NameDirectory } from './directory';
import type { SettingsProblem } from './problem';
import type { Settings } from './settings';

/**
 * Everything that is wrong with a document of the right shape, in an org as its API user sees it. Only objects that the
 * rules can reach are judged strictly. What a validation rule, a layout or a trigger asks for is not in describe: a
 * document without problems can still meet them. Pure.
 *
 * @param org null when none is connected: the document is then checked by itself.
 * @param directory users and queues that were looked up; left out, the names are taken as they are.
 * @returns errors first, each list in the order of the document's parts: rules, rows, required fields.
 */
export function checkSettings(settings: Settings, org: OrgView | null, directory?: NameDirectory): SettingsProblem[] {
  const problems = [
    ...checkOwnerKinds(settings),
    ...(org === null ? [] : checkRules(settings, org)),
    ...(directory === undefined ? [] : checkOwnerNames(settings, directory)),
    ...checkValueNames(settings),
    ...(org === null ? [] : [...checkMappings(settings, org), ...checkRequired(settings, org)]),
  ];
  return [
    ...problems.filter(({ severity }) => severity === 'error'),
    ...problems.filter(({ severity }) => severity === 'warning'),
  ];
}
