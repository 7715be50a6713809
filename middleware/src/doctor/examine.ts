import type { Settings } from '../settings/settings';
import { checkAllowance, checkClock, checkEdition, checkNestedKeys, checkPackage } from './check-org';
import { checkLinks, checkRecordTypes, checkRights } from './check-rights';
import { checkAssignmentRules, checkDuplicateRules } from './check-rules';
import { checkChanges, checkEventsOfOthers, checkVisibility } from './check-sharing';
import { checkOwners, checkPermissionSets, checkUser } from './check-user';
import type { OrgFacts, OwnFacts } from './facts';
import { lineMaker, type DoctorLine } from './line';

/** Everything that is to be said of an org for the settings in use. Pure. */
export function examine(settings: Settings, facts: OrgFacts, own: OwnFacts): DoctorLine[] {
  const line = lineMaker(facts.instanceUrl);
  return [
    checkEdition(facts, line),
    ...checkUser(facts, line),
    checkPackage(facts, line),
    checkPermissionSets(facts, line),
    ...checkRights(settings, facts, line),
    ...checkRecordTypes(settings, facts, line),
    checkLinks(facts, line),
    ...checkVisibility(settings, facts, line),
    ...checkChanges(settings, facts, line),
    ...checkEventsOfOthers(settings, facts, line),
    ...checkOwners(facts, settings, own, line),
    checkDuplicateRules(settings, facts, own, line),
    checkAssignmentRules(settings, facts, line),
    checkAllowance(facts, line),
    checkClock(facts, line),
    checkNestedKeys(own, line),
  ];
}
