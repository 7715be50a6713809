import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, Response } from 'express';
import { addWrites, type Call } from '../control/call-log';
import type { FaultEffect, Strike } from '../control/faults';
import { effectOfModel } from '../control/latency-models';
import type { Session } from '../oauth/session-store';
import { apiError, type ApiError } from '../rest/api-error';
import type { ApiContext, ApiResponse } from '../rest/api-request';
import type { ApiFace, FaceRequest } from './api-face';
import type { EmulatedOrg } from './emulated-org';
import { readBody } from './read-body';
import { countRows } from './request-sobjects';
import { rowFaultsOf } from './row-faults';

/** Thrown to cut the connection instead of answering. */
class Dropped extends Error {}

/**
 * Takes one request to an API through its whole life: listed, held or struck by faults, executed, answered. The list of
 * calls shows each of these states as it happens.
 */
export async function apiExchange(emulated: EmulatedOrg, face: ApiFace, req: Request, res: Response): Promise<void> {
  const call = emulated.calls.receive(emulated.org.clock.now(), req.method, req.url);
  res.on('finish', () => {
    call.state = 'answered';
  });
  res.on('close', () => {
    if (!res.writableFinished && call.state !== 'dropped') call.clientGone = true;
  });
  try {
    const bytes = await readBody(req);
    const request = { method: req.method, url: req.url, headers: headersOf(req), text: bytes.toString('utf8'), bytes };
    const answer = await answerFor(emulated, face, call, request);
    if (call.clientGone) return;
    send(req, res, call, answer);
  } catch (error) {
    if (error instanceof Dropped) {
      call.state = 'dropped';
      req.socket.destroy();
    } else if (!call.clientGone) throw error;
  }
}

async function answerFor(emulated: EmulatedOrg, face: ApiFace, call: Call, request: FaceRequest): Promise<ApiResponse> {
  const { calls, allowance, faults, sessions } = emulated;
  const { method, url, text } = request;
  const subject = { method, path: url, sobjects: face.sobjectsOf(emulated, request), at: emulated.org.clock.now() };
  const strikes = faults.strike(subject).map((strike) => withModel(strike, method, text));
  const session = sessionOf(emulated, face, request);
  if (session) call.user = usernameOf(emulated, session);
  if (strikes.some(({ effect }) => effect.expireSession) && session) sessions.endSession(session.accessToken);
  await wait(call, strikes, 'beforeCommit', countRows(text));
  // Held requests whose client left are not executed: nobody would ever learn that they were.
  if (call.clientGone) return { status: 0 };
  dropAt(strikes, 'beforeCommit');
  const struck = strikes.find(({ effect }) => effect.error ?? effect.html);
  if (struck?.effect.html !== undefined) return htmlPage(struck.effect.html);
  const open = face.answerToAll(request);
  if (open) return open;
  const current = sessionOf(emulated, face, request);
  if (!current) return face.refusal(apiError(401, 'INVALID_SESSION_ID', 'Session expired or invalid'));
  if (!current.scope.split(' ').some((scope) => ['api', 'full', 'web'].includes(scope))) {
    return face.refusal(apiError(401, 'INVALID_SESSION_ID', 'This session is not valid for use with the REST API'));
  }
  if (!emulated.org.settings.apiEnabled) {
    return face.refusal(apiDisabled());
  }
  // A user without the permission gets the words of an org without the API.
  if (!emulated.org.access(current.userId).has('ApiEnabled')) return face.refusal(apiDisabled());
  for (const { effect } of strikes) {
    const { spendAllowance } = effect;
    if (spendAllowance) allowance.spendAll(spendAllowance === true ? undefined : spendAllowance.forMs);
  }
  if (face.isCounted && allowance.remaining <= 0) {
    const limited = face.refusal(apiError(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'));
    return { ...limited, headers: { ...limited.headers, 'Sforce-Limit-Info': allowance.limitInfo() } };
  }
  if (face.isCounted) {
    calls.count(call);
    allowance.spend();
  }
  const answer = struck?.effect.error
    ? face.refusal(errorOf(struck.effect.error))
    : execute(emulated, face, call, current, strikes, request);
  call.state = 'committed';
  await wait(call, strikes, 'afterCommit');
  dropAt(strikes, 'afterCommit');
  return { ...answer, headers: { ...answer.headers, 'Sforce-Limit-Info': allowance.limitInfo() } };
}

function apiDisabled(): ApiError {
  return apiError(403, 'API_DISABLED_FOR_ORG', 'The REST API is not enabled for this Organization.');
}

function execute(
  emulated: EmulatedOrg,
  face: ApiFace,
  call: Call,
  session: Session,
  strikes: Strike[],
  request: FaceRequest,
): ApiResponse {
  const { org, baseUrl } = emulated;
  const removeListener = org.store.onChange((changes) => {
    addWrites(call, changes);
  });
  const context: Omit<ApiContext, 'apiVersion'> = {
    org,
    userId: session.userId,
    access: org.access(session.userId),
    baseUrl,
    mustBeAllOrNone: false,
    isSubrequest: false,
    rowFaults: rowFaultsOf(emulated, strikes),
  };
  try {
    return face.execute(emulated, context, request, (entry) => call.subrequests.push(entry));
  } finally {
    removeListener();
  }
}

function errorOf({ status, errorCode, message, fields }: NonNullable<FaultEffect['error']>): ApiError {
  return apiError(status, errorCode, message, fields);
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

function sessionOf(emulated: EmulatedOrg, face: ApiFace, request: FaceRequest): Session | undefined {
  const token = face.tokenOf(request);
  return token === undefined ? undefined : emulated.sessions.session(token);
}

function headersOf(req: Request): FaceRequest['headers'] {
  const entries = Object.entries(req.headers);
  return Object.fromEntries(entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]));
}

function usernameOf({ org }: EmulatedOrg, session: Session): string | null {
  const username = org.store.table(org.object('User')).get(session.userId)?.Username;
  return typeof username === 'string' ? username : null;
}

function htmlPage(status: number): ApiResponse {
  const content = `<html><head><title>${status} Service Unavailable</title></head><body><h1>Down For Maintenance</h1><p>Sorry for the inconvenience. We'll be back shortly.</p></body></html>`;
  return { status, text: { type: 'text/html;charset=UTF-8', content } };
}

function send(req: Request, res: Response, call: Call, answer: ApiResponse): void {
  call.status = answer.status;
  res.status(answer.status);
  for (const [name, value] of Object.entries(answer.headers ?? {})) res.setHeader(name, value);
  if (answer.text !== undefined) {
    res.setHeader('Content-Type', answer.text.type);
    res.end(answer.text.content);
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
