import type { Prospect } from '../metadata/prospect';
import { formulaNames, syntaxFault } from './formula-names';

/** Global variables whose names are the platform's. */
const PLATFORM = new Set(['$Api', '$Organization', '$Profile', '$System', '$User', '$UserRole']);

/**
 * Why an org refuses a formula: syntax, an unknown function, or a name that leads nowhere. None when it takes it. The
 * types of values are not checked.
 *
 * @param object the object whose record the formula is about.
 */
export function formulaFaults(formula: string, object: string, prospect: Prospect): string[] {
  const fault = syntaxFault(formula);
  if (fault !== undefined) return [fault];
  return formulaNames(formula)
    .filter((name) => !leadsSomewhere(name, object, prospect))
    .map((name) => `Field ${name} does not exist. Check spelling.`);
}

function leadsSomewhere(name: string, object: string, prospect: Prospect): boolean {
  const [scope = '', ...path] = name.split('.');
  if (!scope.startsWith('$')) return prospect.hasPath(object, [scope, ...path]);
  const [first = '', second = '', third = ''] = path;
  switch (scope) {
    case '$CustomMetadata':
      return (
        prospect.has('CustomMetadata', `${first.replace(/__mdt$/, '')}.${second}`) &&
        prospect.field(first, third) !== undefined
      );
    case '$Setup':
      return prospect.field(first, second) !== undefined;
    case '$Label':
      return prospect.has('CustomLabel', first);
    case '$Permission':
      return prospect.has('CustomPermission', first);
    case '$ObjectType':
      return prospect.hasObject(first);
    default:
      return PLATFORM.has(scope);
  }
}
