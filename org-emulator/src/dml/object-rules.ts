import type { ObjectRules } from './draft';
import { campaignMemberRules } from './rules/campaign-member-rules';
import { campaignRules } from './rules/campaign-rules';
import { caseRules } from './rules/case-rules';
import { eventRelationRules } from './rules/event-relation-rules';
import { eventRules } from './rules/event-rules';
import { junctionRules } from './rules/junction-rules';
import { leadRules } from './rules/lead-rules';
import { opportunityRules } from './rules/opportunity-rules';
import { accountRules, personContactRules } from './rules/person-account-rules';
import { personNameRules } from './rules/person-name-rules';
import { taskRules } from './rules/task-rules';
import { userRules } from './rules/user-rules';

const RULES: ObjectRules[] = [
  ...personNameRules,
  ...junctionRules,
  accountRules,
  campaignMemberRules,
  campaignRules,
  caseRules,
  eventRelationRules,
  eventRules,
  leadRules,
  opportunityRules,
  personContactRules,
  taskRules,
  userRules,
];

const byObject = new Map<string, ObjectRules[]>();
for (const rule of RULES) byObject.set(rule.sobject, [...(byObject.get(rule.sobject) ?? []), rule]);

/** The rules of an object, in the order in which they run. */
export function rulesOf(sobject: string): ObjectRules[] {
  return byObject.get(sobject) ?? [];
}
