import {
  FieldsOnCorrectTypeRule,
  KnownArgumentNamesRule,
  KnownDirectivesRule,
  KnownFragmentNamesRule,
  Kind,
  KnownTypeNamesRule,
  NoUndefinedVariablesRule,
  PossibleFragmentSpreadsRule,
  ScalarLeafsRule,
  TypeInfo,
  UniqueArgumentNamesRule,
  UniqueInputFieldNamesRule,
  ValuesOfCorrectTypeRule,
  VariablesInAllowedPositionRule,
  VariablesAreInputTypesRule,
  specifiedRules,
  validate,
  visit,
  visitWithTypeInfo,
  type ASTNode,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  type ValidationRule,
} from 'graphql';
import { errorJson, type ErrorJson } from './graphql-error';

/** The platform's names of the faults that queries have most; what is found by any other rule bears none. */
const RULES: [type: string, rule: ValidationRule][] = [
  ['FieldUndefined', FieldsOnCorrectTypeRule],
  ['UnknownArgument', KnownArgumentNamesRule],
  ['UnknownDirective', KnownDirectivesRule],
  ['UndefinedFragment', KnownFragmentNamesRule],
  ['UnknownType', KnownTypeNamesRule],
  ['UndefinedVariable', NoUndefinedVariablesRule],
  ['InvalidFragmentType', PossibleFragmentSpreadsRule],
  ['SubselectionRequired', ScalarLeafsRule],
  ['DuplicateArgumentNames', UniqueArgumentNamesRule],
  ['WrongType', UniqueInputFieldNamesRule],
  ['WrongType', ValuesOfCorrectTypeRule],
  ['NonInputTypeOnVariable', VariablesAreInputTypesRule],
  ['VariableTypeMismatch', VariablesInAllowedPositionRule],
];

/** What is wrong with a query by the user's schema, in the order of the faults' kinds; empty when nothing is. */
export function validateQuery(schema: GraphQLSchema, document: DocumentNode): ErrorJson[] {
  const named = new Set(RULES.map(([, rule]) => rule));
  const others = specifiedRules.filter((rule) => !named.has(rule));
  const found = [
    ...RULES.flatMap(([type, rule]) => validate(schema, document, [rule]).map((error) => ({ type, error }))),
    ...validate(schema, document, others).map((error) => ({ type: null, error })),
  ];
  if (found.length === 0) return [];
  const places = placesOf(schema, document);
  return found.map(({ type, error }) => errorJson('ValidationError', wordsOf(type, error, places), error));
}

/** Where each field of a query stands: its path, and the type that it is asked of. */
interface Place {
  path: string;
  parentType: string;
}

function wordsOf(type: string | null, error: GraphQLError, places: Map<ASTNode, Place>): string {
  const node = error.nodes?.[0];
  const place = node && places.get(node);
  const text =
    type === 'FieldUndefined' && place && node.kind === Kind.FIELD
      ? undefinedField(node.name.value, place)
      : error.message;
  const lead = type === null ? 'Validation error' : `Validation error of type ${type}`;
  return `${lead}: ${text}${place ? ` @ '${place.path}'` : ''}`;
}

function undefinedField(name: string, { parentType }: Place): string {
  return `Field '${name}' in type '${parentType}' is undefined`;
}

/** The place of every node: an argument and what it holds stand where their field does. */
function placesOf(schema: GraphQLSchema, document: DocumentNode): Map<ASTNode, Place> {
  const places = new Map<ASTNode, Place>();
  const types = new TypeInfo(schema);
  const path: string[] = [];
  visit(
    document,
    visitWithTypeInfo(types, {
      enter(node) {
        if (node.kind === Kind.FIELD) path.push(node.name.value);
        if (path.length > 0) places.set(node, { path: path.join('/'), parentType: types.getParentType()?.name ?? '' });
      },
      leave(node) {
        if (node.kind === Kind.FIELD) path.pop();
      },
    }),
  );
  return places;
}
