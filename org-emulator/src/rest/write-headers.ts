import type { WriteContext } from '../dml/write-context';
import type { ApiContext, ApiRequest } from './api-request';

/** Reads the headers that change how a write behaves. Inside a composite only the subrequest's own headers count. */
export function writeContextOf(context: ApiContext, request: ApiRequest): WriteContext {
  const { headers } = request;
  const rules = parseOptions(headers['sforce-duplicate-rule-header'] ?? '');
  return {
    org: context.org,
    userId: context.userId,
    access: context.access,
    apiVersion: context.apiVersion,
    autoAssign: (headers['sforce-auto-assign'] ?? 'TRUE').toUpperCase() !== 'FALSE',
    duplicateRules: {
      allowSave: rules.allowsave === 'true',
      includeRecordDetails: rules.includerecorddetails === 'true',
      runAsCurrentUser: rules.runascurrentuser === 'true',
    },
    rowFaults: context.rowFaults,
    bodyText: request.bodyText,
  };
}

/** `allowSave=true; includeRecordDetails=false` as an object, all in lower case. */
function parseOptions(header: string): Record<string, string> {
  return Object.fromEntries(
    header
      .toLowerCase()
      .split(/[;,]/)
      .map((option) => option.split('=').map((part) => part.trim()))
      .filter(([name]) => name !== '')
      .map(([name = '', value = '']) => [name, value]),
  );
}
