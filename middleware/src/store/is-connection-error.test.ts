import { isConnectionError } from './is-connection-error';

const withCode = (code: string, message = 'x') => Object.assign(new Error(message), { code });

describe('isConnectionError', () => {
  it.each([
    ['a refused connection', withCode('ECONNREFUSED'), true],
    ['a reset connection', withCode('ECONNRESET'), true],
    ['a refused connection to each of several addresses', new AggregateError([withCode('ECONNREFUSED')]), true],
    ['an administrator who ends the session', withCode('57P01'), true],
    ['a server that is starting', withCode('57P03'), true],
    ['a server out of connections', withCode('53300'), true],
    ['a protocol failure', withCode('08006'), true],
    ['a connection that ends during a query', new Error('Connection terminated unexpectedly'), true],
    ['a pool with no free connection', new Error('timeout exceeded when trying to connect'), true],
    ['a broken unique constraint', withCode('23505'), false],
    ['a canceled statement', withCode('57014'), false],
    ['a row whose text mentions a connection', withCode('22P02', 'invalid input: "Connection terminated"'), false],
    ['an error of our own', new Error('no such booking'), false],
    ['something that is not an error', 'ECONNRESET', false],
  ])('judges %s', (_title, error, expected) => {
    expect(isConnectionError(error)).toBe(expected);
  });
});
