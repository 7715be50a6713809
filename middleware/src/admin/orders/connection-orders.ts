import { z } from 'zod';
import {
  connectOrg,
  disconnectOrg,
  getConnection,
  listConnections,
  reconnectOrg,
  testConnection,
} from '../connections';
import { beginOrgSignIn, finishOrgSignIn } from '../org-sign-in';
import { named } from './named-org';
import { instant, nothing, order } from './order';

const id = z.string().describe('The name that the org was given when it was connected.');
const flow = z
  .enum(['clientCredentials', 'jwtBearer', 'authorizationCode'])
  .describe(
    'How the connector signs in: with the secret of the app, with a key, or as somebody who allows it in a browser.',
  );
const host = z.string().min(1).describe('"login", "test", or the My Domain address of the org.');
const clientId = z.string().describe('The consumer key of the External Client App.');
const clientSecret = z.string().min(1).nullable().describe('Its consumer secret. It is not shown again.');
const username = z.string().min(1).nullable().describe('Of jwtBearer: the username of the API user.');
const privateKey = z
  .string()
  .min(1)
  .nullable()
  .describe('Of jwtBearer: an RSA key in PEM form; null: one is made, with a certificate to upload to the app.');
const session = z.string().min(16).describe('A secret of yours, the same at the beginning and at the end.');

const connection = z.strictObject({
  id,
  ...named,
  flow,
  loginUrl: z.string(),
  clientId,
  username: z.string().nullable(),
  certificate: z.string().nullable().describe('PEM, to be uploaded to the app; null where none was made here.'),
  callbackUrl: z.string().nullable().describe('To be entered in the app; null for flows without a browser.'),
  access: z
    .strictObject({
      state: z
        .enum(['new', 'connected', 'lost', 'disconnected'])
        .describe('lost: Salesforce does not let the connector in any more. disconnected: an admin ended it.'),
      since: instant.nullable(),
      code: z.string().nullable(),
      cause: z.string().nullable(),
      remedy: z.string().nullable(),
    })
    .describe('Whether Salesforce lets the connector in.'),
  signedInAs: z.string().nullable().describe('Username of the API user, as the last look told.'),
  organization: z.strictObject({ name: z.string(), isSandbox: z.boolean() }).nullable(),
  salesforceOrgId: z.string().nullable(),
  instanceUrl: z.string().nullable(),
  fromEnvironment: z.boolean().describe('The environment of the server names it: it is changed there.'),
  teams: z.array(z.string()).describe('Whose bookings are written to it.'),
  other: z
    .strictObject({ ...named, salesforceOrgId: z.string(), seenAt: instant })
    .nullable()
    .describe(
      'It leads to another Salesforce org than before. Nothing is written there until bookings are switched to it.',
    ),
});
const tried = z.strictObject({
  isIn: z.boolean().describe('Whether Salesforce let the connector in.'),
  said: z.string(),
  remedy: z.string().nullable(),
});

/** Orders about how orgs are connected. */
export const CONNECTION_ORDERS = {
  listConnections: order(
    {
      role: 'member',
      args: nothing,
      answer: z.strictObject({ connections: z.array(connection) }),
      audited: null,
    },
    async (deps) => ({ connections: await listConnections(deps) }),
  ),
  getConnection: order(
    { role: 'member', args: z.strictObject({ id }), answer: connection, audited: null },
    getConnection,
  ),
  connectOrg: order(
    {
      role: 'admin',
      args: z.strictObject({
        id: z.string().describe('1 to 30 lower-case letters, digits and hyphens. It can never be changed.'),
        flow,
        host,
        clientId,
        clientSecret: clientSecret.default(null),
        username: username.default(null),
        privateKey: privateKey.default(null),
      }),
      answer: z.strictObject({ connection, tried: tried.nullable() }),
      audited: ['id', 'flow', 'host', 'clientId'],
    },
    connectOrg,
  ),
  reconnectOrg: order(
    {
      role: 'admin',
      args: z.strictObject({
        id,
        flow: flow.optional(),
        host: host.optional(),
        clientId: clientId.optional(),
        clientSecret: clientSecret.optional(),
        username: username.optional(),
        privateKey: privateKey.optional(),
        newKey: z.boolean().optional().describe('Of jwtBearer: make a new key and certificate.'),
      }),
      answer: z.strictObject({
        connection,
        tried: tried.nullable().describe('Null where somebody has to act first: sign in, or upload the certificate.'),
      }),
      audited: ['id', 'flow', 'host', 'clientId', 'newKey'],
    },
    reconnectOrg,
  ),
  testConnection: order(
    {
      role: 'member',
      args: z.strictObject({ id }),
      answer: z.strictObject({ connection, tried }),
      audited: ['id'],
    },
    testConnection,
  ),
  disconnectOrg: order(
    {
      role: 'admin',
      args: z.strictObject({ id }),
      answer: z.strictObject({
        connection,
        isRevoked: z.boolean().describe('Whether Salesforce confirmed that the token is ended.'),
        said: z.string(),
      }),
      audited: ['id'],
    },
    disconnectOrg,
  ),
  beginOrgSignIn: order(
    {
      role: 'admin',
      args: z.strictObject({ id, session }),
      answer: z.strictObject({ url: z.string().describe('To open in a browser.'), expiresAt: instant }),
      audited: ['id'],
    },
    beginOrgSignIn,
  ),
  finishOrgSignIn: order(
    {
      role: 'admin',
      args: z.strictObject({
        state: z.string().min(1),
        session,
        code: z.string().optional(),
        error: z.string().optional(),
        errorDescription: z.string().optional(),
      }),
      answer: z.strictObject({ connection, tried }),
      audited: [],
    },
    finishOrgSignIn,
  ),
};
