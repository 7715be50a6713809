import type { ValidationRule } from '../org/settings';
import { valueOf, type Draft } from './draft';
import { RowError } from './row-error';

/** Runs the org's validation rules over a row, and refuses it with the words of the first one that is broken. */
export function checkValidationRules(draft: Draft): void {
  for (const rule of draft.context.org.settings.validationRules) {
    if (rule.sobject.toLowerCase() !== draft.object.name.toLowerCase() || !isBroken(rule, draft)) continue;
    const fields = rule.errorField === undefined ? [] : [rule.errorField];
    throw new RowError('FIELD_CUSTOM_VALIDATION_EXCEPTION', rule.message, fields);
  }
}

function isBroken(rule: ValidationRule, draft: Draft): boolean {
  const value = valueOf(draft, rule.field);
  switch (rule.refuses) {
    case 'blank':
      return value === null;
    case 'equal':
      return value === (rule.value ?? null);
    case 'notEqual':
      return value !== (rule.value ?? null);
  }
}
