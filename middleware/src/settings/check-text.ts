import { convert, textOf } from '../salesforce/convert';
import type { FieldSchema } from '../salesforce/schema';
import type { MappingRow } from './mapping-row';
import type { SettingsProblem } from './problem';
import { findValueName, namesInText } from './value-names';

/** What is wrong with a value, wherever in the document it stands. */
export type ValueProblem = Pick<SettingsProblem, 'code' | 'error' | 'remedy' | 'severity'>;

/** What is wrong with a fixed text for a field; none when it fits, exactly as it stands. Pure. */
export function fixedTextProblems(text: string, field: FieldSchema, cut: boolean): ValueProblem[] {
  if (field.type === 'picklist' || field.type === 'multipicklist') return picklistProblems(text, field);
  const converted = convert(text, field, cut);
  if (!('problem' in converted)) return [];
  return [
    {
      code: 'BAD_TEXT',
      error: `The text for ${field.name} ${converted.problem}`,
      remedy: remedyOf(field),
      severity: 'error',
    },
  ];
}

/** Whether values that are known by name could ever fit a field: as far as that can be said before a booking. Pure. */
export function rowValueProblems({ from, text, cut }: MappingRow, field: FieldSchema): ValueProblem[] {
  if (from !== undefined) return namedValueProblems(from, field);
  if (text === undefined) return [];
  if (namesInText(text).length === 0) return fixedTextProblems(text, field, cut);
  const literal = text.replace(/\{[^{}]+\}/g, '');
  if (cut || field.length === 0 || literal.length <= field.length) return [];
  return [
    {
      code: 'BAD_TEXT',
      error: `The text for ${field.name} is longer than the field's ${field.length} characters`,
      remedy: 'Shorten it, or set "cut": true.',
      severity: 'error',
    },
  ];
}

function namedValueProblems(from: string, field: FieldSchema): ValueProblem[] {
  const known = findValueName(from);
  if (known === null) return [];
  if (known.values !== undefined) {
    const missing = known.values.filter((value) => 'problem' in convert(value, field, true));
    if (missing.length === 0) return [];
    return [
      {
        code: 'MAY_NOT_FIT',
        error: `${field.name} does not take ${missing.map((value) => `"${value}"`).join(', ')}, which ${from} can be`,
        remedy: `Add them to the values of ${field.name}, or map another field.`,
        severity: 'warning',
      },
    ];
  }
  // Text and answers can be anything: that shows with the booking.
  if (known.kind === 'text' || known.kind === 'any') return [];
  const converted = convert(known.example, field, true);
  if (!('problem' in converted)) return [];
  return [
    {
      code: 'MAY_NOT_FIT',
      error: `A value such as ${textOf(known.example) ?? ''} of ${from} does not fit ${field.name}: it ${converted.problem}`,
      remedy: `Map a field of type ${field.type} from another value.`,
      severity: 'warning',
    },
  ];
}

function picklistProblems(text: string, field: FieldSchema): ValueProblem[] {
  const parts = field.type === 'multipicklist' ? text.split(';') : [text];
  return parts
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .flatMap((part) => pickedProblems(part, field));
}

function pickedProblems(text: string, field: FieldSchema): ValueProblem[] {
  const active = field.picklistValues.filter((option) => option.active).map(({ value }) => value);
  if (active.includes(text)) return [];
  const spelled = active.find((value) => value.toLowerCase() === text.toLowerCase());
  const labelled = field.picklistValues.find((option) => option.active && option.label === text)?.value;
  if (spelled !== undefined || labelled !== undefined) {
    const right = spelled ?? labelled ?? '';
    return [
      {
        code: 'PICKLIST_VALUE',
        error: `"${text}" is not how ${field.name} spells its value "${right}"`,
        remedy: `Write "${right}".`,
        severity: 'error',
      },
    ];
  }
  const isInactive = field.picklistValues.some(({ value }) => value === text);
  return [
    {
      code: 'PICKLIST_VALUE',
      error: `"${text}" is ${isInactive ? 'an inactive value' : 'no value'} of the picklist ${field.name}`,
      remedy: `Write one of ${listed(active)}.`,
      // An open picklist takes any text; it then stands outside the list.
      severity: field.restrictedPicklist ? 'error' : 'warning',
    },
  ];
}

const MAX_LISTED = 12;

/** Some values as words; all of them where they are few. */
export function listed(values: readonly string[]): string {
  if (values.length === 0) return 'its values (there are none)';
  const some = values.slice(0, MAX_LISTED).map((value) => `"${value}"`);
  const rest = values.length - some.length;
  return rest > 0 ? `${some.join(', ')} and ${rest} more` : some.join(', ');
}

function remedyOf({ type, length }: FieldSchema): string {
  switch (type) {
    case 'date':
      return 'Write a date as 2027-01-31.';
    case 'datetime':
      return 'Write an instant as 2027-01-31T09:00:00Z.';
    case 'time':
      return 'Write a time of day as 09:30.';
    case 'boolean':
      return 'Write true or false.';
    case 'int':
    case 'double':
    case 'currency':
    case 'percent':
      return 'Write a number that the field holds, with a point before decimals.';
    case 'email':
      return 'Write an e-mail address.';
    default:
      return `Shorten it to ${length} characters.`;
  }
}
