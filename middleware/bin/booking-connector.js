#!/usr/bin/env -S node --max-semi-space-size=32
// What a burst of webhooks leaves behind is thrown away half as often, and cheaper: see docs/operations.md.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const main = join(__dirname, '../dist/main.js');
if (existsSync(main)) {
  require(main);
} else {
  process.stderr.write('The connector is not built yet: run "npm install" and "npm run build" in the clone first.\n');
  process.exitCode = 1;
}
