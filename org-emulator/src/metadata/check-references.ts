import type { Component } from './component';
import type { DeployFault } from './deploy-fault';
import type { Prospect } from './prospect';
import { accessReferences, checkAccess } from './references/access';
import { bundleReferences } from './references/components';
import {
  checkFormulas,
  checkMetadataRecord,
  fieldReferences,
  metadataRecordReferences,
  objectPartReferences,
} from './references/data-model';
import {
  appReferences,
  layoutReferences,
  pageReferences,
  quickActionReferences,
  tabReferences,
} from './references/layouts';
import { missingOf, textsAt, type ReferenceFinder } from './references/reference';
import { dashboardReferences, emailReferences, reportReferences, reportTypeReferences } from './references/reports';
import { checkActionTarget, checkPageTargets, checkTabPage } from './references/targets';
import { objectTranslationReferences, translationReferences, webLinkReferences } from './references/texts';

const FINDERS: Record<string, ReferenceFinder> = {
  BusinessProcess: objectPartReferences,
  CompactLayout: objectPartReferences,
  CustomApplication: appReferences,
  CustomField: fieldReferences,
  CustomMetadata: metadataRecordReferences,
  CustomObjectTranslation: objectTranslationReferences,
  CustomTab: tabReferences,
  Dashboard: dashboardReferences,
  EmailTemplate: emailReferences,
  FieldSet: objectPartReferences,
  FlexiPage: pageReferences,
  Layout: layoutReferences,
  LightningComponentBundle: bundleReferences,
  ListView: objectPartReferences,
  PermissionSet: accessReferences,
  PermissionSetGroup: ({ root }) => textsAt(root, 'permissionSets', 'PermissionSet'),
  Profile: accessReferences,
  QuickAction: quickActionReferences,
  RecordType: objectPartReferences,
  Report: reportReferences,
  ReportType: reportTypeReferences,
  Translations: translationReferences,
  ValidationRule: objectPartReferences,
  WebLink: webLinkReferences,
};

const CHECKS: Record<string, (component: Component, prospect: Prospect) => DeployFault[]> = {
  CustomField: checkFormulas,
  CustomMetadata: checkMetadataRecord,
  CustomTab: checkTabPage,
  FlexiPage: checkPageTargets,
  PermissionSet: checkAccess,
  Profile: checkAccess,
  QuickAction: checkActionTarget,
  ValidationRule: checkFormulas,
};

/** Holds what a component refers to against the org as it would be: whatever is not there, and what cannot be granted. */
export function checkReferences(prospect: Prospect, component: Component): DeployFault[] {
  const references = FINDERS[component.type]?.(component, prospect) ?? [];
  const faults = [
    ...missingOf(component, prospect, references),
    ...(CHECKS[component.type]?.(component, prospect) ?? []),
  ];
  // One fault per place: a missing object is not told again for each of its fields.
  return faults.filter(({ problem }, n) => faults.findIndex((other) => other.problem === problem) === n);
}
