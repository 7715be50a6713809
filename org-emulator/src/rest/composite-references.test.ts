import { resolveReferences, type EarlierAnswers } from './composite-references';

const answers: EarlierAnswers = new Map([
  ['rows', { body: [{ id: '003A', success: true }, { success: false }], isFailed: false }],
  [
    'found',
    { body: { totalSize: 1, records: [{ Id: '00QA', Account: { Name: 'Acme' }, Score: 5 }] }, isFailed: false },
  ],
  ['bad', { body: [{ errorCode: 'X' }], isFailed: true }],
]);

it.each([
  ['@{rows[0].id}', '003A'],
  ['@{found.records[0].Id}', '00QA'],
  ['@{found.records[0].Account.Name}', 'Acme'],
  ['@{found.records[0].Score}', 5],
  ['/sobjects/Lead/@{found.records[0].Id}?x=@{rows[0].id}', '/sobjects/Lead/00QA?x=003A'],
  ['no reference', 'no reference'],
  [
    { a: ['@{rows[0].id}', 1, null], b: true },
    { a: ['003A', 1, null], b: true },
  ],
])('%j becomes %j', (value, resolved) => {
  expect(resolveReferences(value, answers)).toEqual(resolved);
});

it.each([
  ['@{rows[1].id}', 'rows[1].id', 'rows'],
  ['@{rows[2].id}', 'rows[2].id', 'rows'],
  ['@{found.records[0].id}', 'found.records[0].id', 'found'],
  ['@{bad[0].errorCode}', 'bad[0].errorCode', 'bad'],
  ['@{nobody.id}', 'nobody.id', 'nobody'],
  ['@{rows}', 'rows', 'rows'],
])('%s leads nowhere', (text, path, referenceId) => {
  expect(() => resolveReferences(text, answers)).toThrow(
    `Invalid reference specified. No value for ${path} found in ${referenceId}`,
  );
});

it('keeps the order of keys, on which attributes depend', () => {
  const row = { attributes: { type: 'Contact' }, Key__c: '@{rows[0].id}' };
  expect(Object.keys(resolveReferences(row, answers) as object)).toEqual(['attributes', 'Key__c']);
});
