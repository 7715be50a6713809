import type { ApiError } from '../rest/api-error';
import type { ApiResponse } from '../rest/api-request';
import { escapeXml } from '../xml/write-xml';
import { child, descendants, text, type XmlElement } from '../xml/xml-element';

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const SCHEMA_INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';
const XML = 'text/xml;charset=UTF-8';

/** A value in an answer: text, elements by name in their order, or one element per entry of a list. */
export type SoapValue = string | number | boolean | undefined | SoapValue[] | { [name: string]: SoapValue };

/** What a SOAP request asks for. */
export interface SoapCall {
  operation: string;
  /** The element of the operation, its arguments inside. */
  arguments: XmlElement;
}

/** The call in an envelope; undefined when it holds none. */
export function callOf(envelope: XmlElement): SoapCall | undefined {
  const [operation] = child(envelope, 'Body')?.children ?? [];
  return operation && { operation: operation.name, arguments: operation };
}

/** The session id in the header of an envelope, or undefined. */
export function sessionIdOf(envelope: XmlElement): string | undefined {
  const header = child(envelope, 'Header');
  for (const element of header ? descendants(header) : []) {
    if (element.name === 'SessionHeader') return text(element, 'sessionId');
  }
  return undefined;
}

/** The answer to a call: `<operationResponse><result>…`. */
export function soapAnswer(operation: string, namespace: string, result: SoapValue): ApiResponse {
  const body = `<${operation}Response>${write('result', result)}</${operation}Response>`;
  return envelope(200, ` xmlns="${namespace}"`, body);
}

/** A refusal as SOAP says it: status 500 and a fault with the code of the API. */
export function soapFault(error: ApiError, namespace: string): ApiResponse {
  const [entry] = error.entries;
  const code = entry?.errorCode ?? 'UNKNOWN_EXCEPTION';
  const message = `${code}: ${entry?.message ?? ''}`;
  const fault = `<soapenv:Fault><faultcode>sf:${code}</faultcode><faultstring>${escapeXml(message)}</faultstring></soapenv:Fault>`;
  return envelope(500, ` xmlns:sf="${namespace}"`, fault);
}

function envelope(status: number, attributes: string, body: string): ApiResponse {
  const content = `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="${SOAP}"${attributes} xmlns:xsi="${SCHEMA_INSTANCE}"><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;
  return { status, text: { type: XML, content } };
}

function write(name: string, value: SoapValue): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map((entry) => write(name, entry)).join('');
  if (typeof value !== 'object') return `<${name}>${escapeXml(String(value))}</${name}>`;
  const inside = Object.entries(value).map(([inner, entry]) => write(inner, entry));
  return `<${name}>${inside.join('')}</${name}>`;
}
