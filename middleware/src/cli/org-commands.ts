import { Option, type Command } from 'commander';
import type { ShownConnection, Tried } from '../admin/connections';
import { readInput } from './input';
import { orgInWords } from './org-words';
import { order } from './order';
import { inUtc, printer } from './print';
import { RefusedError } from './refused-error';
import { addSwitchCommands } from './switch-commands';
import type { Terminal } from './terminal';

interface Answered {
  connection: ShownConnection;
  tried: Tried | null;
}

interface SignInOptions {
  flow?: string;
  host?: string;
  clientId?: string;
  clientSecretFile?: string;
  username?: string;
  privateKeyFile?: string;
  newKey?: true;
  json?: true;
}

const FLOWS = { browser: 'authorizationCode', secret: 'clientCredentials', key: 'jwtBearer' } as const;

/** Adds `booking-connector org`: connects Salesforce orgs. */
export function addOrgCommands(program: Command, terminal: Terminal): void {
  const print = printer(terminal);
  const org = program
    .command('org')
    .description('Salesforce orgs: connect, test, compare, switch bookings to another, disconnect');

  signInOptions(
    org
      .command('connect <id>')
      .description('connect an org under a name that can never be changed, such as "sandbox"')
      .requiredOption('--host <host>', 'My Domain address of the org; or "login" or "test", but not with --flow secret')
      .requiredOption('--client-id <key>', 'consumer key of your External Client App: see docs/external-client-app.md'),
    true,
  ).action(async (id: string, options: SignInOptions) => {
    const answer = (await order(terminal, 'connectOrg', { id, ...(await typedOf(options)) })) as Answered;
    print(options.json, answer, triedInWords(answer));
  });

  signInOptions(
    org
      .command('reconnect <id>')
      .description('connect an org again, as it is or with other credentials; bookings go on where they stopped')
      .option('--host <host>', 'another address')
      .option('--client-id <key>', 'another consumer key')
      .option('--new-key', 'with a key: make a new one, with a new certificate'),
    false,
  ).action(async (id: string, options: SignInOptions) => {
    const answer = (await order(terminal, 'reconnectOrg', { id, ...(await typedOf(options)) })) as Answered;
    if (options.json !== true && answer.tried?.isIn === false) throw new RefusedError(triedInWords(answer));
    print(options.json, answer, triedInWords(answer));
  });

  org
    .command('list')
    .description('every connected org, and whether Salesforce lets the connector in')
    .option('--json', 'print JSON')
    .action(async (options: { json?: true }) => {
      const answer = (await order(terminal, 'listConnections', {})) as { connections: ShownConnection[] };
      print(options.json, answer, answer.connections.map(connectionInWords).join('\n') || 'No org is connected.');
    });

  org
    .command('test <id>')
    .description('ask an org who the connector is there: one API call')
    .option('--json', 'print JSON')
    .action(async (id: string, options: { json?: true }) => {
      const answer = (await order(terminal, 'testConnection', { id })) as Answered & { tried: Tried };
      if (options.json === true || answer.tried.isIn) print(options.json, answer, triedInWords(answer));
      if (!answer.tried.isIn) throw new RefusedError(triedInWords(answer));
    });

  org
    .command('disconnect <id>')
    .description('end the token at Salesforce; settings stay, bookings are accepted and wait')
    .option('--json', 'print JSON')
    .action(async (id: string, options: { json?: true }) => {
      const answer = (await order(terminal, 'disconnectOrg', { id })) as { said: string };
      print(options.json, answer, answer.said);
    });

  addSwitchCommands(org, terminal);
}

const STATES: Record<ShownConnection['access']['state'], string> = {
  new: 'not yet connected',
  connected: 'connected',
  lost: 'disconnected',
  disconnected: 'disconnected by an admin',
};

function connectionInWords({ id, access, loginUrl, signedInAs, teams, other, ...org }: ShownConnection): string {
  const { state, since, cause, remedy } = access;
  return [
    `${id}: ${STATES[state]}${since === null ? '' : ` since ${inUtc(since)}`}`,
    `  ${orgInWords(org)} at ${loginUrl}${signedInAs === null ? '' : `, as ${signedInAs}`}`,
    ...(teams.length === 0 ? [] : [`  bookings of ${teams.join(', ')} go there`]),
    ...(cause === null ? [] : [`  ${cause} ${remedy ?? ''}`.trimEnd()]),
    ...(other === null ? [] : [`  it leads to another Salesforce org: ${orgInWords(other)}, ${other.salesforceOrgId}`]),
  ].join('\n');
}

function signInOptions(command: Command, isNew: boolean): Command {
  const flow = new Option(
    '--flow <how>',
    'browser: somebody allows it in the console, once; secret: client credentials; key: JWT bearer',
  ).choices(Object.keys(FLOWS));
  return command
    .addOption(isNew ? flow.default('browser') : flow)
    .option('--client-secret-file <file>', 'file with the consumer secret, - for standard input')
    .option('--username <username>', 'with a key: username of the API user')
    .option('--private-key-file <file>', 'with a key: RSA key in PEM form, - for standard input; else one is made')
    .option('--json', 'print JSON');
}

/** Secrets come from files: what is typed on a command line can be seen by everybody on the machine. */
async function typedOf(options: SignInOptions): Promise<object> {
  const { flow, host, clientId, clientSecretFile, username, privateKeyFile, newKey } = options;
  const secretOf = async (path: string): Promise<string> => (await readInput(path)).toString('utf8').trim();
  return {
    ...(flow === undefined ? {} : { flow: FLOWS[flow as keyof typeof FLOWS] }),
    ...(host === undefined ? {} : { host }),
    ...(clientId === undefined ? {} : { clientId }),
    ...(clientSecretFile === undefined ? {} : { clientSecret: await secretOf(clientSecretFile) }),
    ...(username === undefined ? {} : { username }),
    ...(privateKeyFile === undefined ? {} : { privateKey: await secretOf(privateKeyFile) }),
    ...(newKey === undefined ? {} : { newKey }),
  };
}

function triedInWords({ connection, tried }: Answered): string {
  if (tried !== null) return [tried.said, ...(tried.remedy === null ? [] : [`What to do: ${tried.remedy}`])].join('\n');
  const { id, certificate, callbackUrl } = connection;
  if (certificate !== null)
    return [
      'Upload this certificate to the app, for the JWT bearer flow:',
      '',
      certificate,
      `Then run "booking-connector org reconnect ${id}".`,
    ].join('\n');
  return [
    'Now somebody has to allow it in a browser, as the API user:',
    `  1. In the app, enter this callback URL, to the letter: ${callbackUrl ?? ''}`,
    `  2. Open the console, Salesforce, ${id}, and press the button there ("booking-connector link" lets you in).`,
  ].join('\n');
}
