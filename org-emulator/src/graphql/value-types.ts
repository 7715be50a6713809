import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLFloat,
  GraphQLID,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLList,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLString,
  type GraphQLScalarType as Scalar,
} from 'graphql';
import { parseDate, parseDateTime } from '../records/timestamps';
import type { Field, FieldType } from '../schema/field';

/** The GraphQL type of a field's value, and the input type that filters by it. */
export interface ValueKind {
  output: GraphQLObjectType;
  /** Absent for what cannot be filtered by. */
  operators?: GraphQLInputObjectType;
}

const textScalar = (name: string): Scalar => new GraphQLScalarType({ name, serialize: String, parseValue: String });
const dateScalar = new GraphQLScalarType({
  name: 'Date',
  parseValue: (value) => checked('Date', value, parseDate(String(value))),
});
const dateTimeScalar = new GraphQLScalarType({
  name: 'DateTime',
  parseValue(value) {
    const dateTime = parseDateTime(String(value));
    return checked('DateTime', value, dateTime && dateTime.replace('+0000', 'Z'));
  },
});
const picklistScalar = textScalar('Picklist');

const EQUALITY = ['eq', 'ne'];
const ORDER = ['lt', 'gt', 'lte', 'gte'];
const MEMBERSHIP = ['in', 'nin'];

/** The names of the date literals that need no number. */
const DATE_LITERALS = [
  ...['YESTERDAY', 'TODAY', 'TOMORROW', 'LAST_90_DAYS', 'NEXT_90_DAYS'],
  ...['WEEK', 'MONTH', 'QUARTER', 'YEAR'].flatMap((unit) => [`LAST_${unit}`, `THIS_${unit}`, `NEXT_${unit}`]),
  ...['QUARTER', 'YEAR'].flatMap((unit) => [`LAST_FISCAL_${unit}`, `THIS_FISCAL_${unit}`, `NEXT_FISCAL_${unit}`]),
];
/** The keys of a range: the date literals that take a number, in lower case. */
const DATE_RANGES = [
  ...['last_n_days', 'next_n_days', 'n_days_ago'],
  ...['weeks', 'months', 'quarters', 'years'].flatMap((unit) => [`last_n_${unit}`, `next_n_${unit}`, `n_${unit}_ago`]),
];
const dateLiteral = new GraphQLEnumType({
  name: 'DateLiteral',
  values: Object.fromEntries(DATE_LITERALS.map((name) => [name, {}])),
});
const dateRange = new GraphQLInputObjectType({
  name: 'DateRange',
  fields: Object.fromEntries(DATE_RANGES.map((name) => [name, { type: GraphQLInt }])),
});
/** A date in a filter: a value, a literal or a range. */
const dateInput = (name: string, value: Scalar): GraphQLInputObjectType =>
  new GraphQLInputObjectType({
    name,
    fields: { value: { type: value }, literal: { type: dateLiteral }, range: { type: dateRange } },
  });

/** What is written into a statement as it is has to be a date. */
function checked(type: string, sent: unknown, value: string | null): string {
  if (value === null) throw new TypeError(`'${String(sent)}' is no ${type}`);
  return value;
}

function valueType(name: string, scalar: Scalar, extra: Record<string, { type: Scalar }> = {}): GraphQLObjectType {
  const fields = { value: { type: scalar }, displayValue: { type: GraphQLString }, ...extra };
  return new GraphQLObjectType({ name, fields });
}

function operatorType(
  name: string,
  type: Scalar | GraphQLInputObjectType,
  operators: string[],
): GraphQLInputObjectType {
  const listed = (operator: string): boolean => [...MEMBERSHIP, 'includes', 'excludes'].includes(operator);
  const fields = operators.map((operator) => [operator, { type: listed(operator) ? new GraphQLList(type) : type }]);
  return new GraphQLInputObjectType({
    name,
    fields: Object.fromEntries(fields) as Record<string, { type: typeof type }>,
  });
}

function kind(
  name: string,
  scalar: Scalar,
  operators: string[] | null,
  input: Scalar | GraphQLInputObjectType = scalar,
): ValueKind {
  const output = valueType(`${name}Value`, scalar, name.endsWith('icklist') ? { label: { type: GraphQLString } } : {});
  return operators ? { output, operators: operatorType(`${name}Operators`, input, operators) } : { output };
}

const TEXT = [...EQUALITY, 'like', ...ORDER, ...MEMBERSHIP];
const NUMBER = [...EQUALITY, ...ORDER, ...MEMBERSHIP];

const KINDS = {
  id: kind('ID', GraphQLID, [...EQUALITY, ...ORDER, ...MEMBERSHIP]),
  string: kind('String', GraphQLString, TEXT),
  textArea: kind('TextArea', GraphQLString, TEXT),
  longTextArea: kind('LongTextArea', GraphQLString, null),
  email: kind('Email', GraphQLString, TEXT),
  phone: kind('PhoneNumber', GraphQLString, TEXT),
  url: kind('Url', GraphQLString, TEXT),
  time: kind('Time', GraphQLString, NUMBER),
  picklist: kind('Picklist', picklistScalar, TEXT),
  multiPicklist: kind('MultiPicklist', GraphQLString, [...EQUALITY, 'includes', 'excludes']),
  boolean: kind('Boolean', GraphQLBoolean, EQUALITY),
  int: kind('Int', GraphQLInt, NUMBER),
  // An int of GraphQL has 32 bits, a long of the platform more.
  long: kind('Long', GraphQLFloat, NUMBER),
  double: kind('Double', GraphQLFloat, NUMBER),
  currency: kind('Currency', GraphQLFloat, NUMBER),
  percent: kind('Percent', GraphQLFloat, NUMBER),
  date: kind('Date', dateScalar, NUMBER, dateInput('DateInput', dateScalar)),
  dateTime: kind('DateTime', dateTimeScalar, NUMBER, dateInput('DateTimeInput', dateTimeScalar)),
} satisfies Record<string, ValueKind>;

const KIND_OF: Partial<Record<FieldType, ValueKind>> = {
  id: KINDS.id,
  reference: KINDS.id,
  string: KINDS.string,
  encryptedstring: KINDS.string,
  combobox: KINDS.picklist,
  picklist: KINDS.picklist,
  multipicklist: KINDS.multiPicklist,
  boolean: KINDS.boolean,
  int: KINDS.int,
  long: KINDS.long,
  double: KINDS.double,
  currency: KINDS.currency,
  percent: KINDS.percent,
  date: KINDS.date,
  datetime: KINDS.dateTime,
  time: KINDS.time,
  email: KINDS.email,
  phone: KINDS.phone,
  url: KINDS.url,
};

/** How a field is seen in GraphQL; undefined for compound fields and binary data, which the schema leaves out. */
export function valueKindOf(field: Field): ValueKind | undefined {
  if (field.type === 'textarea') return field.length > 255 ? KINDS.longTextArea : KINDS.textArea;
  return KIND_OF[field.type];
}
