import type { CompositeAnswer } from './composite';

/**
 * What stands for the schema of the org that gave this answer to a describe: the ETag, the same for each object;
 * compressed and plain answers differ in a suffix that says nothing of the schema. The time of the last change stands in
 * where there is none. Null when the org sent neither.
 */
export function schemaStamp(answer: CompositeAnswer | undefined): string | null {
  const etag = answer?.headers?.['etag'];
  return etag === undefined ? (answer?.headers?.['last-modified'] ?? null) : stampOfEtag(etag);
}

/** The stamp of the schema that an ETag, as it was sent, stands for. Pure. */
export function stampOfEtag(etag: string): string {
  return etag.replace(/^W\/|"|--?gzip/g, '');
}
