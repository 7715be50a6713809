import { companyDomain, domainOfWebsite, websiteSpellings } from './email-domain';

describe('companyDomain', () => {
  it.each([
    ['a@acme.test', 'acme.test'],
    ['a@mail.acme.test', 'mail.acme.test'],
    ['a@example.co.jp', 'example.co.jp'],
    ['a@acme.com.ar', 'acme.com.ar'],
    ['a@gmail.com', null],
    ['a@yahoo.co.jp', null],
    ['a@docomo.ne.jp', null],
    ['a@ocn.ne.jp', null],
    ['a@a1.dion.ne.jp', null],
    ['a@mailinator.com', null],
    ['a@localhost', null],
    [null, null],
  ])('of %s is %s', (email, domain) => {
    expect(companyDomain(email)).toBe(domain);
  });
});

describe('a website', () => {
  it.each(websiteSpellings('acme.test'))('written %s is of its domain', (website) => {
    expect(domainOfWebsite(website)).toBe('acme.test');
  });

  it.each([
    ['HTTPS://WWW.Acme.test/about?x#y', 'acme.test'],
    ['acme.test:8080', 'acme.test'],
    ['shop.acme.test', 'shop.acme.test'],
    ['acme', null],
    ['', null],
  ])('%s is of %s', (website, domain) => {
    expect(domainOfWebsite(website)).toBe(domain);
  });
});
