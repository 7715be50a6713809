import { OrgUnavailableError, SignInRefusedError } from './errors';
import { identityIn } from './identity';

const TOLD = {
  user_id: '005dM00000awSFJQA2',
  organization_id: '00DdM00000vfgTuUAI',
  preferred_username: 'api.user@example.com',
  name: 'Api User',
  email: 'api@example.com',
  email_verified: true,
  active: true,
  user_type: 'STANDARD',
};
const answer = (status: number, body: unknown) => ({
  status,
  headers: {},
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

it('tells who it is', () => {
  expect(identityIn(answer(200, TOLD))).toEqual({
    orgId: '00DdM00000vfgTuUAI',
    userId: '005dM00000awSFJQA2',
    username: 'api.user@example.com',
    name: 'Api User',
    verifiedEmail: 'api@example.com',
    isActive: true,
    userType: 'STANDARD',
  });
});

it.each([false, undefined, 'true', null])('believes no address whose email_verified is %s', (verified) => {
  expect(identityIn(answer(200, { ...TOLD, email_verified: verified })).verifiedEmail).toBeNull();
});

it.each([
  ['a session that may not tell', 403, 'Bad_OAuth_Token', SignInRefusedError],
  ['a page in place of an answer', 200, '<html></html>', OrgUnavailableError],
  ['an org that is down', 503, '<html></html>', OrgUnavailableError],
  ['an answer without the user', 200, { ...TOLD, user_id: undefined }, OrgUnavailableError],
])('throws at %s, and says nothing of what came', (_, status, body, error) => {
  let thrown: unknown;
  try {
    identityIn(answer(status, body));
  } catch (caught) {
    thrown = caught;
  }
  expect(thrown).toBeInstanceOf(error);
  expect(String(thrown)).not.toMatch(/api@example\.com|html/);
});
