import { describeRequest, readErrors, type CompositeAnswer, type CompositeRequest } from './composite';
import { QueryFailedError } from './errors';
import { byName, objectSchemaFromDescribe, type ObjectSchema, type OrgSchema } from './schema';
import { schemaStamp } from './schema-stamp';

/**
 * Asks for the schema of some objects, of each only if it is another than an ETag stands for: answered 304 without a body
 * if not. All describes of an org share one ETag. It changes with permissions and profiles too.
 *
 * @param etag as it was sent with an earlier answer; null asks for all of it.
 * @see https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_describeGlobal.htm
 */
export function schemaRequests(sobjects: readonly string[], etag: string | null): CompositeRequest[] {
  return [...new Set(sobjects)].map((name, index) => {
    const request = describeRequest(`object${index}`, name);
    return etag === null ? request : { ...request, httpHeaders: { 'If-None-Match': etag } };
  });
}

/**
 * The schema that answers to describes make up. An object that is missing, or that the user may not see, is absent.
 *
 * @param known what was known of objects that are answered 304.
 * @throws QueryFailedError when an object could not be described for another reason.
 */
export function schemaOf(
  answers: readonly CompositeAnswer[],
  readAt: Date,
  known: readonly ObjectSchema[] = [],
): OrgSchema {
  const visible = answers.filter((answer) => !isInvisible(answer));
  const changed = visible
    .filter(({ status }) => status !== 304)
    .map((answer) => {
      if (answer.status === 200) return objectSchemaFromDescribe(answer.body);
      const [error] = readErrors(answer.status, answer.body);
      throw new QueryFailedError(answer.referenceId, { ...error, status: answer.status });
    });
  const stamped = visible.find(({ status }) => status === 200) ?? visible[0];
  return { objects: byName([...known, ...changed]), stamp: schemaStamp(stamped), readAt: readAt.toISOString() };
}

const INVISIBLE: ReadonlySet<string> = new Set([
  'INVALID_TYPE',
  'INSUFFICIENT_ACCESS',
  'INSUFFICIENT_ACCESS_OR_READONLY',
]);

/** Whether describe says that the object is not there, or not for this user. */
function isInvisible(answer: CompositeAnswer): boolean {
  if (answer.status === 200 || answer.status === 304) return false;
  const [{ code }] = readErrors(answer.status, answer.body);
  return answer.status === 404 || INVISIBLE.has(code);
}
