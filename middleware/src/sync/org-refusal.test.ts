import { candidate } from '../../test/support/candidate';
import { orgView } from '../../test/support/schema';
import type { RowResult } from '../salesforce/composite';
import { assertPackage, refusalOf } from './org-refusal';

const written: RowResult = { success: true, id: '00Q000000000001AAA', created: true };
const refused = (code: string, message = ''): RowResult => ({
  success: false,
  errors: [{ code, message, fields: [] }],
});

describe('refusalOf', () => {
  it.each([
    ['the storage is full', [written, refused('STORAGE_LIMIT_EXCEEDED')], 'STORAGE_LIMIT_EXCEEDED', 'orgWide'],
    [
      'a field of the package is gone',
      [refused('INVALID_FIELD', "No such column 'Booking_Id__c' on sobject of type Event")],
      'INVALID_FIELD',
      'orgWide',
    ],
    [
      'the allowance is spent',
      [refused('REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.')],
      'REQUEST_LIMIT_EXCEEDED',
      'retryLater',
    ],
    ['the session has ended', [refused('INVALID_SESSION_ID', 'Session expired')], 'INVALID_SESSION_ID', 'signIn'],
    [
      'an admin has to act, whatever else is refused',
      [refused('INVALID_SESSION_ID', 'Session expired'), refused('API_DISABLED_FOR_ORG')],
      'API_DISABLED_FOR_ORG',
      'orgWide',
    ],
  ])('is there when %s', (_title, results, errorCode, errorClass) => {
    expect(refusalOf(results)).toMatchObject({ errorCode, class: errorClass });
  });

  it.each([
    ['written', written],
    ['refused for their values', refused('STRING_TOO_LONG')],
    ['refused for a right', refused('INSUFFICIENT_ACCESS_OR_READONLY')],
    ['refused by a policy that may strike some only', refused('TXN_SECURITY_NO_ACCESS')],
    ['locked', refused('UNABLE_TO_LOCK_ROW')],
    ['too long for a moment', refused('REQUEST_LIMIT_EXCEEDED', 'ConcurrentPerOrgLongTxn Limit exceeded.')],
  ])('is not there when rows are %s', (_title, result) => {
    expect(refusalOf([result])).toBeNull();
  });
});

describe('assertPackage', () => {
  const { settings } = candidate().settings;

  it.each([
    ['Event.Booking_Id__c', '"Edit Event.Booking_Id__c", or the field is not there'],
    ['Event', '"Access Activities"'],
  ])('refuses to go on without %s, in the words of the right', (missing, words) => {
    const refusal = { errorCode: 'PACKAGE_MISSING', class: 'orgWide', reason: expect.stringContaining(words) };
    expect(() => assertPackage(orgView({ without: [missing] }), settings)).toThrow(expect.objectContaining(refusal));
    expect(() => assertPackage(orgView(), settings)).not.toThrow();
  });
});
