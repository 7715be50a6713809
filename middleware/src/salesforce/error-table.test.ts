import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readErrors, readRows } from './composite';
import { classifyError, refusesNestedKey, type ErrorClass } from './error-table';

const FIXTURES = join(__dirname, '../../test/fixtures/salesforce/errors');
const SHARED = join(__dirname, '../../../../shared/salesforce/errors');

/** Recorded bodies by file, with the class of each error in them. */
const RECORDED: Record<string, ErrorClass[]> = {
  'api_disabled_for_org.json': ['orgWide'],
  'collections.all_or_none_rolled_back.json': ['scoped', 'retrySoon'],
  'collections.invalid_email_address.json': ['booking'],
  'collections.missing_attributes.json': ['booking'],
  'collections.required_field_missing.json': ['scoped'],
  'collections.update_without_id.json': ['booking', 'booking'],
  'composite.not_found.json': ['lookAgain'],
  'composite.processing_halted.json': ['retrySoon', 'booking'],
  'duplicate_value.json': ['booking'],
  'duplicates_detected.json': ['lookAgain'],
  'entity_is_deleted.json': ['lookAgain'],
  'field_custom_validation_exception.json': ['booking'],
  'field_integrity_exception.country_before_state.json': ['booking'],
  'insufficient_access_on_cross_reference_entity.json': ['scoped'],
  'invalid_cross_reference_key.missing_record.json': ['lookAgain'],
  'invalid_field.write.json': ['scoped'],
  'invalid_field_for_insert_update.json': ['scoped'],
  'invalid_session_id.json': ['signIn'],
  'invalid_session_id.not_valid_for_rest.json': ['orgWide'],
  'invalid_type.query.json': ['scoped'],
  'not_found.external_id_field.json': ['scoped'],
  'not_found.resource.json': ['lookAgain'],
  'request_limit_exceeded.concurrent.json': ['retrySoon'],
  'request_limit_exceeded.json': ['retryLater'],
  'required_field_missing.json': ['scoped'],
  'restricted_picklist.json': ['scoped'],
  'server_unavailable.json': ['retrySoon'],
  'string_too_long.json': ['booking'],
  'unable_to_lock_row.json': ['tooMuch'],
};

function errorsOf(body: unknown): { code: string; message: string }[] {
  if (typeof body === 'object' && body !== null && 'compositeResponse' in body) {
    const parts = body.compositeResponse as { body: unknown; httpStatusCode: number }[];
    return parts.flatMap((part) => readErrors(part.httpStatusCode, part.body));
  }
  const rows = body as { success?: boolean }[];
  if (rows.some((row) => row.success !== undefined)) {
    return readRows({ referenceId: 'rows', status: 200, body }, rows.length).flatMap((row) =>
      row.success ? [] : row.errors,
    );
  }
  return readErrors(400, body);
}

describe('classifyError over recorded answers', () => {
  const directories = [FIXTURES, SHARED].filter((directory) => existsSync(directory));
  const cases = directories.flatMap((directory) =>
    Object.entries(RECORDED).map(([file, classes]): [string, ErrorClass[]] => [join(directory, file), classes]),
  );

  it.each(cases)('%s is %j', (path, classes) => {
    const errors = errorsOf(JSON.parse(readFileSync(path, 'utf8')));
    expect(errors.map((error) => classifyError(error).class)).toEqual(classes);
  });

  it.each(directories)('leaves out no answer of %s but sign-ins and the list of records', (directory) => {
    const files = readdirSync(directory).filter((file) => /^(?!oauth\.|multiple_choices|README).*\.json$/.test(file));
    expect(files.sort()).toEqual(Object.keys(RECORDED).sort());
  });
});

