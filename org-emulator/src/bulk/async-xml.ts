import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import type { ApiResponse } from '../rest/api-request';
import type { JobRequest } from './open-job';

const NAMESPACE = 'http://www.force.com/2009/06/asyncapi/dataload';
const builder = new XMLBuilder({ ignoreAttributes: false, format: true, suppressEmptyNode: true });
const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, removeNSPrefix: true });

/** An answer of Bulk API 1.0: one element in its namespace, whose children are in the order of the object's keys. */
export function xmlAnswer(status: number, element: string, content: Record<string, unknown>): ApiResponse {
  const root = builder.build({ [element]: { '@_xmlns': NAMESPACE, ...content } });
  return {
    status,
    text: { type: 'application/xml', content: `<?xml version="1.0" encoding="UTF-8"?>\n${root}` },
  };
}

/** The `jobInfo` of a request body; undefined when the body is none. */
export function parseJobInfo(text: string): (JobRequest & { state?: unknown }) | undefined {
  try {
    const { jobInfo } = parser.parse(text.trim()) as { jobInfo?: unknown };
    return typeof jobInfo === 'object' && jobInfo !== null ? jobInfo : undefined;
  } catch {
    return undefined;
  }
}
