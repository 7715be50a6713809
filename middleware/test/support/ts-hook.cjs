/**
 * Lets plain node run the TypeScript sources, for the child processes of tests:
 * `node -r ./test/support/ts-hook.cjs ./test/support/some-child.ts`. Types are taken out, not checked.
 */
const { readFileSync } = require('node:fs');
const { transformSync } = require('@swc/core');

require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    sourceMaps: 'inline',
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  });
  module._compile(code, filename);
};
