import { safeReturn } from './return-path';

describe('where somebody is led to after signing in', () => {
  it.each([
    ['/go/customers/c-1', '/go/customers/c-1'],
    ['/console/customers/c-1', '/console/customers/c-1'],
    ['/console/bookings?key=cal%3Ax&after=1', '/console/bookings?key=cal%3Ax&after=1'],
    ['/console/bookings#story', '/console/bookings'],
    ['/console/x/../bookings', '/console/bookings'],
  ])('is %s', (wanted, path) => expect(safeReturn(wanted)).toBe(path));

  it.each([
    '',
    '/',
    '/console',
    '/console/',
    '//evil.example/console/x',
    '///evil.example/console/x',
    '/\\evil.example/console/x',
    '/console/\\evil.example',
    'https://evil.example/console/x',
    'javascript:alert(1)//console/x',
    'console/bookings',
    '/console/../go',
    '/console/../webhooks/cal',
    '/api/v1/status',
    '/consoles/x',
    '/console/x\r\nset-cookie: a=b',
    '/console/x y',
    '/console/é',
    '/console/enter?token=x',
    '/console/sign-out',
    `/console/${'x'.repeat(500)}`,
  ])('is never %j', (wanted) => expect(safeReturn(wanted)).toBeNull());
});
