#!/usr/bin/env node
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const main = join(__dirname, '../dist/main.js');
if (existsSync(main)) {
  require(main);
} else {
  process.stderr.write('The connector is not built yet: run "npm install" and "npm run build" in the clone first.\n');
  process.exitCode = 1;
}
