import { orgOrigin, RefusedHostError } from './org-url';

describe('orgOrigin', () => {
  it.each([
    ['https://login.salesforce.com', 'https://login.salesforce.com'],
    ['https://test.salesforce.com/', 'https://test.salesforce.com'],
    ['https://Acme.my.salesforce.com/services/oauth2/token?x=1', 'https://acme.my.salesforce.com'],
    ['https://acme--uat.sandbox.my.salesforce.com', 'https://acme--uat.sandbox.my.salesforce.com'],
  ])('takes %s', (url, origin) => {
    expect(orgOrigin(url)).toBe(origin);
  });

  it.each([
    'http://acme.my.salesforce.com',
    'https://acme.my.salesforce.com:8443',
    'https://salesforce.com.evil.example',
    'https://evilsalesforce.com',
    'https://acme.lightning.force.com',
    'https://user:secret@acme.my.salesforce.com',
    'https://127.0.0.1',
    'http://localhost:3000',
    'ftp://acme.my.salesforce.com',
    'acme',
    '',
  ])('refuses %s', (url) => {
    expect(() => orgOrigin(url)).toThrow(RefusedHostError);
  });

  it('never repeats a password that was typed into an address', () => {
    expect(() => orgOrigin('https://user:hunter2@acme.my.salesforce.com')).toThrow(/^(?!.*hunter2)/s);
  });

  it.each(['http://127.0.0.1:4000', 'http://localhost:4000', 'http://[::1]:4000', 'https://127.1.2.3:4000'])(
    'takes %s when loopback is allowed',
    (url) => {
      expect(orgOrigin(url, { allowLoopback: true })).toBe(url);
    },
  );

  it.each([
    'http://10.0.0.1:4000',
    'http://127.0.0.1.evil.example',
    'http://localhost.evil.example',
    'ftp://localhost',
  ])('refuses %s even when loopback is allowed', (url) => {
    expect(() => orgOrigin(url, { allowLoopback: true })).toThrow(RefusedHostError);
  });
});
