/** Tests run from the TypeScript sources; the type check is a command of its own. */
module.exports = {
  testEnvironment: 'node',
  // Components of a fixture have tests of their own, which are part of the fixture.
  testPathIgnorePatterns: ['/node_modules/', '/fixtures/'],
  roots: ['<rootDir>/src', '<rootDir>/test'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'commonjs' } }] },
  testTimeout: 30_000,
  // The tests of the Salesforce CLI wait for other processes: one worker for each processor, not one fewer.
  maxWorkers: '100%',
};
