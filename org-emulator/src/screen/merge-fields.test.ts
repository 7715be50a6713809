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
  ])('%s', (url, address) => {
    expect(mergeUrl(url, value)).toBe(address);
  });

  it('is not guessed from what is not understood', () => {
    expect(() => mergeUrl('{!IF(true, "a", "b")}', value)).toThrow('does not evaluate {!IF(true, "a", "b")}');
  });
});
