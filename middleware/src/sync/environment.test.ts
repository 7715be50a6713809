import { environmentOf, namedOrg } from './environment';

describe('the environment of an org', () => {
  it.each([
    ['http://127.0.0.1:8082', 'emulator'],
    ['http://localhost:8082', 'emulator'],
    ['https://acme--full.sandbox.my.salesforce.com', 'sandbox'],
    ['https://test.salesforce.com', 'sandbox'],
    ['https://acme-dev.scratch.my.salesforce.com', 'scratch'],
    ['https://acme-dev-ed.develop.my.salesforce.com', 'developer'],
    ['https://acme.my.salesforce.com', 'production'],
  ])('is told by its address: %s', (url, expected) => {
    expect(environmentOf(url)).toBe(expected);
  });

  it('is a sandbox where Salesforce says so and the address does not', () => {
    const org = { instanceUrl: 'https://acme.my.salesforce.com', loginUrl: 'https://login.salesforce.com' };
    expect(namedOrg({ ...org, organization: { name: 'Acme', isSandbox: true } })).toEqual({
      environment: 'sandbox',
      name: 'Acme',
    });
    expect(namedOrg({ ...org, organization: { name: 'Acme', isSandbox: false } }).environment).toBe('production');
  });

  it('goes by the address alone before the org was asked', () => {
    const org = { instanceUrl: null, loginUrl: 'https://test.salesforce.com', organization: null };
    expect(namedOrg(org)).toEqual({ environment: 'sandbox', name: 'test.salesforce.com' });
  });
});
