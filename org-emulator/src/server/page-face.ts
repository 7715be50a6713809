import { cookieValue, SESSION_COOKIE } from '../pages/cookies';
import type { ApiFace, FaceRequest } from './api-face';
import { dataFace } from './data-face';

/**
 * What the components of a page ask, below `/lightning/api`: the resources of the REST API, for the user of the page. As in
 * a real org the session is the page's own, and nothing is taken from the API allowance.
 */
export const pageFace: ApiFace = {
  ...dataFace,
  isCounted: false,
  tokenOf: ({ headers }) => cookieValue(headers.cookie, SESSION_COOKIE),
  sobjectsOf: (emulated, request) => dataFace.sobjectsOf(emulated, asApi(request)),
  answerToAll: () => undefined,
  execute: (emulated, context, request, onSubrequest) =>
    dataFace.execute(emulated, context, asApi(request), onSubrequest),
};

/** The same request at the address that it has in the REST API. */
function asApi(request: FaceRequest): FaceRequest {
  return { ...request, url: request.url.replace(/^\/lightning\/api\//, '/services/data/') };
}
