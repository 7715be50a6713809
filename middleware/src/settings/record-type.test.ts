import { objectSchema } from '../../test/support/schema';
import type { RecordTypeSchema } from '../salesforce/schema';
import { findRecordType } from './record-type';

const recordType = (id: string, developerName: string, more: Partial<RecordTypeSchema> = {}): RecordTypeSchema => ({
  id,
  developerName,
  name: developerName,
  active: true,
  available: true,
  default: false,
  master: false,
  ...more,
});

const ACCOUNT = objectSchema('Account', '001', [], {
  recordTypes: [
    recordType('012000000000001AAA', 'Partner'),
    recordType('012000000000002AAA', 'Client'),
    recordType('012000000000003AAA', 'Client'),
    recordType('012000000000004AAA', 'Old', { active: false }),
    recordType('012000000000005AAA', 'Secret', { available: false }),
    recordType('012000000000006AAA', 'Twin'),
    recordType('012000000000007AAA', 'Twin', { active: false }),
  ],
});

describe('findRecordType', () => {
  it.each([
    ['Partner', { kind: 'found', recordType: { id: '012000000000001AAA' } }],
    ['012000000000001AAA', { kind: 'found', recordType: { developerName: 'Partner' } }],
    ['012000000000003', { kind: 'found', recordType: { id: '012000000000003AAA' } }],
    ['Client', { kind: 'ambiguous', ids: ['012000000000002AAA', '012000000000003AAA'] }],
    ['Twin', { kind: 'found', recordType: { id: '012000000000006AAA' } }],
    ['Old', { kind: 'inactive' }],
    ['Secret', { kind: 'unavailable' }],
    ['partner', { kind: 'missing' }],
    ['', { kind: 'missing' }],
  ])('%s', (named, expected) => {
    expect(findRecordType(ACCOUNT, named)).toMatchObject(expected);
  });
});
