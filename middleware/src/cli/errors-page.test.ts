import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorsPage, listErrors } from './errors-page';

const PAGE = join(__dirname, '../../../docs/errors.md');

/** Codes that Salesforce's documentation names, or that orgs were seen to answer. */
const SEEN = `
  INVALID_SESSION_ID REQUEST_LIMIT_EXCEEDED API_DISABLED_FOR_ORG API_CURRENTLY_DISABLED REQUIRED_FIELD_MISSING
  FIELD_CUSTOM_VALIDATION_EXCEPTION CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY CANNOT_EXECUTE_FLOW_TRIGGER DUPLICATES_DETECTED
  DUPLICATE_VALUE INVALID_FIELD INVALID_TYPE INVALID_FIELD_FOR_INSERT_UPDATE INSUFFICIENT_ACCESS_OR_READONLY
  INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY INVALID_CROSS_REFERENCE_KEY ENTITY_IS_DELETED NOT_FOUND MALFORMED_ID
  MISSING_ARGUMENT MALFORMED_QUERY QUERY_TIMEOUT INVALID_QUERY_LOCATOR STRING_TOO_LONG INVALID_EMAIL_ADDRESS
  INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST FIELD_INTEGRITY_EXCEPTION UNABLE_TO_LOCK_ROW SERVER_UNAVAILABLE
  UNKNOWN_EXCEPTION STORAGE_LIMIT_EXCEEDED CANNOT_UPDATE_CONVERTED_LEAD INACTIVE_OWNER_OR_USER
  OP_WITH_INVALID_USER_TYPE_EXCEPTION JSON_PARSER_ERROR ALL_OR_NONE_OPERATION_ROLLED_BACK PROCESSING_HALTED
  MULTIPLE_CHOICES invalid_grant inactive_user inactive_org invalid_app_access invalid_client_id invalid_client
  unsupported_grant_type redirect_uri_mismatch unsupported_response_type access_denied immediate_unsuccessful
  rate_limit_exceeded OAUTH_APP_BLOCKED OAUTH_APP_ACCESS_DENIED OAUTH_APPROVAL_ERROR_GENERIC
`
  .trim()
  .split(/\s+/);

describe('docs/errors.md', () => {
  it('is that of the code: "booking-connector errors > docs/errors.md" writes it anew', () => {
    expect(readFileSync(PAGE, 'utf8')).toBe(errorsPage());
  });

  it.each(SEEN)('tells of %s', (code) => {
    expect(listErrors().flatMap((error) => error.code.split(' or '))).toContain(code);
  });

  it('says of each error in whole sentences what it means and what to do', () => {
    expect(listErrors().length).toBeGreaterThan(SEEN.length);
    for (const { cause, remedy } of listErrors()) {
      expect(cause).toMatch(/^[A-Z].*\.$/s);
      expect(remedy).toMatch(/^[A-Z].*\.$/s);
    }
  });

  it('has a line for each error', () => {
    const lines = errorsPage()
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    expect(lines).toHaveLength(listErrors().length);
  });
});
