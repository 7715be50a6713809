import { executeSync, GraphQLError, Kind, OperationTypeNode, parse, type DocumentNode } from 'graphql';
import { z } from 'zod';
import { apiError, methodNotAllowed } from '../rest/api-error';
import type { ApiContext, ApiRequest, ApiResponse } from '../rest/api-request';
import { readerOf } from '../ui-api/field-value';
import type { GraphqlContext } from './graphql-context';
import { errorJson, fetchingError, type ErrorJson } from './graphql-error';
import { withoutOptionalFields } from './optional-fields';
import { userSchema } from './user-schema';
import { validateQuery } from './validate-query';

const bodySchema = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

/**
 * `POST /graphql`: answers 200 with `data`, `errors` and `extensions`, also when the query is refused.
 *
 * @see GraphQL API Developer Guide, "Status Codes and Error Responses"
 */
export function graphqlResource(context: ApiContext, request: ApiRequest): ApiResponse {
  if (request.method !== 'POST') throw methodNotAllowed(request.method, ['POST']);
  const body = bodySchema.safeParse(request.body);
  if (!body.success) {
    throw apiError(400, 'JSON_PARSER_ERROR', 'The body has to be an object with a query, a text, and its variables');
  }
  const { org, access, apiVersion, userId } = context;
  return {
    status: 200,
    body: runGraphql({ org, access, apiVersion, reader: readerOf(org, userId) }, body.data),
  };
}

/** An answer: `data` is empty when the query was refused as a whole. */
interface GraphqlAnswer {
  data: unknown;
  errors: ErrorJson[];
  extensions: Record<string, never>;
}

function runGraphql(context: GraphqlContext, body: z.infer<typeof bodySchema>): GraphqlAnswer {
  const document = parseQuery(body.query);
  if (!('kind' in document)) return refused(document);
  if (
    document.definitions.some(
      (node) => node.kind === Kind.OPERATION_DEFINITION && node.operation !== OperationTypeNode.QUERY,
    )
  ) {
    return refused(errorJson('OperationNotSupported', 'This emulator answers queries only, no mutations'));
  }
  const schema = userSchema(context.access);
  const asked = withoutOptionalFields(schema, document);
  const faults = validateQuery(schema, asked);
  if (faults.length > 0) return refused(...faults);
  const { data, errors = [] } = executeSync({
    schema,
    document: asked,
    contextValue: context,
    variableValues: body.variables ?? {},
    operationName: body.operationName ?? null,
  });
  // Without data nothing was fetched: a variable did not fit, or no operation has that name.
  const told = errors.map((error) =>
    error.path ? fetchingError(error) : errorJson('ValidationError', `Validation error: ${error.message}`, error),
  );
  return { data: data ?? {}, errors: told, extensions: {} };
}

function parseQuery(query: string): DocumentNode | ErrorJson {
  try {
    return parse(query);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return errorJson('InvalidSyntax', `Invalid Syntax : ${error.message.replace(/^Syntax Error: /, '')}`, error);
  }
}

function refused(...errors: ErrorJson[]): GraphqlAnswer {
  return { data: {}, errors, extensions: {} };
}
