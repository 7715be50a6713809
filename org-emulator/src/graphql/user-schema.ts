import {
  GraphQLEnumType,
  GraphQLID,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLBoolean,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
  type GraphQLFieldConfig,
  type GraphQLInputFieldConfig,
  specifiedDirectives,
  GraphQLDirective,
  DirectiveLocation,
} from 'graphql';
import type { UserAccess } from '../org/access';
import type { Field } from '../schema/field';
import type { ObjectSchema } from '../schema/object-schema';
import { graphqlObjects } from '../ui-api/supported-objects';
import { childrenOf, rootConnection, type ConnectionArguments } from './connection';
import type { GraphqlContext } from './graphql-context';
import { fieldValue, parentOf, type RecordNode } from './record-node';
import { valueKindOf } from './value-types';
import { isPolymorphic } from './where-clause';

/** May stand at any field: the field is left out when the user has no access to it. */
const OPTIONAL = new GraphQLDirective({ name: 'optional', locations: [DirectiveLocation.FIELD] });
const orderByClause = new GraphQLInputObjectType({
  name: 'OrderByClause',
  fields: {
    order: { type: new GraphQLEnumType({ name: 'ResultOrder', values: { ASC: {}, DESC: {} } }) },
    nulls: { type: new GraphQLEnumType({ name: 'NullOrder', values: { FIRST: {}, LAST: {} } }) },
  },
});
const pageInfo = new GraphQLObjectType({
  name: 'PageInfo',
  fields: {
    hasNextPage: { type: new GraphQLNonNull(GraphQLBoolean) },
    hasPreviousPage: { type: new GraphQLNonNull(GraphQLBoolean) },
    startCursor: { type: GraphQLString },
    endCursor: { type: GraphQLString },
  },
});
const scope = new GraphQLEnumType({ name: 'SupportedScopes', values: { EVERYTHING: {}, MINE: {} } });

type RecordFields = Record<string, GraphQLFieldConfig<RecordNode, GraphqlContext>>;

/**
 * The GraphQL schema that a user sees: his objects with his fields, as the platform makes a schema for each user. What a
 * user has no access to does not exist in it.
 *
 * @see GraphQL API Developer Guide, "Query Records with GraphQL", "Field Operators", "Order Results"
 */
export function userSchema(access: UserAccess): GraphQLSchema {
  let schema = schemas.get(access);
  if (!schema) {
    schema = new SchemaBuilder(access).build();
    schemas.set(access, schema);
  }
  return schema;
}

/** An access is thrown away with every change of rights or fields, and its schema with it. */
const schemas = new WeakMap<UserAccess, GraphQLSchema>();

class SchemaBuilder {
  private readonly records = new Map<string, GraphQLObjectType<RecordNode, GraphqlContext>>();
  private readonly connections = new Map<string, GraphQLObjectType>();
  private readonly filters = new Map<string, GraphQLInputObjectType>();
  private readonly orders = new Map<string, GraphQLInputObjectType>();
  private readonly objects: Map<string, ObjectSchema>;

  constructor(access: UserAccess) {
    this.objects = new Map(graphqlObjects(access).map((object) => [object.name, object]));
  }

  build(): GraphQLSchema {
    const recordQuery = new GraphQLObjectType<unknown, GraphqlContext>({
      name: 'RecordQuery',
      fields: () =>
        Object.fromEntries(
          [...this.objects.values()].map((object) => [
            object.name,
            {
              type: this.connection(object),
              args: this.connectionArguments(object),
              resolve: (_source: unknown, args: ConnectionArguments, context: GraphqlContext) =>
                rootConnection(context, object, args),
            },
          ]),
        ),
    });
    const uiapi = new GraphQLObjectType({
      name: 'UIAPI',
      fields: { query: { type: new GraphQLNonNull(recordQuery), resolve: () => ({}) } },
    });
    const query = new GraphQLObjectType({
      name: 'Query',
      fields: { uiapi: { type: new GraphQLNonNull(uiapi), resolve: () => ({}) } },
    });
    return new GraphQLSchema({ query, directives: [...specifiedDirectives, OPTIONAL] });
  }

  private connection(object: ObjectSchema): GraphQLObjectType {
    return remembered(this.connections, object.name, () => {
      const edge = new GraphQLObjectType({
        name: `${object.name}Edge`,
        fields: () => ({
          node: { type: this.record(object) },
          cursor: { type: new GraphQLNonNull(GraphQLString) },
        }),
      });
      return new GraphQLObjectType({
        name: `${object.name}Connection`,
        fields: {
          edges: { type: new GraphQLList(edge) },
          pageInfo: { type: new GraphQLNonNull(pageInfo) },
          totalCount: { type: new GraphQLNonNull(GraphQLInt) },
          pageResultCount: { type: new GraphQLNonNull(GraphQLInt) },
        },
      });
    });
  }

