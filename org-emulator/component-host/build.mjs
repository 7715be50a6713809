// Compiles the Lightning web components of a package for the emulator's pages. Runs as a process of its own, so that an
// emulator whose pages nobody opens never loads the compiler: node build.mjs <file with the job as JSON>. Ends with 1 and
// the reason on standard error when a component cannot be compiled.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {object} Job
 * @property {string} sourceDir holds a folder per component, as `lwc` does
 * @property {string} outDir where `main.js` and its chunks go
 * @property {string[]} components the names of those that pages may show
 * @property {string[]} labels the names of the custom labels that there are
 * @property {Record<string, string[]>} fields the fields of each object
 */

const [jobFile = ''] = process.argv.slice(2);
const ENTRY = 'virtual:entry';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
/** @type {Job} */
const job = JSON.parse(readFileSync(jobFile, 'utf8'));

try {
  const [{ build, createLogger }, { default: lwc }] = await Promise.all([import('vite'), import('vite-plugin-lwc')]);
  const silent = { ...createLogger('silent'), hasWarned: false };
  await build({
    configFile: false,
    root: job.sourceDir,
    base: './',
    publicDir: false,
    customLogger: silent,
    plugins: [
      entry(),
      platformModules(),
      syntheticShadow(),
      lwc({
        rootDir: job.sourceDir,
        modules: [...bundles(job.sourceDir, 'c'), ...bundles(here('./base'), 'lightning'), ...standIns()],
        enableSyntheticElementInternals: true,
      }),
    ],
    build: {
      outDir: job.outDir,
      emptyOutDir: true,
      modulePreload: false,
      rollupOptions: {
        input: ENTRY,
        output: { entryFileNames: 'main.js', chunkFileNames: '[name]-[hash].js' },
        onwarn: () => undefined,
      },
    },
  });
} catch (error) {
  process.stderr.write(plainMessage(error));
  process.exitCode = 1;
}

/** What to build: the host with a loader for each component. */
function entry() {
  const loaders = job.components.map((name) => `${JSON.stringify(name)}: () => import('c/${name}')`);
  const source = `import { show } from 'host/main'; show({ ${loaders.join(', ')} });`;
  return {
    name: 'entry',
    resolveId: (id) => (id === ENTRY ? `\0${ENTRY}` : undefined),
    load: (id) => (id === `\0${ENTRY}` ? source : undefined),
  };
}

/** The components of a folder in a namespace; a folder of an SFDX project has no folder for its namespace. */
function bundles(directory, namespace) {
  return readdirSync(directory)
    .map((name) => ({ name: `${namespace}/${name}`, path: join(directory, name, `${name}.js`) }))
    .filter(({ path }) => existsSync(path));
}

/** Modules of the platform that are a file here. */
function standIns() {
  const modules = readdirSync(here('./stand-ins'))
    .filter((file) => file.endsWith('.js'))
    .map((file) => ({ name: `lightning/${file.slice(0, -3)}`, path: here(`./stand-ins/${file}`) }));
  const host = { main: './main.js', page: './page.js', wireAdapter: './wire-adapter.js' };
  return [...modules, ...Object.entries(host).map(([name, path]) => ({ name: `host/${name}`, path: here(path) }))];
}

/** Modules of the platform that depend on the org: a label, a field, the user. */
function platformModules() {
  const sources = {
    label: (name) => {
      const [, own] = /^c\.(\w+)$/.exec(name) ?? [];
      if (!job.labels.includes(own)) throw new Error(`There is no custom label ${name}`);
      return `import { label } from 'host/page'; export default label(${JSON.stringify(own)});`;
    },
    schema: (name) => {
      const [object, field, ...more] = name.split('.');
      const fields = job.fields[object];
      if (!fields) throw new Error(`This org has no object ${object}`);
      if (field === undefined) return `export default { objectApiName: '${object}' };`;
      if (more.length === 0 && !fields.includes(field)) throw new Error(`${object} has no field ${field}`);
      return `export default { objectApiName: '${object}', fieldApiName: '${[field, ...more].join('.')}' };`;
    },
    user: (name) => {
      if (name !== 'Id') throw new Error(`This emulator knows no @salesforce/user/${name}`);
      return `import { page } from 'host/page'; export default page.userId;`;
    },
    i18n: (name) => {
      if (!['lang', 'locale', 'timeZone'].includes(name))
        throw new Error(`This emulator knows no @salesforce/i18n/${name}`);
      return `import { page } from 'host/page'; export default page.${name};`;
    },
    client: (name) => {
      if (name !== 'formFactor') throw new Error(`This emulator knows no @salesforce/client/${name}`);
      return `export default 'Large';`;
    },
  };
  const prefix = '\0platform:';
  return {
    name: 'platform-modules',
    enforce: 'pre',
    resolveId(id) {
      if (/^@salesforce\//.test(id)) return prefix + id;
      if (
        /^lightning\//.test(id) &&
        !existsSync(here(`./stand-ins/${id.slice(10)}.js`)) &&
        !existsSync(here(`./base/${id.slice(10)}`))
      ) {
        throw new Error(`This emulator has no stand-in for ${id}`);
      }
      return undefined;
    },
    load(id) {
      if (!id.startsWith(prefix)) return undefined;
      const [, kind, name] = /^@salesforce\/(\w+)\/(.+)$/.exec(id.slice(prefix.length)) ?? [];
      if (!sources[kind]) throw new Error(`This emulator has no stand-in for ${id.slice(prefix.length)}`);
      return sources[kind](name);
    },
  };
}

/** Has the polyfill run before the engine in every chunk: the other way round components get no styles, without an error. */
function syntheticShadow() {
  const part = (name) => JSON.stringify(fileURLToPath(import.meta.resolve(`lwc/${name}`)));
  const source = `import ${part('synthetic-shadow')}; export * from ${part('engine-dom')};`;
  return {
    name: 'synthetic-shadow',
    enforce: 'pre',
    resolveId: (id) => (id === 'lwc' ? '\0lwc' : undefined),
    load: (id) => (id === '\0lwc' ? source : undefined),
  };
}

/** The first lines of a message, without colours, stack and the folder that the components were copied to. */
function plainMessage(error) {
  const text = error instanceof Error ? error.message : String(error);
  return (
    text
      // eslint-disable-next-line no-control-regex -- the bundler colours its messages
      .replace(/\u001b\[[\d;]*m/g, '')
      .replaceAll(`${job.sourceDir}/`, '')
      .split('\n')
      .filter((line) => line.trim() !== '' && !/^\s*at /.test(line))
      .slice(0, 8)
      .join('\n')
  );
}
