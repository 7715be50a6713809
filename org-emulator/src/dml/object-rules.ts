import type { ObjectRules } from './draft';
import { eventRules } from './rules/event-rules';
import { personNameRules } from './rules/person-name-rules';

const RULES: ObjectRules[] = [...personNameRules, eventRules];

const byObject = new Map<string, ObjectRules[]>();
for (const rule of RULES) byObject.set(rule.sobject, [...(byObject.get(rule.sobject) ?? []), rule]);

/** The rules of an object, in the order in which they run. */
export function rulesOf(sobject: string): ObjectRules[] {
  return byObject.get(sobject) ?? [];
}
