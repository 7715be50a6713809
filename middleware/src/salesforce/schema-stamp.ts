import { describeRequest, type CompositeAnswer, type CompositeRequest } from './composite';

/**
 * Asks whether an org's schema is still the one that an ETag stands for: answered 304 without a body if it is. One object
 * is enough, since all describes of an org share one ETag.
 *
 * @param etag as it was sent with an earlier answer; null when there was none.
 * @see https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_conditional_requests.htm
 */
export function schemaRequest(referenceId: string, etag: string | null): CompositeRequest {
  const request = describeRequest(referenceId, 'Event');
  return etag === null ? request : { ...request, httpHeaders: { 'If-None-Match': etag } };
}

/**
 * What stands for the schema of the org that gave this answer to a describe: the ETag, the same for each object;
 * compressed and plain answers differ in a suffix that says nothing of the schema. The time of the last change stands in
 * where there is none. Null when the org sent neither.
 */
export function schemaStamp(answer: CompositeAnswer | undefined): string | null {
  const etag = answer?.headers?.['etag']?.replace(/^W\/|"|--?gzip/g, '');
  return etag ?? answer?.headers?.['last-modified'] ?? null;
}
