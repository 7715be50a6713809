import { apiError, type ApiError } from '../rest/api-error';

/** A statement that is no SOSL, or asks for what the emulator does not have. */
export function malformedSearch(message: string): ApiError {
  return apiError(400, 'MALFORMED_SEARCH', message);
}
