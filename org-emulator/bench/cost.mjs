#!/usr/bin/env node
/**
 * What the emulator costs, as ratios: a 200-row upsert against a bare JSON echo of the same body, memory per record, and
 * the time until it is ready. Prints one JSON line. Needs the build (`npm run build`) and `node --expose-gc`, which it
 * asks for by itself.
 *
 *   node org-emulator/bench/cost.mjs
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createRequire } from 'node:module';

const root = join(import.meta.dirname, '..');
const DEPLOY = join(root, 'test', 'fixtures', 'force-app');
const ROUNDS = 60;
const WARM_UP = 20;
const RECORDS = 100_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');
const { startEmulator } = createRequire(import.meta.url)(join(root, 'dist', 'index.js'));

const readyMs = median(await repeat(3, timeUntilReady));
const upsert200 = await costOfUpsert();
const bytesPerRecord = await memoryOfRecords();
console.log(JSON.stringify({ upsert200, bytesPerRecord, readyMs }));

/** Milliseconds from the start of the process to its line that it is ready. */
async function timeUntilReady() {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [join(root, 'dist', 'cli.js'), '--json', '--deploy', DEPLOY], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(createInterface({ input: child.stdout }), 'line');
  const ms = performance.now() - startedAt;
  child.kill('SIGTERM');
  await once(child, 'exit');
  return Math.round(ms);
}

/** Upserts and echoes of the same bodies by turns, served by this process alike, so that noise strikes both. */
async function costOfUpsert() {
  const emulator = await startEmulator({ deployDir: DEPLOY });
  const echo = createServer(async (req, res) => {
    const chunks = [];
    for await (const chunk of req) chunks.push(chunk);
    res.setHeader('Content-Type', 'application/json');
    res.end(JSON.stringify(JSON.parse(Buffer.concat(chunks).toString('utf8'))));
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  const path = '/services/data/v67.0/composite/sobjects/Contact/Patron_Key__c';
  const upserts = [];
  const echoes = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    // Every second round writes the rows of the one before again: half are created, half are found and changed.
    const body = JSON.stringify(bodyOf(Math.floor(round / 2), round));
    const upsertMs = await timeOf('PATCH', emulator.url + path, body, emulator.accessToken);
    const echoMs = await timeOf('PATCH', `http://127.0.0.1:${echo.address().port}${path}`, body, emulator.accessToken);
    if (round < WARM_UP) continue;
    upserts.push(upsertMs);
    echoes.push(echoMs);
  }
  await emulator.close();
  echo.close();
  echo.closeAllConnections();
  const ms = median(upserts);
  const echoMs = median(echoes);
  return { ms: round2(ms), echoMs: round2(echoMs), ratio: round2(ms / echoMs) };
}

function bodyOf(set, version) {
  return {
    allOrNone: false,
    records: Array.from({ length: 200 }, (_, at) => ({
      attributes: { type: 'Contact' },
      Patron_Key__c: `patron-${set}-${at}`,
      FirstName: 'Rose',
      LastName: `Gonzalez ${version}`,
      Email: `rose.${set}.${at}@example.com`,
      Phone: '+1 555 0100',
      Title: 'Head of Visits',
      Description: 'Asked for a visit through the booking page and would like to be called before.',
    })),
  };
}

async function timeOf(method, url, body, token) {
  const startedAt = performance.now();
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body,
  });
  const text = await response.text();
  const ms = performance.now() - startedAt;
  if (response.status !== 200 || text.includes('"success":false')) throw new Error(text.slice(0, 500));
  return ms;
}

/** Growth of the heap by 100,000 Contacts that were upserted over HTTP. */
async function memoryOfRecords() {
  const emulator = await startEmulator({ deployDir: DEPLOY });
  const url = `${emulator.url}/services/data/v67.0/composite/sobjects/Contact/Patron_Key__c`;
  await timeOf('PATCH', url, JSON.stringify(bodyOf(0, 0)), emulator.accessToken);
  const before = heapAfterCollection();
  const sets = RECORDS / 200;
  for (let set = 1; set <= sets; set += 1) {
    await timeOf('PATCH', url, JSON.stringify(bodyOf(set, 0)), emulator.accessToken);
  }
  const grown = heapAfterCollection() - before;
  await emulator.close();
  return { records: RECORDS, bytes: Math.round(grown / RECORDS) };
}

function heapAfterCollection() {
  collectGarbage();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function repeat(times, measure) {
  const values = [];
  for (let n = 0; n < times; n += 1) values.push(await measure());
  return values;
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function round2(value) {
  return Math.round(value * 100) / 100;
}
