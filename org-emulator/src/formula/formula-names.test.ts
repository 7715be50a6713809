import { formulaNames, syntaxFault } from './formula-names';

it.each([
  ['IF(ISBLANK(A__c), "", B__r.C__c & "B")', ['A__c', 'B__r.C__c']],
  [
    '$CustomMetadata.T__mdt.Main.F__c & $Label.L & A__c & A__c',
    ['$CustomMetadata.T__mdt.Main.F__c', '$Label.L', 'A__c'],
  ],
  ['/* of A__c */ B__c', ['B__c']],
  ['"/* A__c */" & B__c', ['B__c']],
])('the names in %s', (formula, names) => {
  expect(formulaNames(formula)).toEqual(names);
});

it.each([
  ['A__c < 3 && NOT(B__c >= 2)', undefined],
  ['HYPERLINK("a", SUBSTITUTE(CASESAFEID(Id), "b", "c"), "_blank")', undefined],
  ['IF(A__c', 'Error: Syntax error.'],
  ['FOO(A__c)', 'Unknown function FOO. Check spelling.'],
])('what is wrong with %s', (formula, fault) => {
  expect(syntaxFault(formula)).toBe(fault);
});
