import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { classifySignInError } from './oauth-error-table';

const DIRECTORIES = [
  join(__dirname, '../../test/fixtures/salesforce/errors'),
  join(__dirname, '../../../../shared/salesforce/errors'),
].filter((directory) => existsSync(directory));

describe('classifySignInError', () => {
  it.each([
    ['invalid_grant', 'expired access/refresh token', /revoked or has expired/, /Connect the org again/],
    ['invalid_grant', 'authentication failure', /did not accept the proof/, /settings of the app/],
    ['invalid_grant', "user hasn't approved this consumer", /may not use the app/, /pre-authorize/],
    ['invalid_grant', 'ip restricted', /login hours or trusted addresses/, /login ranges/],
    ['invalid_grant', 'request not supported on this domain', /My Domain/, /my\.salesforce\.com/],
    ['invalid_grant', 'no client credentials user enabled', /no user to run as/, /Run As/],
    ['invalid_grant', 'audience is invalid', /another address/, /sandboxes/],
    ['inactive_user', 'user is inactive', /inactive/, /Activate/],
    ['inactive_org', 'organization is inactive', /locked, closed or suspended/, /support/],
    ['invalid_app_access', 'user is not admin approved to access this app', /may not use the app/, /pre-authorize/],
    [
      'invalid_client_id',
      'client identifier invalid',
      /does not know this consumer key.*ten minutes/,
      /ten minutes old/,
    ],
    ['invalid_grant', 'invalid assertion', /did not accept the key/, /certificate/],
    ['invalid_client', 'invalid client credentials', /consumer secret/, /Copy/],
    ['invalid_client', 'app must be installed into org', /not installed/, /Install/],
    ['unsupported_grant_type', 'grant type not supported', /does not allow this way/, /Switch the flow on/],
    ['something_new', 'never seen', /refused the sign-in/, /Check/],
  ])('explains %s: %s', (error, description, cause, remedy) => {
    const found = classifySignInError({ error, description });
    expect(found.cause).toMatch(cause);
    expect(found.remedy).toMatch(remedy);
  });

  it('tells waiting from asking a human', () => {
    expect(classifySignInError({ error: 'rate_limit_exceeded', description: 'number of logins exceeded' }).class).toBe(
      'retryLater',
    );
    expect(classifySignInError({ error: 'invalid_grant', description: 'expired access/refresh token' }).class).toBe(
      'signIn',
    );
    expect(classifySignInError({ error: 'OAUTH_APP_BLOCKED', description: '' }).class).toBe('orgWide');
  });

  const recorded = DIRECTORIES.flatMap((directory) =>
    [
      ['oauth.invalid_client_id.json', /consumer key/],
      ['oauth.invalid_grant.authentication_failure.json', /proof/],
      ['oauth.invalid_grant.expired.json', /expired/],
      ['oauth.invalid_grant.user_not_approved.json', /may not use/],
    ].map(([file, cause]): [string, RegExp] => [join(directory, file as string), cause as RegExp]),
  );

  it.each(recorded)('explains the recorded %s', (path, cause) => {
    const body = JSON.parse(readFileSync(path, 'utf8')) as { error: string; error_description: string };
    expect(classifySignInError({ error: body.error, description: body.error_description }).cause).toMatch(cause);
  });
});
