import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, Response } from 'express';
import { addWrites, type Call } from '../control/call-log';
import type { Strike } from '../control/faults';
import { effectOfModel } from '../control/latency-models';
import type { Session } from '../oauth/session-store';
import { apiError, ApiError, errorBody, notFound } from '../rest/api-error';
import type { ApiRequest, ApiResponse } from '../rest/api-request';
import { findJsonFault } from '../rest/json-fault';
import { parseTarget } from '../rest/target';
import { versionList } from '../rest/versions';
import type { EmulatedOrg } from './emulated-org';
import { readBody } from './read-body';
import { countRows, sobjectsOf } from './request-sobjects';
import { rowFaultsOf } from './row-faults';

/** Thrown to cut the connection instead of answering. */
class Dropped extends Error {}

/**
 * Takes one request below `/services/data` through its whole life: listed, held or struck by faults, executed, answered.
 * The list of calls shows each of these states as it happens.
 */
export async function apiExchange(emulated: EmulatedOrg, req: Request, res: Response): Promise<void> {
  const call = emulated.calls.receive(emulated.org.clock.now(), req.method, req.url);
  res.on('finish', () => {
    call.state = 'answered';
  });
  res.on('close', () => {
    if (!res.writableFinished && call.state !== 'dropped') call.clientGone = true;
  });
  try {
    const text = await readBody(req);
    const answer = await answerFor(emulated, call, req, res, text);
    if (call.clientGone) return;
    send(req, res, call, answer);
  } catch (error) {
    if (error instanceof Dropped) {
      call.state = 'dropped';
      req.socket.destroy();
    } else if (!call.clientGone) throw error;
  }
}

