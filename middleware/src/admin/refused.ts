import { SalesforceError } from '../salesforce/errors';
import { InvalidSettingsError } from '../settings/settings';
import { SettingsChangedError } from '../settings/settings.store';
import { SourceExistsError } from '../settings/source.store';
import { InvalidMappingError } from '../source/mapping';
import { OtherOrgError } from '../sync/org.store';
import { SettingsRefusedError } from './settings-check';

/** What is wrong with one field. */
export interface FieldFault {
  field: string;
  error: string;
}

/** A request of an admin that cannot be carried out as things are; the message says why and what to do. */
export class AdminRefusedError extends Error {
  readonly code: string = 'ADMIN_REFUSED';
  override readonly name: string = 'AdminRefusedError';
}

/** There is no such thing. */
export class NotFoundError extends AdminRefusedError {
  override readonly code = 'NOT_FOUND';
  override readonly name = 'NotFoundError';
}

/** Whoever asks may not. */
export class ForbiddenError extends AdminRefusedError {
  override readonly code = 'FORBIDDEN';
  override readonly name = 'ForbiddenError';
}

/** What was asked cannot be meant: every fault with its field. */
export class InvalidArgsError extends AdminRefusedError {
  override readonly code = 'INVALID_ARGS';
  override readonly name = 'InvalidArgsError';

  constructor(readonly faults: readonly FieldFault[]) {
    super(faults.map(({ field, error }) => (field === '' ? error : `${field}: ${error}`)).join('. '));
  }
}

/** What kind of refusal it is; `orgFault`: Salesforce could not be asked, or refused. */
export type RefusalKind = 'invalid' | 'notFound' | 'forbidden' | 'conflict' | 'orgFault';

/** What kind of refusal an error is, and the fields at fault; null when nobody refused anything: something broke. */
export function refusalOf(error: unknown): {
  kind: RefusalKind;
  code: string;
  message: string;
  faults: FieldFault[];
} | null {
  const told = (kind: RefusalKind, faults: readonly FieldFault[] = []) => {
    const { code, message } = error as Error & { code: string };
    return { kind, code, message, faults: [...faults] };
  };
  if (error instanceof InvalidArgsError) return told('invalid', error.faults);
  if (error instanceof InvalidSettingsError) return told('invalid', error.problems);
  if (error instanceof SettingsRefusedError) return told('invalid', faultsOf(error.problems));
  if (error instanceof InvalidMappingError) return told('invalid', error.errors);
  if (error instanceof NotFoundError) return told('notFound');
  if (error instanceof ForbiddenError) return told('forbidden');
  if (error instanceof AdminRefusedError || error instanceof SourceExistsError || error instanceof SettingsChangedError)
    return told('conflict');
  if (error instanceof OtherOrgError) return { ...told('conflict'), message: `${error.message} ${error.remedy}` };
  if (error instanceof SalesforceError) {
    const { errorCode, reason, remedy } = error;
    return { kind: 'orgFault', code: `SALESFORCE_${errorCode}`, message: `${reason} ${remedy}`, faults: [] };
  }
  return null;
}

/** Whether the connector itself refused what was asked. */
export function isRefusal(error: unknown): boolean {
  return (refusalOf(error)?.kind ?? 'orgFault') !== 'orgFault';
}

function faultsOf(problems: SettingsRefusedError['problems']): FieldFault[] {
  return problems
    .filter(({ severity }) => severity === 'error')
    .map(({ field, error, remedy }) => ({ field, error: `${error}. ${remedy}` }));
}
