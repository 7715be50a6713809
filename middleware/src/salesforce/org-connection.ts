import { Connection } from '@jsforce/jsforce-node';
import { parseLimitInfo, type ApiUsage } from './api-usage';
import {
  answerOf,
  checkComposite,
  describeRequest,
  MAX_SUBREQUESTS,
  queryRequest,
  readRecords,
  writeHeaders,
  type CompositeAnswer,
  type CompositeRequest,
} from './composite';
import { inSpan } from '../telemetry';
import { compositeBody, readComposite, sessionHasEnded } from './composite-call';
import { schemaOf } from './described';
import { SignInRefusedError } from './errors';
import { exchange, type HttpAnswer } from './http-exchange';
import { parseJson } from './json';
import { SESSION_REFUSED } from './oauth-error-table';
import { orgOrigin } from './org-url';
import { ORGANIZATION, organizationIn, organizationRequest, type Organization } from './organization';
import type { OrgSchema } from './schema';
import { signIn, type Grant, type Token } from './sign-in';
import { select, soqlString } from './soql';

/** The version of the REST API that everything here is written for. */
export const API_VERSION = '67.0';

/** How long a call may take. Salesforce itself gives up after ten minutes; a batch of 400 rows takes seconds. */
export const DEFAULT_TIMEOUT_MS = 120_000;

/** What a call was for, so that the use of the allowance can be told apart. */
export type CallPurpose = 'read' | 'write' | 'change' | 'describe' | 'resend' | 'other';

/** One API call as it happened; a call that is answered 401 and repeated is two. */
export interface CallReport {
  purpose: CallPurpose;
  durationMs: number;
  /** HTTP status; null when no answer came. */
  status: number | null;
  /** The org's gauge as of this answer; null when the answer did not carry it. */
  limitInfo: ApiUsage | null;
}

/** Who the connection works as, and where. */
export interface OrgIdentity {
  /** 18 characters. It changes when a sandbox is refreshed. */
  orgId: string;
  /** 18 characters. */
  userId: string;
  username: string;
  instanceUrl: string;
  /** The org's name and whether it is a sandbox or scratch org; null when the user may not read it. */
  organization: Organization | null;
}

/** A connected org. Each method but `usage` talks to Salesforce. */
export interface OrgConnection {
  /**
   * One API call of up to 25 subrequests, of which five may be queries and collections. Subrequests run in the order
   * given; one that fails takes none of the others with it.
   *
   * @param options `timeoutMs` default 120,000, for each time that the call is sent.
   * @returns the answers by reference id, one for each subrequest, refused or not.
   * @throws RangeError before anything is sent, when the limits are broken; OrgUnavailableError when the org could not be
   *   asked; CallRefusedError when it refused the call for its content; SignInRefusedError; RefusedHostError.
   * @see https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_composite_post.htm
   */
  composite(
    requests: readonly CompositeRequest[],
    purpose: CallPurpose,
    options?: { timeoutMs?: number },
  ): Promise<Map<string, CompositeAnswer>>;
  /**
   * The schema of some objects, 25 to an API call. An object that is missing or that the user may not see is absent.
   *
   * @throws as `composite`; QueryFailedError when an object could not be described for another reason.
   */
  describe(sobjects: readonly string[]): Promise<OrgSchema>;
  /**
   * Who signed in. Costs one API call.
   *
   * @throws as `composite`; QueryFailedError when the user may not read itself.
   */
  identity(): Promise<OrgIdentity>;
  /**
   * Renews the session now, unless another process did since: a refresh token that rests too long dies. No API call.
   *
   * @throws SignInRefusedError, OrgUnavailableError or RefusedHostError.
   */
  keepAlive(): Promise<void>;
  /**
   * Whose session it is, and where. Signs in when there is none yet; no API call.
   *
   * @throws SignInRefusedError; OrgUnavailableError when nobody answered.
   */
  session(): Promise<Pick<OrgIdentity, 'orgId' | 'userId' | 'instanceUrl'>>;
  /**
   * One API call of its own: a resource that no composite call may hold.
   *
   * @param path below `/services/data/vNN.0`, percent-encoded.
   * @returns the answer, refused or not.
   * @throws as `composite`, but for what the org says of this resource.
   */
  get(path: string, purpose: CallPurpose): Promise<{ status: number; body: unknown }>;
  /** The latest reading of the org's noisy gauge; null before the first. */
  readonly usage: ApiUsage | null;
  /** What the org's clock said at the latest answer, to the second, and when that came; null before the first. */
  readonly clock: OrgClock | null;
}

