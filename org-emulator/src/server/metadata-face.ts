import { apiError, ApiError } from '../rest/api-error';
import { callOf, sessionIdOf, soapAnswer, soapFault } from '../soap/envelope';
import { metadataOperation } from '../soap/metadata-operations';
import { parseXml, XmlFault } from '../xml/parse-xml';
import type { XmlElement } from '../xml/xml-element';
import type { ApiFace, FaceRequest } from './api-face';

const NAMESPACE = 'http://soap.sforce.com/2006/04/metadata';

/** The Metadata API below `/services/Soap/m`, whose session stands in the envelope. */
export const metadataFace: ApiFace = {
  isCounted: true,

  tokenOf: (request) => {
    const envelope = envelopeOf(request);
    return envelope && sessionIdOf(envelope);
  },

  sobjectsOf: () => new Set(),

  answerToAll: () => undefined,

  execute(_emulated, context, request) {
    const version = /^\/services\/Soap\/m\/(\d+\.\d)/.exec(request.url)?.[1];
    const envelope = envelopeOf(request);
    const call = envelope && callOf(envelope);
    if (version === undefined || !call)
      return soapFault(apiError(500, 'INVALID_TYPE', 'No operation is asked for'), NAMESPACE);
    try {
      const result = metadataOperation({ ...context, apiVersion: `v${version}` }, call);
      return soapAnswer(call.operation, NAMESPACE, result);
    } catch (error) {
      if (error instanceof ApiError) return soapFault(error, NAMESPACE);
      throw error;
    }
  },

  refusal: (error) => soapFault(error, NAMESPACE),
};

function envelopeOf({ text }: FaceRequest): XmlElement | undefined {
  try {
    return parseXml(text);
  } catch (error) {
    if (error instanceof XmlFault) return undefined;
    throw error;
  }
}
