import { queryRequest, readRecords, type CompositeAnswer, type CompositeRequest } from './composite';

/** What an org says of itself. */
export interface Organization {
  name: string;
  /** A sandbox or scratch org. */
  isSandbox: boolean;
}

/** The reference id of {@link organizationRequest}. */
export const ORGANIZATION = 'organization';

/** Asks what an org is called, and whether it is a sandbox: it has one such record. Pure. */
export function organizationRequest(): CompositeRequest {
  return queryRequest(ORGANIZATION, 'SELECT Name, IsSandbox FROM Organization');
}

/** @returns null when the API user may not read it. Pure. */
export function organizationIn(answer: CompositeAnswer | undefined): Organization | null {
  const record = answer?.status === 200 ? readRecords(answer)[0] : undefined;
  const name = record?.['Name'];
  return typeof name === 'string' ? { name, isSandbox: record?.['IsSandbox'] === true } : null;
}
