import { parseSoql } from '../soql/parse';
import { malformedQuery, noSuchColumn, noSuchObject } from '../soql/query-error';
import { methodNotAllowed } from './api-error';
import type { ApiContext, ApiRequest, ApiResponse } from './api-request';

/**
 * `GET /tooling/query`, of which the emulator knows one object: the packages that are installed. It takes the user
 * permission View Setup and Configuration; for others the object is not there. A WHERE clause is not understood.
 *
 * @see Tooling API, InstalledSubscriberPackage
 */
export function toolingQuery({ org, access }: ApiContext, { method, query }: ApiRequest): ApiResponse {
  if (method !== 'GET') throw methodNotAllowed(method, ['GET', 'HEAD']);
  const soql = query.get('q') ?? '';
  const statement = parseSoql(soql);
  const sobject = statement.sObject ?? '';
  if (sobject !== 'InstalledSubscriberPackage' || !access.has('ViewSetup')) throw noSuchObject(soql, sobject);
  if (statement.where) throw malformedQuery('The emulator answers this object without WHERE only');
  const paths = (statement.fields ?? []).map((column) => {
    if (column.type === 'Field') return [column.field];
    if (column.type === 'FieldRelationship') return [...column.relationships, column.field];
    throw malformedQuery('The emulator answers plain fields of this object only');
  });
  const records = org.settings.installedPackages.map((installed) => {
    const record = recordOf(installed);
    const attributes = { type: sobject };
    return paths.reduce<Record<string, unknown>>(
      (row, path) => {
        const [first = '', second] = path;
        const value = record[first];
        if (second === undefined || typeof value !== 'object' || value === null || !(second in value)) {
          throw noSuchColumn(soql, path.join('.'), path.at(-1) ?? '', sobject);
        }
        row[first] = { ...(row[first] as object | undefined), [second]: value[second] };
        return row;
      },
      { attributes },
    );
  });
  return { status: 200, body: { size: records.length, totalSize: records.length, done: true, records } };
}

function recordOf({
  name,
  namespace,
  version,
}: ApiContext['org']['settings']['installedPackages'][number]): Record<string, Record<string, unknown>> {
  const [major, minor, patch, build] = version.split('.').map(Number);
  return {
    SubscriberPackage: { Name: name, NamespacePrefix: namespace },
    SubscriberPackageVersion: {
      Name: `ver ${major}.${minor}`,
      MajorVersion: major,
      MinorVersion: minor,
      PatchVersion: patch,
      BuildNumber: build,
    },
  };
}
