/** Preloaded into a process (`NODE_OPTIONS`): writes to LOADED_MODULES which packages of OpenTelemetry it has loaded. */
const { writeFileSync } = require('node:fs');

process.on('exit', () => {
  const packages = Object.keys(require.cache).flatMap((path) => /@opentelemetry\/[\w-]+/.exec(path) ?? []);
  writeFileSync(process.env.LOADED_MODULES, JSON.stringify([...new Set(packages)].sort()));
});
