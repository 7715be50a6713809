import { customerPageFault, customerPageUrl } from './customer-page';

const BY_ID = 'https://app.example.com/customers/{customer.id}';
const BY_EMAIL = 'https://app.example.com/search?q={customer.email}#top';

describe('the address of a customer page', () => {
  it.each([
    BY_ID,
    BY_EMAIL,
    'https://app.example.com/{customer.id}/{customer.email}',
    'https://x.example/#/{customer.id}',
  ])('is taken: %s', (template) => expect(customerPageFault(template)).toBeNull());

  it.each([
    ['', /Write \{customer.id\}/],
    ['https://app.example.com/customers', /Write \{customer.id\}/],
    ['https://app.example.com/{customer.name}', /no \{customer.name\}/],
    ['https://app.example.com/{}/{customer.id}', /no \{\}/],
    ['http://app.example.com/{customer.id}', /https/],
    ['javascript:alert("{customer.id}")', /https/],
    ['/customers/{customer.id}', /whole address/],
    ['https://{customer.id}', /behind the host/],
    ['https://{customer.email}.example.com/', /behind the host/],
    ['https://app.example.com:{customer.id}/', /whole address/],
    ['https://user:secret@app.example.com/{customer.id}', /password/],
    ['https://app.example.com@{customer.id}/', /password/],
    ['{customer.id}', /whole address/],
  ])('is refused: %s', (template, fault) => {
    expect(customerPageFault(template)).toMatch(fault);
    expect(customerPageUrl(template, { id: 'a', email: 'a@example.test' })).toBeNull();
  });

  it.each([
    [BY_ID, 'c-1', 'https://app.example.com/customers/c-1'],
    [BY_ID, ' a/b?c=d&e#f ', 'https://app.example.com/customers/a%2Fb%3Fc%3Dd%26e%23f'],
    [BY_ID, '../admin', 'https://app.example.com/customers/..%2Fadmin'],
    [BY_ID, '$&', 'https://app.example.com/customers/%24%26'],
    [BY_ID, '名前', 'https://app.example.com/customers/%E5%90%8D%E5%89%8D'],
    [BY_ID, '\ud800', 'https://app.example.com/customers/%EF%BF%BD'],
    ['https://x.example/{customer.id}', '{customer.email}', 'https://x.example/%7Bcustomer.email%7D'],
  ])('%s encodes %s', (template, id, url) => expect(customerPageUrl(template, { id, email: null })).toBe(url));

  it('encodes an e-mail address', () => {
    expect(customerPageUrl(BY_EMAIL, { id: null, email: 'a+b&c@example.test' })).toBe(
      'https://app.example.com/search?q=a%2Bb%26c%40example.test#top',
    );
  });

  it.each([null, '', '  ', '.', '..', ' .. '])('leads nowhere for the id %j', (id) => {
    expect(customerPageUrl(BY_ID, { id, email: 'a@example.test' })).toBeNull();
  });
});