async function answerFor(
  emulated: EmulatedOrg,
  call: Call,
  req: Request,
  res: Response,
  text: string,
): Promise<ApiResponse & { html?: string }> {
  const { calls, allowance, faults, sessions } = emulated;
  const subject = {
    method: req.method,
    path: req.url,
    sobjects: sobjectsOf(req.url, text),
    at: emulated.org.clock.now(),
  };
  const strikes = faults.strike(subject).map((strike) => withModel(strike, req.method, text));
  const session = sessionOf(emulated, req);
  if (session) call.user = usernameOf(emulated, session);
  if (strikes.some(({ effect }) => effect.expireSession) && session) sessions.endSession(session.accessToken);
  await wait(call, strikes, 'beforeCommit', countRows(text));
  // Held requests whose client left are not executed: nobody would ever learn that they were.
  if (call.clientGone) return { status: 0 };
  dropAt(strikes, 'beforeCommit');
  const struck = strikes.find(({ effect }) => effect.error ?? effect.html);
  if (struck?.effect.html !== undefined) return htmlPage(struck.effect.html);
  const url = req.url;
  if (/^\/services\/data\/?(\?.*)?$/.test(url)) return { status: 200, body: versionList() };
  const current = sessionOf(emulated, req);
  if (!current) return refusal(apiError(401, 'INVALID_SESSION_ID', 'Session expired or invalid'));
  if (!current.scope.split(' ').some((scope) => ['api', 'full', 'web'].includes(scope))) {
    return refusal(apiError(401, 'INVALID_SESSION_ID', 'This session is not valid for use with the REST API'));
  }
  if (!emulated.org.settings.apiEnabled) {
    return refusal(apiError(403, 'API_DISABLED_FOR_ORG', 'The REST API is not enabled for this Organization.'));
  }
  if (strikes.some(({ effect }) => effect.spendAllowance)) allowance.spendAll();
  if (allowance.remaining <= 0) {
    const limited = refusal(apiError(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'));
    return { ...limited, headers: { 'Sforce-Limit-Info': allowance.limitInfo() } };
  }
  calls.count(call);
  allowance.spend();
  const answer = struck?.effect.error
    ? refusal(
        apiError(
          struck.effect.error.status,
          struck.effect.error.errorCode,
          struck.effect.error.message,
          struck.effect.error.fields,
        ),
      )
    : execute(emulated, call, current, strikes, { method: req.method, url, headers: req.headers, text });
  call.state = 'committed';
  await wait(call, strikes, 'afterCommit');
  dropAt(strikes, 'afterCommit');
  return { ...answer, headers: { ...answer.headers, 'Sforce-Limit-Info': allowance.limitInfo() } };
}

function execute(
  emulated: EmulatedOrg,
  call: Call,
  session: Session,
  strikes: Strike[],
  http: { method: string; url: string; headers: Request['headers']; text: string },
): ApiResponse {
  const { org, dispatcher, baseUrl } = emulated;
  const target = parseTarget(http.url);
  if (!target) return refusal(notFound());
  const body = parseJson(http.text);
  if (body instanceof ApiError) return refusal(body);
  const headers: ApiRequest['headers'] = {};
  for (const [name, value] of Object.entries(http.headers))
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  const removeListener = org.store.onChange((changes) => {
    addWrites(call, changes);
  });
  try {
    return dispatcher.dispatch(
      {
        org,
        userId: session.userId,
        access: org.access(session.userId),
        apiVersion: target.apiVersion,
        baseUrl,
        mustBeAllOrNone: false,
        isSubrequest: false,
        rowFaults: rowFaultsOf(emulated, strikes),
      },
      {
        method: http.method === 'HEAD' ? 'GET' : http.method,
        segments: target.segments,
        query: target.query,
        headers,
        body,
        bodyText: http.text,
      },
      (entry) => call.subrequests.push(entry),
    );
  } finally {
    removeListener();
  }
}

function parseJson(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    const position = findJsonFault(text);
    const lines = text.slice(0, position).split('\n');
    const where = `[line:${lines.length}, column:${(lines.at(-1) ?? '').length + 1}]`;
    const char = text.charAt(position);
    return apiError(
      400,
      'JSON_PARSER_ERROR',
      char === ''
        ? `Unexpected end-of-input at ${where}`
        : `Unexpected character ('${char}' (code ${char.charCodeAt(0)})) at ${where}`,
    );
  }
}

/** A strike with what its latency model does to this request. */
function withModel(strike: Strike, method: string, text: string): Strike {
  const { latencyModel } = strike.effect;
  if (latencyModel === undefined) return strike;
  const isRead = method === 'GET' || (/"compositeRequest"/.test(text) && !/"method"\s*:\s*"(?!GET)/.test(text));
  const modelled = effectOfModel(latencyModel, { isRead, rows: countRows(text), ageMs: strike.ageMs }, strike.random);
  return { ...strike, effect: { ...strike.effect, ...modelled } };
}

/** How long a fault delays a request of so many rows. */
function delayMs({ effect, random }: Strike, rows: number): number {
  const { baseMs = 0, perRowMs = 0, jitterMs = 0 } = effect.latency ?? {};
  return (effect.latencyMs ?? 0) + baseMs + perRowMs * rows + jitterMs * random();
}

async function wait(call: Call, strikes: Strike[], moment: 'beforeCommit' | 'afterCommit', rows = 0): Promise<void> {
  for (const strike of strikes) {
    const { effect } = strike;
    if (moment === 'beforeCommit') await sleep(delayMs(strike, rows));
    if (effect.hold !== moment) continue;
    const before = call.state;
    call.state = 'held';
    await strike.untilReleased();
    call.state = before;
  }
}

function dropAt(strikes: Strike[], moment: 'beforeCommit' | 'afterCommit'): void {
  if (strikes.some(({ effect }) => effect.drop === moment)) throw new Dropped();
}

function sessionOf(emulated: EmulatedOrg, req: Request): Session | undefined {
  const token = /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(req.headers.authorization ?? '')?.[1];
  return token === undefined ? undefined : emulated.sessions.session(token);
}

function usernameOf({ org }: EmulatedOrg, session: Session): string | null {
  const username = org.store.table(org.object('User')).get(session.userId)?.Username;
  return typeof username === 'string' ? username : null;
}

function refusal(error: ApiError): ApiResponse {
  return { status: error.status, body: errorBody(error) };
}

function htmlPage(status: number): ApiResponse & { html: string } {
  const html = `<html><head><title>${status} Service Unavailable</title></head><body><h1>Down For Maintenance</h1><p>Sorry for the inconvenience. We'll be back shortly.</p></body></html>`;
  return { status, html };
}

function send(req: Request, res: Response, call: Call, answer: ApiResponse & { html?: string }): void {
  call.status = answer.status;
  res.status(answer.status);
  for (const [name, value] of Object.entries(answer.headers ?? {})) res.setHeader(name, value);
  if (answer.html !== undefined) {
    res.setHeader('Content-Type', 'text/html;charset=UTF-8');
    res.end(answer.html);
    return;
  }
  if (answer.body === undefined) {
    res.end();
    return;
  }
  res.setHeader('Content-Type', 'application/json;charset=UTF-8');
  const isPretty = req.headers['x-prettyprint'] === '1';
  res.end(isPretty ? JSON.stringify(answer.body, null, 2) : JSON.stringify(answer.body));
}
