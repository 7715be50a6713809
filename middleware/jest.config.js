/** Tests run from the TypeScript sources; the type check is a command of its own. */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/test'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'commonjs' } }] },
  // The emulator's sources, so that its tests and these need no build.
  moduleNameMapper: { '^org-emulator$': '<rootDir>/../org-emulator/src/index.ts' },
  testTimeout: 30_000,
  // Many tests wait for a clock, a disk or another process: one worker for each processor, not one fewer.
  maxWorkers: '100%',
};
