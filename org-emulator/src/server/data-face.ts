import { ApiError, apiError, errorBody, notFound } from '../rest/api-error';
import type { ApiResponse } from '../rest/api-request';
import { findJsonFault } from '../rest/json-fault';
import { parseTarget } from '../rest/target';
import { versionList } from '../rest/versions';
import type { ApiFace } from './api-face';
import { sobjectsOf } from './request-sobjects';

/** The REST API below `/services/data`. */
export const dataFace: ApiFace = {
  isCounted: true,

  tokenOf: ({ headers }) => /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1],

  sobjectsOf: ({ org }, { url, text }) => {
    const names = sobjectsOf(url, text);
    const job = org.bulkJobs.find(/\/jobs\/ingest\/(\w+)/.exec(url)?.[1] ?? '');
    if (job) names.add(job.sobject.toLowerCase());
    return names;
  },

  answerToAll: ({ url }) =>
    /^\/services\/data\/?(\?.*)?$/.test(url) ? { status: 200, body: versionList() } : undefined,

  execute(emulated, context, { method, url, headers, text, bytes }, onSubrequest) {
    const target = parseTarget(url);
    if (!target) return refusal(notFound());
    const body = isNoJson(headers['content-type']) ? undefined : parseJson(text);
    if (body instanceof ApiError) return refusal(body);
    return emulated.dispatcher.dispatch(
      { ...context, apiVersion: target.apiVersion },
      {
        method: method === 'HEAD' ? 'GET' : method,
        segments: target.segments,
        query: target.query,
        headers,
        body,
        bodyText: text,
        bodyBytes: bytes,
      },
      onSubrequest,
    );
  },

  refusal,
};

function refusal(error: ApiError): ApiResponse {
  return { status: error.status, body: errorBody(error) };
}

function isNoJson(contentType: string | undefined): boolean {
  return /^(?:text\/csv|multipart\/form-data)\b/i.test(contentType ?? '');
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
