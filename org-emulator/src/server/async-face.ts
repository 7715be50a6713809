import { asyncRefusal, asyncResource } from '../bulk/async-resource';
import { RowError } from '../dml/row-error';
import { apiError, ApiError } from '../rest/api-error';
import type { ApiFace } from './api-face';

/** Bulk API 1.0 below `/services/async`, which has a header of its own for the session and speaks XML. */
export const asyncFace: ApiFace = {
  isCounted: true,

  tokenOf: ({ headers }) => headers['x-sfdc-session'],

  sobjectsOf: ({ org }, { url, text }) => {
    const job = org.bulkJobs.find(/\/job\/(\w+)/.exec(url)?.[1] ?? '');
    const name = job?.sobject ?? /<object>(\w+)<\/object>/.exec(text)?.[1];
    return new Set(name === undefined ? [] : [name.toLowerCase()]);
  },

  answerToAll: () => undefined,

  execute(_emulated, context, { method, url, text }) {
    const [pathname = ''] = url.split('?');
    const { version, path = '' } = /^\/services\/async\/(?<version>\d+\.\d)\/(?<path>.*)$/.exec(pathname)?.groups ?? {};
    try {
      if (version === undefined) throw apiError(400, 'InvalidVersion', 'The address must name an API version');
      const segments = path.split('/').filter((segment) => segment !== '');
      return asyncResource({ ...context, apiVersion: `v${version}` }, { method, segments, text });
    } catch (error) {
      const refusal = error instanceof RowError ? error.toApiError() : error;
      if (refusal instanceof ApiError) return asyncRefusal(refusal);
      throw error;
    }
  },

  refusal: asyncRefusal,
};