/** An org's clock beside ours. */
export interface OrgClock {
  orgAt: Date;
  /** By our clock. */
  at: Date;
}

/** The two methods of a logger that are used; fields never hold a token or a record's value. */
export interface ConnectionLog {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
}

/** Where a session is kept between starts, and shared between the processes that work on one org. */
export interface TokenCache {
  /** Null when there is none. Asked before each sign-in, since another process may have signed in meanwhile. */
  load(): Promise<Token | null>;
  /** Awaited before the token is first used: with rotation the one before it is dead by then. */
  save(token: Token): Promise<void>;
  /** Runs the work while nobody else, in any process, runs such work for this org. Default: runs it. */
  exclusively?<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** What it takes to connect. */
export interface ConnectOrgOptions {
  /** My Domain of the org for client credentials; else login or test.salesforce.com. */
  loginUrl: string;
  clientId: string;
  /** Null for apps that ask for none, and with a grant that needs none. */
  clientSecret: string | null;
  /**
   * How to sign in for the next time, given the session before it (null for none). Default: client credentials. A flow
   * with refresh tokens answers with that of the session before.
   */
  grant?: (previous: Token | null) => Grant;
  apiVersion?: typeof API_VERSION;
  /** Takes http addresses of this machine too (the org emulator). */
  allowLoopback?: boolean;
  /** Called before each call is sent. What it throws is thrown by the call, of which then nothing was sent. */
  beforeCall?: (purpose: CallPurpose) => void;
  onCall?: (call: CallReport) => void;
  log: ConnectionLog;
  now: () => Date;
  tokenCache?: TokenCache;
}

/** One request below the version of the API. */
interface CallRequest {
  method: 'GET' | 'POST';
  path: string;
  body?: string;
}

/** A token to use, and whether it was granted since the request that uses it began to wait for one. */
interface Held {
  token: Token;
  fresh: boolean;
}

/**
 * Connects to an org. Nothing is sent before the first call; that one signs in.
 *
 * A call that is answered "session expired" is repeated after one sign-in, or with the session that another process has
 * stored meanwhile: Salesforce does nothing of a call that it answers so. Calls that wait at the same time share one
 * sign-in. Nothing else is ever repeated here.
 *
 * @throws RefusedHostError when `loginUrl` is not Salesforce's.
 */
export function connectOrg(options: ConnectOrgOptions): OrgConnection {
  const { log, now, tokenCache } = options;
  const apiVersion = options.apiVersion ?? API_VERSION;
  const allowLoopback = options.allowLoopback === true;
  const loginUrl = orgOrigin(options.loginUrl, { allowLoopback });
  const grant =
    options.grant ??
    ((): Grant => ({
      kind: 'clientCredentials',
      clientId: options.clientId,
      clientSecret: options.clientSecret ?? '',
    }));

  const exclusively = <Result>(work: () => Promise<Result>): Promise<Result> =>
    tokenCache?.exclusively?.(work) ?? work();

  let current: Token | null = null;
  let renewal: Promise<Held> | null = null;
  let usage: ApiUsage | null = null;
  let clock: OrgClock | null = null;

  /** The session in use, or another one than `refused`: whatever is nearest to hand. */
  async function hold(refused: Token | null): Promise<Held> {
    if (current !== null && current.accessToken !== refused?.accessToken) return { token: current, fresh: false };
    renewal ??= exclusively(() => renew(refused)).finally(() => (renewal = null));
    return renewal;
  }

  async function renew(refused: Token | null): Promise<Held> {
    const stored = (await tokenCache?.load()) ?? null;
    if (stored !== null && stored.accessToken !== refused?.accessToken) {
      current = stored;
      return { token: stored, fresh: false };
    }
    const token = await inSpan('salesforce sign-in', { side: 'client' }, () =>
      signIn(loginUrl, grant(stored ?? refused), { allowLoopback, now }),
    );
    await tokenCache?.save(token);
    current = token;
    log.info({ orgId: token.orgId, instanceUrl: token.instanceUrl }, 'signed in to Salesforce');
    return { token, fresh: true };
  }

  /** Sends a call at most three times: with the session at hand, with one found in the cache, with a new one. */
  async function call(request: CallRequest, purpose: CallPurpose, timeoutMs: number): Promise<HttpAnswer> {
    let held = await hold(null);
    for (;;) {
      const answer = await send(held.token, request, purpose, timeoutMs);
      if (!sessionHasEnded(answer)) return answer;
      if (held.fresh) {
        log.warn({ purpose }, 'Salesforce refuses the session that it has just granted');
        throw new SignInRefusedError('session_refused', SESSION_REFUSED);
      }
      held = await hold(held.token);
    }
  }

  async function send(
    token: Token,
    { method, path, body = '' }: CallRequest,
    purpose: CallPurpose,
    timeoutMs: number,
  ): Promise<HttpAnswer> {
    // Made for each call: it costs nothing, and a token that is renewed meanwhile cannot get into it. Without an OAuth
    // client and a refresh function, for with either jsforce answers a 401 by itself, without an end.
    const connection = new Connection({
      instanceUrl: orgOrigin(token.instanceUrl, { allowLoopback }),
      accessToken: token.accessToken,
      version: apiVersion,
    });
    const json = { accept: 'application/json' };
    const headers = method === 'GET' ? json : { 'content-type': 'application/json', ...json, ...writeHeaders() };
    options.beforeCall?.(purpose);
    const startedAt = now().getTime();
    let answer: HttpAnswer | null = null;
    try {
      const request = { method, url: path, headers, ...(method === 'GET' ? {} : { body }) };
      answer = await inSpan(
        'salesforce call',
        { side: 'client', 'booking_connector.purpose': purpose, 'http.request.body.size': Buffer.byteLength(body) },
        async (note) => {
          const { status, ...rest } = await exchange(connection, request, timeoutMs);
          note({ 'http.response.status_code': status });
          return { status, ...rest };
        },
      );
      return answer;
    } finally {
      const limitInfo = parseLimitInfo(answer?.headers['sforce-limit-info']);
      usage = limitInfo ?? usage;
      const orgAt = new Date(answer?.headers['date'] ?? '');
      if (!Number.isNaN(orgAt.getTime())) clock = { orgAt, at: now() };
      options.onCall?.({ purpose, durationMs: now().getTime() - startedAt, status: answer?.status ?? null, limitInfo });
    }
  }

  async function composite(
    requests: readonly CompositeRequest[],
    purpose: CallPurpose,
    { timeoutMs = DEFAULT_TIMEOUT_MS }: { timeoutMs?: number } = {},
  ): Promise<Map<string, CompositeAnswer>> {
    checkComposite(requests);
    const body = compositeBody(requests, apiVersion);
    const answer = await call({ method: 'POST', path: '/composite', body }, purpose, timeoutMs);
    return readComposite(answer, requests);
  }

  async function get(path: string, purpose: CallPurpose): Promise<{ status: number; body: unknown }> {
    const answer = await call({ method: 'GET', path }, purpose, DEFAULT_TIMEOUT_MS);
    return { status: answer.status, body: parseJson(answer.body) };
  }

  async function describe(sobjects: readonly string[]): Promise<OrgSchema> {
    const names = [...new Set(sobjects)];
    const answers: CompositeAnswer[] = [];
    for (let first = 0; first < names.length; first += MAX_SUBREQUESTS) {
      const part = names.slice(first, first + MAX_SUBREQUESTS);
      const found = await composite(
        part.map((name, index) => describeRequest(`object${first + index}`, name)),
        'describe',
      );
      answers.push(...found.values());
    }
    return schemaOf(answers, now());
  }

  async function identity(): Promise<OrgIdentity> {
    const { token } = await hold(null);
    const answers = await composite(
      [queryRequest('user', select(['Username'], 'User', `Id = ${soqlString(token.userId)}`)), organizationRequest()],
      'other',
    );
    // The call may have renewed the session, and a sign-in may lead to another instance.
    const { orgId, userId, instanceUrl } = current ?? token;
    const user = readRecords(answerOf(answers, 'user'))[0];
    return {
      orgId,
      userId,
      username: typeof user?.['Username'] === 'string' ? user['Username'] : '',
      instanceUrl,
      organization: organizationIn(answers.get(ORGANIZATION)),
    };
  }

  return {
    composite,
    describe,
    identity,
    keepAlive: async () => void (await hold(current ?? (await tokenCache?.load()) ?? null)),
    session: async () => {
      const { orgId, userId, instanceUrl } = (await hold(null)).token;
      return { orgId, userId, instanceUrl };
    },
    get,
    get usage() {
      return usage;
    },
    get clock() {
      return clock;
    },
  };
}
