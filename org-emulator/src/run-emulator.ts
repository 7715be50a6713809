import { InvalidArgumentError } from 'commander';
import { startEmulator, type Emulator } from './start-emulator';

/** The flags of the emulator's command, as its parser gives them. */
export interface EmulatorCliOptions {
  /** Port on 127.0.0.1; a free one when absent. */
  port?: number | undefined;
  describe?: string | undefined;
  deploy?: string[] | undefined;
  /** The namespace of what is deployed. */
  namespace?: string | undefined;
  /** Three letters or digits in every record's id. */
  idInstance?: string | undefined;
  /** Loaded when it exists, written at the end. */
  snapshot?: string | undefined;
  json?: boolean | undefined;
}

/**
 * Starts an org, tells on standard output where it is, and runs until SIGTERM or SIGINT. With `json` the first line is an
 * object with url, tokens, client and administrator.
 *
 * @returns once the org is closed again.
 */
export async function runEmulator(options: EmulatorCliOptions): Promise<void> {
  const emulator = await startEmulator({
    port: options.port,
    describeDir: options.describe,
    deployDir: options.deploy,
    namespace: options.namespace,
    idInstance: options.idInstance,
    snapshotFile: options.snapshot,
  });
  process.stdout.write(options.json ? jsonLine(emulator) : humanText(emulator));
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  await emulator.close();
}

/** @throws InvalidArgumentError, which a command's parser tells with the usage. */
export function parseNamespace(value: string): string {
  if (/^(?=.{1,15}$)[A-Za-z](?:_?[A-Za-z0-9])*$/.test(value)) return value;
  throw new InvalidArgumentError('It must be 1 to 15 letters, digits and single underscores, a letter first.');
}

/** @throws InvalidArgumentError. */
export function parseIdInstance(value: string): string {
  if (/^[0-9A-Za-z]{3}$/.test(value)) return value;
  throw new InvalidArgumentError('It must be 3 letters or digits.');
}

function jsonLine(emulator: Emulator): string {
  const { url, accessToken, refreshToken, clientId, clientSecret, username, adminUserId } = emulator;
  return `${JSON.stringify({ url, accessToken, refreshToken, clientId, clientSecret, username, adminUserId })}\n`;
}

function humanText({ url, username, accessToken, clientId, clientSecret }: Emulator): string {
  return `An emulated Salesforce org is running. Stop it with Ctrl+C.

  instance       ${url}
  administrator  ${username}
  access token   ${accessToken}
  client id      ${clientId}
  client secret  ${clientSecret}
  calls so far   ${url}/__emulator__/calls
`;
}
