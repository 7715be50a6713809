/** What is wrong with a settings document, by kind. */
export type ProblemCode =
  | 'AMBIGUOUS_RECORD_TYPE'
  | 'BAD_TEXT'
  | 'CONNECTOR_FIELD'
  | 'DEPENDENT_PICKLIST'
  | 'FIELD_MISSING'
  | 'GUEST_LINK'
  | 'MAY_BE_EMPTY'
  | 'MAY_NOT_FIT'
  | 'NEVER_USED'
  | 'NOT_A_CAMPAIGN'
  | 'NOT_CREATEABLE'
  | 'NOT_UPDATEABLE'
  | 'NOT_WRITABLE'
  | 'NO_PERSON_ACCOUNTS'
  | 'OBJECT_MISSING'
  | 'OBJECT_NOT_CREATEABLE'
  | 'OBJECT_NOT_UPDATEABLE'
  | 'OWNER_KIND'
  | 'PICKLIST_VALUE'
  | 'QUEUE_MISSING'
  | 'RECORD_TYPE_INACTIVE'
  | 'RECORD_TYPE_MISSING'
  | 'RECORD_TYPE_UNAVAILABLE'
  | 'REQUIRED_WITHOUT_VALUE'
  | 'REQUIRED_UNSUPPORTED'
  | 'UNKNOWN_VALUE'
  | 'USER_MISSING';

/** One thing that is wrong with a settings document, or that its admin should know. */
export interface SettingsProblem {
  /** Where in the document: `mappings.Lead.3.text`. */
  field: string;
  code: ProblemCode;
  /** What is wrong, as a sentence. Names fields and the admin's own words, never a customer's. */
  error: string;
  /** What to do. */
  remedy: string;
  /** A document with errors is not saved. A warning never refuses. */
  severity: 'error' | 'warning';
  /** API name of the object that it is about; null when about none. */
  sobject: string | null;
  /** API name in the org of the field that it is about; null when about none. */
  sobjectField: string | null;
}

/** Whether a list holds anything that refuses a document. */
export function hasErrors(problems: readonly SettingsProblem[]): boolean {
  return problems.some(({ severity }) => severity === 'error');
}
