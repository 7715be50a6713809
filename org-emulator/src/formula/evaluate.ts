import { findMetadataRecord } from '../metadata/metadata-records';
import type { Org } from '../org/org';
import { readField } from '../records/read-field';
import type { FieldValue, StoredRecord } from '../records/table';
import { parseDateTime, toApiDateTime } from '../records/timestamps';
import type { Field, FieldType } from '../schema/field';
import type { ObjectSchema } from '../schema/object-schema';
import { text } from '../xml/xml-element';
import { formulaNames, withoutComments } from './formula-names';
import { formulon, type FormulaValue } from './library';

const NUMBERS = new Set<FieldType>(['double', 'int', 'long', 'currency', 'percent']);
/** How many formulas may use each other. A real org refuses a circle when it is deployed. */
const MAX_DEPTH = 10;
let depth = 0;

/**
 * The value of a formula field of a row, worked out when it is read. Null when it is blank, and when the formula fails,
 * as it does where a real org shows `#Error!`.
 */
export function evaluateFormula(org: Org, object: ObjectSchema, row: StoredRecord, field: Field): FieldValue {
  if (field.calculatedFormula === null || depth >= MAX_DEPTH) return null;
  depth += 1;
  try {
    const formula = withoutComments(field.calculatedFormula);
    const names = formulaNames(formula).map((name): [string, FormulaValue] => [name, valueOf(org, object, row, name)]);
    const result = formulon.parse(formula, Object.fromEntries(names));
    return result.type === 'literal' ? stored(field, result.value) : null;
  } catch {
    // The library throws for some blank arguments.
    return null;
  } finally {
    depth -= 1;
  }
}

function valueOf(org: Org, object: ObjectSchema, row: StoredRecord, name: string): FormulaValue {
  const [scope = '', ...path] = name.split('.');
  const [first = '', second = '', third = ''] = path;
  switch (scope) {
    case '$CustomMetadata': {
      const record = findMetadataRecord(org, first, second);
      return literal(org.schema.object(first)?.field(third), record?.[third] ?? null);
    }
    case '$Label':
      return textLiteral(text(org.metadata.get('CustomLabel', first)?.root, 'value') ?? '');
    case '$Organization': {
      const organization = org.object('Organization');
      const record = org.store.table(organization).get(org.ids.organizationId);
      return literal(organization.field(first), record?.[first] ?? null);
    }
    default:
      return scope.startsWith('$') ? textLiteral('') : fieldValue(org, object, row, [scope, ...path]);
  }
}

/** The value at a path of relationships; blank where a lookup is empty. */
function fieldValue(org: Org, object: ObjectSchema, row: StoredRecord | undefined, path: string[]): FormulaValue {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    const field = object.field(name);
    return literal(field, field && row ? readField(org, object, row, field) : null);
  }
  const lookup = object.relationship(name);
  const id = lookup && row ? row[lookup.name] : null;
  const target = typeof id === 'string' ? org.store.find(id) : undefined;
  const targetObject = target?.object ?? org.schema.object(lookup?.referenceTo[0] ?? '');
  return targetObject ? fieldValue(org, targetObject, target?.row, rest) : textLiteral('');
}

function literal(field: Field | undefined, value: FieldValue): FormulaValue {
  if (!field) return textLiteral('');
  const { type, precision, scale, picklistValues } = field;
  if (type === 'boolean') return { type: 'literal', dataType: 'checkbox', value: value === true };
  if (NUMBERS.has(type)) {
    if (value === null) return { type: 'literal', dataType: 'null', value: null };
    return { type: 'literal', dataType: 'number', value, options: { length: precision || 18, scale } };
  }
  if (type === 'date' || type === 'datetime') {
    if (typeof value !== 'string') return { type: 'literal', dataType: 'null', value: null };
    const instant = new Date((parseDateTime(value) ?? value).replace('+0000', 'Z'));
    return { type: 'literal', dataType: type, value: instant };
  }
  if (type === 'picklist') {
    const values = picklistValues.map((entry) => entry.value);
    return { type: 'literal', dataType: 'picklist', value: value ?? '', options: { values } };
  }
  // A formula sees ids with 15 characters, as CASESAFEID wants them.
  if (type === 'id' || type === 'reference') return textLiteral(String(value ?? '').slice(0, 15));
  return textLiteral(String(value ?? ''));
}

function textLiteral(value: string): FormulaValue {
  return { type: 'literal', dataType: 'text', value, options: { length: value.length } };
}

/** A result as the store would keep a value of the field. */
function stored(field: Field, value: unknown): FieldValue {
  if (field.type === 'boolean') return value === true;
  if (value === null || value === undefined || value === '') return null;
  if (NUMBERS.has(field.type)) return Number(Number(value).toFixed(field.scale));
  if (value instanceof Date) return field.type === 'date' ? value.toISOString().slice(0, 10) : toApiDateTime(value);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}
