import { mergeUrl } from './merge-fields';

const VALUES: Record<string, string> = {
  'Contact.Email': 'a&b@x.test',
  '$User.Id': '005',
  'Contact.Account.Name': 'Works',
};
const value = (path: string): string | null => VALUES[path] ?? null;

describe('the address of a button', () => {
  it.each([
    ['https://x.test/book', 'https://x.test/book'],
    ['{!Contact.Account.Name}', 'Works'],
    ['https://x.test/?e={!URLENCODE(Contact.Email)}&u={! $User.Id }', 'https://x.test/?e=a%26b%40x.test&u=005'],
    ['https://x.test/{!Contact.Hidden__c}', 'https://x.test/'],
    ['{!IF(ISBLANK(Contact.Hidden__c), URLFOR($Resource.Missing), Contact.Hidden__c)}', '/resource/Missing'],
    ['{!IF(ISBLANK(Contact.Email), URLFOR($Resource.Missing), Contact.Account.Name)}', 'Works'],
    ['{!BLANKVALUE(Contact.Hidden__c, "https://" & \'x.test/\' & $User.Id)}', 'https://x.test/005'],
  ])('%s', (url, address) => {
    expect(mergeUrl(url, value)).toBe(address);
  });

  it('is not guessed from what is not understood', () => {
    for (const expression of ['IF(true, "a", "b")', 'HYPERLINK("a", "b")', 'Contact.Email)', '1 + 2', '', 'IF("a"']) {
      expect(() => mergeUrl(`{!${expression}}`, value)).toThrow(`does not evaluate {!${expression}}`);
    }
  });
});
