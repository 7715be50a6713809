/** One file of tests, as they share one org, one connector and one browser; the type check is a command of its own. */
module.exports = {
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'commonjs' } }] },
  // The emulator's sources, so that only the connector is run from the build.
  moduleNameMapper: { '^org-emulator$': '<rootDir>/../org-emulator/src/index.ts' },
  testTimeout: 30_000,
};
