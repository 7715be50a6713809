import type { z } from 'zod';
import type { OrderName } from '../../admin/orders/orders';
import { settingsSchema } from '../../settings/settings';

/** One route of the API: an order, and where its arguments come from. */
export interface ApiRoute {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below `/api/v1`; what is in braces are arguments. The others come from the query of a GET, else from the body. */
  path: string;
  order: OrderName;
  /** In a sentence, for the document. */
  summary: string;
  /** Status of the answer; 200 unless said otherwise. */
  status?: 201;
  /** Arguments that this route fixes. */
  fixed?: Readonly<Record<string, unknown>>;
  /** The whole body is this one argument; the others come from the query. */
  bodyAs?: { arg: string; shape: z.ZodType };
}

/** Every route. Role, arguments and answer are those of the order. */
export const ROUTES: readonly ApiRoute[] = [
  { method: 'get', path: '/me', order: 'me', summary: 'Who you are, and what you may do.' },
  { method: 'get', path: '/status', order: 'status', summary: 'What is connected, pending, parked and refused.' },
  { method: 'get', path: '/lanes', order: 'lanes', summary: 'Whether bookings reach Salesforce, and why not.' },
  { method: 'get', path: '/notices', order: 'listNotices', summary: 'What an admin must know, while it lasts.' },
  { method: 'get', path: '/drift', order: 'listDrift', summary: 'What changed in Salesforce and strikes bookings.' },
  { method: 'post', path: '/gate/open', order: 'openGate', summary: 'Start writing to Salesforce.' },
  { method: 'post', path: '/gate/close', order: 'closeGate', summary: 'Stop writing: bookings are accepted and wait.' },

  {
    method: 'get',
    path: '/orgs',
    order: 'listConnections',
    summary: 'Every connected org, and whether it lets us in.',
  },
  { method: 'post', path: '/orgs', order: 'connectOrg', status: 201, summary: 'Connect an org.' },
  { method: 'get', path: '/orgs/{id}', order: 'getConnection', summary: 'How an org is connected.' },
  {
    method: 'post',
    path: '/orgs/{id}/reconnect',
    order: 'reconnectOrg',
    summary: 'Connect an org again, as it is or changed.',
  },
  {
    method: 'post',
    path: '/orgs/{id}/test',
    order: 'testConnection',
    summary: 'Ask an org who the connector is there.',
  },
  {
    method: 'post',
    path: '/orgs/{id}/disconnect',
    order: 'disconnectOrg',
    summary: 'End the token; settings and bookings stay.',
  },
  {
    method: 'post',
    path: '/orgs/{id}/sign-in',
    order: 'beginOrgSignIn',
    summary: 'Begin to sign in to an org in a browser.',
  },
  {
    method: 'post',
    path: '/orgs/sign-in',
    order: 'finishOrgSignIn',
    summary: 'End a sign-in with what Salesforce came back with.',
  },
  { method: 'get', path: '/hosts', order: 'listHosts', summary: 'Hosts, and the users who own their Events.' },
  // The address goes into the body: addresses of requests are logged on their way.
  { method: 'post', path: '/hosts/link', order: 'linkHost', summary: 'Have a user own the Events of a host.' },
  { method: 'post', path: '/hosts/unlink', order: 'unlinkHost', summary: 'End the link of a host.' },
  { method: 'get', path: '/me/host', order: 'getOwnHost', summary: 'Which Salesforce user you are as a host.' },
  {
    method: 'post',
    path: '/me/host/sign-in',
    order: 'beginHostLink',
    summary: 'Begin to link yourself to your Salesforce user, in a browser.',
  },
  {
    method: 'post',
    path: '/me/host/signed-in',
    order: 'finishHostLink',
    summary: 'Link yourself with what Salesforce came back with.',
  },
  { method: 'delete', path: '/me/host', order: 'endHostLink', summary: 'End your own link.' },
  {
    method: 'get',
    path: '/orgs/{id}/comparison',
    order: 'compareOrg',
    summary: 'What an org lacks for the settings in use, beside the present org.',
  },
  {
    method: 'post',
    path: '/orgs/{id}/switch',
    order: 'switchOrg',
    summary: 'Have bookings go to another org; they wait for a choice.',
  },
  {
    method: 'get',
    path: '/doctor',
    order: 'doctor',
    summary: 'What is right and wrong in the org for the settings in use.',
  },
  {
    method: 'get',
    path: '/permissions',
    order: 'permissions',
    summary: 'The least permission set for the settings in use, as metadata.',
  },

  { method: 'get', path: '/kinds', order: 'listKinds', summary: 'Kinds of sources that can be created.' },
  { method: 'get', path: '/sources', order: 'listSources', summary: 'Every source, and what came from it lately.' },
  { method: 'post', path: '/sources', order: 'createSource', status: 201, summary: 'Create a source.' },
  { method: 'get', path: '/sources/{id}', order: 'getSource', summary: 'A source, and how its system is set up.' },
  {
    method: 'patch',
    path: '/sources/{id}',
    order: 'updateSource',
    summary: 'Change how a source is read, or where it shows customers.',
  },
  {
    method: 'post',
    path: '/sources/{id}/rotate',
    order: 'rotateSource',
    summary: 'Add a new secret, or drop the old one.',
  },
  { method: 'post', path: '/sources/{id}/test', order: 'testSource', summary: 'Send a test to its own address.' },
  { method: 'put', path: '/sources/{id}/api-key', order: 'setApiKey', summary: "Let its system's API be asked." },

  { method: 'get', path: '/settings', order: 'exportSettings', summary: 'The newest settings, or an older version.' },
  {
    method: 'put',
    path: '/settings',
    order: 'importSettings',
    bodyAs: { arg: 'document', shape: settingsSchema },
    summary: 'Save settings as a new version, unless something of them cannot work in the org.',
  },
  {
    method: 'post',
    path: '/settings/check',
    order: 'checkSettings',
    summary: 'What would be wrong with settings in the connected org.',
  },
  { method: 'post', path: '/settings/diff', order: 'diffSettings', summary: 'What is different between two settings.' },
  { method: 'get', path: '/settings/versions', order: 'listSettingsVersions', summary: 'Every saved version.' },
  {
    method: 'post',
    path: '/settings/rollback',
    order: 'rollBackSettings',
    summary: 'Save an old version again as the newest.',
  },
  {
    method: 'get',
    path: '/settings/fields/{object}',
    order: 'fieldChoices',
    summary: 'Fields that mappings may write, and those that they may not.',
  },
  {
    method: 'get',
    path: '/settings/required',
    order: 'requiredFields',
    summary: 'Fields that Salesforce requires, and what gives them a value.',
  },
  {
    method: 'get',
    path: '/pages',
    order: 'listPages',
    summary: 'Booking pages, and whether their bookings are written.',
  },
  {
    method: 'get',
    path: '/pages/{key}/template',
    order: 'pageTemplate',
    summary: 'Settings of a page to start from.',
  },

  { method: 'get', path: '/budget', order: 'readBudgets', summary: 'API calls that may be made and were made.' },
  { method: 'patch', path: '/budget', order: 'setBudget', summary: 'Change how many API calls may be made.' },

  { method: 'post', path: '/dry-run', order: 'dryRunBody', summary: 'What a webhook body would do.' },
  {
    method: 'post',
    path: '/dry-run/latest',
    order: 'dryRunLatest',
    summary: 'What other settings would change for the newest bookings.',
  },

  { method: 'get', path: '/bookings', order: 'listBookings', summary: 'Bookings, the newest first.' },
  { method: 'get', path: '/bookings/{id}', order: 'readBooking', summary: 'The story of one booking.' },
  { method: 'post', path: '/bookings/{id}/retry', order: 'retryBooking', summary: 'Try a parked booking again.' },
  { method: 'get', path: '/customers/{id}', order: 'readCustomer', summary: 'A customer, and what he booked.' },
  { method: 'post', path: '/replan', order: 'replan', summary: 'Plan bookings that are still to come again.' },
  { method: 'get', path: '/problems', order: 'listProblems', summary: 'What waits for a human, by cause.' },
  {
    method: 'post',
    path: '/problems/{id}/retry',
    order: 'retryProblem',
    summary: 'Try every booking of a problem again.',
  },
  {
    method: 'post',
    path: '/retry',
    order: 'retry',
    fixed: { bookingId: null },
    summary: 'Try everything again that waits for a human, refused deliveries too.',
  },
  {
    method: 'get',
    path: '/deliveries/refused',
    order: 'listRefused',
    summary: 'Deliveries that are not understood, with what is wrong.',
  },
  {
    method: 'post',
    path: '/deliveries/{id}/replay',
    order: 'replayDelivery',
    summary: 'Look at a refused delivery again.',
  },

  { method: 'get', path: '/tokens', order: 'listTokens', summary: 'Tokens for programs.' },
  { method: 'post', path: '/tokens', order: 'createToken', status: 201, summary: 'Make a token. It is shown once.' },
  { method: 'delete', path: '/tokens/{id}', order: 'revokeToken', summary: 'Take a token out of use for good.' },
  { method: 'post', path: '/links', order: 'createLink', status: 201, summary: 'Make a link that signs in once.' },
  { method: 'get', path: '/teams', order: 'listTeams', summary: 'Every team, for an owner of the first.' },
  {
    method: 'post',
    path: '/teams',
    order: 'createTeam',
    status: 201,
    summary: 'Make a team that shares a connected org.',
  },
  { method: 'get', path: '/audit', order: 'listAudit', summary: 'What was ordered by whom, the newest first.' },
];

/** Names of the arguments in a path. */
export function paramsOf(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => String(name));
}