describe('classifyError', () => {
  it.each<[ErrorClass, string, string]>([
    ['lookAgain', 'DUPLICATE_VALUE', 'duplicate value found: Booking_Id__c duplicates value on record with id: 00U1'],
    [
      'lookAgain',
      'DUPLICATE_VALUE',
      'duplicate value found: bkconn__Booking_Customer_Id__c duplicates value on record with id: 0031',
    ],
    ['lookAgain', 'DUPLICATE_VALUE', 'duplicate value found: <unknown> duplicates value on record with id: <unknown>'],
    ['lookAgain', 'DUPLICATE_VALUE', 'Already a campaign member.'],
    ['booking', 'DUPLICATE_VALUE', 'Duplicate external id specified: c-901'],
    ['booking', 'DUPLICATE_VALUE', 'duplicate value found: Passport__c duplicates value on record with id: 0031'],
    ['booking', 'DUPLICATE_EXTERNAL_ID', 'x: more than one record found for external id field: [001, 002]'],
    [
      'lookAgain',
      'INVALID_FIELD',
      'Foreign key external ID: c-901 not found for field Booking_Customer_Id__c in entity Contact',
    ],
    ['orgWide', 'INVALID_FIELD', "No such column 'Booking_Id__c' on sobject of type Event"],
    [
      'orgWide',
      'INVALID_FIELD',
      "\nSELECT Id,Booking_Id__c FROM Event\n ^\nERROR at Row:1:Column:11\nNo such column 'bkconn__Booking_Id__c' on entity 'Event'. If you",
    ],
    ['scoped', 'INVALID_FIELD', "No such column 'Booking_Id__c' on sobject of type Case"],
    ['scoped', 'INVALID_CROSS_REFERENCE_KEY', "Record Type ID: this ID value isn't valid for the user: 0121"],
    [
      'tooMuch',
      'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
      'T: execution of BeforeInsert caused by: System.LimitException: Apex CPU time limit exceeded',
    ],
    ['tooMuch', 'CANNOT_EXECUTE_FLOW_TRIGGER', 'We could not save: Too many SOQL queries: 101'],
    ['tooMuch', 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'T: UNABLE_TO_LOCK_ROW, unable to obtain exclusive access'],
    [
      'booking',
      'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
      'T: execution of BeforeInsert caused by: System.NullPointerException',
    ],
    ['booking', 'CANNOT_EXECUTE_FLOW_TRIGGER', "We can't save this record because the process failed."],
    ['scoped', 'INACTIVE_OWNER_OR_USER', 'operation performed with inactive user [0051] as owner of contact'],
    ['scoped', 'OP_WITH_INVALID_USER_TYPE_EXCEPTION', 'Operation not valid for this user type'],
    ['scoped', 'MALFORMED_ID', 'Owner ID: id value of incorrect type: 0031'],
    ['booking', 'MALFORMED_ID', 'malformed id 001RM'],
    ['lookAgain', 'CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead'],
    ['lookAgain', 'PROCESSING_HALTED', 'Invalid reference specified. No value for p1.id found in p1'],
    ['scoped', 'TXN_SECURITY_NO_ACCESS', "The operation you requested isn't allowed"],
    ['orgWide', 'STORAGE_LIMIT_EXCEEDED', 'storage limit exceeded'],
    ['retrySoon', 'UNKNOWN_EXCEPTION', 'An unexpected error occurred. ErrorId: 1-2'],
    ['tooMuch', 'TIMEOUT', ''],
    ['retrySoon', 'CONNECTION_LOST', ''],
    ['lookAgain', 'NO_RESULT_FOR_ROW', ''],
  ])('is %s for %s: %s', (errorClass, code, message) => {
    expect(classifyError({ code, message }).class).toBe(errorClass);
  });

  it.each<[number | undefined, ErrorClass]>([
    [undefined, 'booking'],
    [400, 'booking'],
    [401, 'signIn'],
    [403, 'scoped'],
    [404, 'lookAgain'],
    [413, 'tooMuch'],
    [429, 'retrySoon'],
    [500, 'retrySoon'],
    [503, 'retrySoon'],
  ])('judges an unknown code by the status %s: %s', (status, errorClass) => {
    expect(classifyError({ code: 'BRAND_NEW', message: '', ...(status === undefined ? {} : { status }) }).class).toBe(
      errorClass,
    );
  });

  it('is not confused by codes that are names of JavaScript', () => {
    expect(classifyError({ code: 'constructor', message: '' }).class).toBe('booking');
  });

  it('never puts a value into cause or remedy', () => {
    const { cause, remedy } = classifyError({
      code: 'STRING_TOO_LONG',
      message: 'Name: data value too large: Yuki Sato (max length=5)',
    });
    expect(cause + remedy).not.toContain('Yuki');
  });
});

describe('refusesNestedKey', () => {
  it.each([
    [
      true,
      'JSON_PARSER_ERROR',
      'Nested object for polymorphic foreign key must have an attributes field before any other fields.',
    ],
    [true, 'INVALID_FIELD', "No such column 'Who' on sobject of type Event"],
    [true, 'INVALID_FIELD', "No such column 'What' on sobject of type Event"],
    [false, 'INVALID_FIELD', "No such column 'WhoId' on sobject of type Event"],
    [
      false,
      'INVALID_FIELD',
      'Foreign key external ID: c-901 not found for field Booking_Customer_Id__c in entity Contact',
    ],
    [false, 'INVALID_FIELD', "No such column 'Whole' on sobject of type Event"],
    [false, 'JSON_PARSER_ERROR', 'Unexpected character'],
  ])('is %s for %s: %s', (expected, code, message) => {
    expect(refusesNestedKey({ code, message })).toBe(expected);
  });

  it('takes the field where the text names none', () => {
    expect(refusesNestedKey({ code: 'INVALID_FIELD', message: 'not allowed here', fields: ['Who'] })).toBe(true);
  });
});
