import {
  isAbstractType,
  isCompositeType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';

/**
 * Takes out of a query the fields that bear `@optional` and that the user's schema does not have: they are missing from
 * the answer, and the rest of the query runs. A selection that loses all its fields goes as a whole.
 */
export function withoutOptionalFields(schema: GraphQLSchema, document: DocumentNode): DocumentNode {
  const types = new TypeInfo(schema);
  return visit(
    document,
    visitWithTypeInfo(types, {
      Field: {
        enter(node) {
          const isOptional = node.directives?.some(({ name }) => name.value === 'optional') ?? false;
          const parent = types.getParentType();
          const isUnknown = isCompositeType(parent) && !isAbstractType(parent) && !types.getFieldDef();
          return isOptional && isUnknown ? null : undefined;
        },
        leave: (node) => (node.selectionSet?.selections.length === 0 ? null : undefined),
      },
      InlineFragment: { leave: (node) => (node.selectionSet.selections.length === 0 ? null : undefined) },
    }),
  );
}