  private connectionArguments(object: ObjectSchema): Record<string, { type: GraphQLInputFieldConfig['type'] }> {
    return {
      first: { type: GraphQLInt },
      after: { type: GraphQLString },
      where: { type: this.filter(object) },
      orderBy: { type: this.order(object) },
      scope: { type: scope },
    };
  }

  private record(object: ObjectSchema): GraphQLObjectType {
    return remembered(
      this.records,
      object.name,
      () => new GraphQLObjectType<RecordNode, GraphqlContext>({ name: object.name, fields: () => this.fields(object) }),
    );
  }

  private fields(object: ObjectSchema): RecordFields {
    const fields: RecordFields = {
      Id: { type: new GraphQLNonNull(GraphQLID), resolve: ({ row }) => row.Id },
      ApiName: { type: new GraphQLNonNull(GraphQLString), resolve: (node) => node.object.name },
    };
    for (const field of object.fields) {
      const kind = valueKindOf(field);
      if (field.type === 'id' || !kind) continue;
      fields[field.name] = { type: kind.output, resolve: (node, _args, context) => fieldValue(context, node, field) };
      const parent = this.parentType(object, field);
      if (!parent || !field.relationshipName) continue;
      fields[field.relationshipName] = {
        type: parent,
        resolve: (node, _args, context) => parentOf(context, node, field),
      };
    }
    for (const relation of object.childRelationships) {
      const child = this.objects.get(relation.childSObject);
      if (!child?.field(relation.field) || !relation.relationshipName || fields[relation.relationshipName]) continue;
      fields[relation.relationshipName] = {
        type: this.connection(child),
        args: this.connectionArguments(child),
        resolve: (node, args: ConnectionArguments, context) => childrenOf(context, node, child, relation.field, args),
      };
    }
    return fields;
  }

  /** An object type, or a union of the objects that a polymorphic lookup may point to; undefined where none is seen. */
  private parentType(object: ObjectSchema, field: Field): GraphQLObjectType | GraphQLUnionType | undefined {
    const targets = field.referenceTo.flatMap((name) => this.objects.get(name) ?? []);
    const [first] = targets;
    if (!first || field.type !== 'reference') return undefined;
    if (!isPolymorphic(field)) return this.record(first);
    return new GraphQLUnionType({
      name: `${object.name}_${field.relationshipName ?? field.name}`,
      types: targets.map((target) => this.record(target)),
      resolveType: (node: RecordNode) => node.object.name,
    });
  }

  private filter(object: ObjectSchema): GraphQLInputObjectType {
    return remembered(this.filters, object.name, (): GraphQLInputObjectType => {
      const filter: GraphQLInputObjectType = new GraphQLInputObjectType({
        name: `${object.name}_Filter`,
        fields: () => {
          const fields: Record<string, GraphQLInputFieldConfig> = {
            and: { type: new GraphQLList(filter) },
            or: { type: new GraphQLList(filter) },
            not: { type: filter },
          };
          for (const field of object.fields) {
            const operators = field.filterable ? valueKindOf(field)?.operators : undefined;
            if (!operators) continue;
            fields[field.name] = { type: operators };
            const parents = this.parentFilter(object, field);
            if (parents && field.relationshipName) fields[field.relationshipName] = { type: parents };
          }
          return fields;
        },
      });
      return filter;
    });
  }

  private parentFilter(object: ObjectSchema, field: Field): GraphQLInputObjectType | undefined {
    const targets = field.referenceTo.flatMap((name) => this.objects.get(name) ?? []);
    const [first] = targets;
    if (!first || field.type !== 'reference') return undefined;
    if (!isPolymorphic(field)) return this.filter(first);
    return new GraphQLInputObjectType({
      name: `${object.name}_${field.relationshipName ?? field.name}_Filters`,
      fields: () => Object.fromEntries(targets.map((target) => [target.name, { type: this.filter(target) }])),
    });
  }

  private order(object: ObjectSchema): GraphQLInputObjectType {
    return remembered(
      this.orders,
      object.name,
      () =>
        new GraphQLInputObjectType({
          name: `${object.name}_OrderBy`,
          fields: () => {
            const fields: Record<string, GraphQLInputFieldConfig> = {};
            for (const field of object.fields) {
              if (!field.sortable || !valueKindOf(field)) continue;
              fields[field.name] = { type: orderByClause };
              const parent = isPolymorphic(field) ? undefined : this.objects.get(field.referenceTo[0] ?? '');
              if (parent && field.relationshipName) fields[field.relationshipName] = { type: this.order(parent) };
            }
            return fields;
          },
        }),
    );
  }
}

function remembered<T>(known: Map<string, T>, name: string, make: () => T): T {
  let value = known.get(name);
  if (value === undefined) {
    value = make();
    known.set(name, value);
  }
  return value;
}
