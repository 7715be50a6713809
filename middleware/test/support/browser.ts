import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
const QUIET_ARGS = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Describes what is seen in a browser. Without one it is reported as skipped, and a line says what to install. */
export function describeInBrowser(title: string, tests: () => void): void {
  // Not by the console, which the run of all tests silences.
  if (CHROMIUM === undefined) process.stderr.write(`Skipped: ${title}. Install chromium to run it.\n`);
  (CHROMIUM === undefined ? describe.skip : describe)(title, tests);
}

/** Starts it, without a window. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: String(CHROMIUM), args: [...ARGS, ...QUIET_ARGS] });
}
