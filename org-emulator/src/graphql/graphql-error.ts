import type { GraphQLError } from 'graphql';
import { ApiError } from '../rest/api-error';

/**
 * What went wrong, in the platform's four words that matter here.
 *
 * @see GraphQL API Developer Guide, "Status Codes and Error Responses"
 */
export type ErrorType = 'InvalidSyntax' | 'ValidationError' | 'DataFetchingException' | 'OperationNotSupported';

/** One entry of `errors`. */
export interface ErrorJson {
  extensions: { ErrorType: ErrorType };
  locations: { column: number; line: number }[];
  message: string;
  paths: (string | number)[];
}

/** An error in the platform's form. */
export function errorJson(
  type: ErrorType,
  message: string,
  error?: GraphQLError,
  paths?: ErrorJson['paths'],
): ErrorJson {
  return {
    extensions: { ErrorType: type },
    locations: (error?.locations ?? []).map(({ column, line }) => ({ column, line })),
    message,
    paths: paths ?? [],
  };
}

/** What a resolver threw: the words of a refused statement stand behind the platform's own. */
export function fetchingError(error: GraphQLError): ErrorJson {
  const cause = error.originalError;
  const text = cause instanceof ApiError ? (cause.entries[0]?.message ?? cause.message) : error.message;
  return errorJson('DataFetchingException', text, error, [...(error.path ?? [])]);
}
