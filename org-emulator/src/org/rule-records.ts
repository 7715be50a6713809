import { makeId } from '../records/record-id';
import type { StoredRecord } from '../records/table';
import type { Org } from './org';

/**
 * The duplicate rules that the settings switch on, as records. What a rule does is not among their fields: that is
 * metadata.
 *
 * @see Object Reference, DuplicateRule
 */
export function duplicateRuleRows(org: Org): StoredRecord[] {
  return org.settings.duplicateRules.map(({ sobject, name }, at) => ({
    Id: makeId(org.object('DuplicateRule').keyPrefix, at + 1),
    SobjectType: sobject,
    DeveloperName: name,
    MasterLabel: name.replaceAll('_', ' '),
    NamespacePrefix: null,
    IsActive: true,
  }));
}

/**
 * The active assignment rules, as records.
 *
 * @see Object Reference, AssignmentRule
 */
export function assignmentRuleRows(org: Org): StoredRecord[] {
  return Object.keys(org.settings.assignmentRules).map((sobject, at) => ({
    Id: makeId(org.object('AssignmentRule').keyPrefix, at + 1),
    Name: `${sobject} rule`,
    SobjectType: sobject,
    Active: true,
  }));
}
