import { cancelDeploy, findDeploy, startDeploy, startQuickDeploy } from '../metadata/deploy';
import { isDone, type DeployJob } from '../metadata/deploy-job';
import { deployResult } from '../metadata/deploy-result';
import { describeMetadata, listMetadata } from '../metadata/describe';
import { findRetrieve, retrieveResult, startRetrieve } from '../metadata/retrieve';
import { apiError } from '../rest/api-error';
import type { ApiContext } from '../rest/api-request';
import { child, children, isTrue, text, type XmlElement } from '../xml/xml-element';
import type { SoapCall, SoapValue } from './envelope';

/**
 * Runs a call of the Metadata API and returns its result.
 *
 * @throws ApiError for what the API refuses, operations among them that the emulator does not have.
 * @see Metadata API Developer Guide, "File-Based Calls"
 */
export function metadataOperation(context: ApiContext, { operation, arguments: given }: SoapCall): SoapValue {
  const { org, userId, apiVersion } = context;
  switch (operation) {
    case 'deploy':
      return asyncResult(startDeploy(org, userId, zipOf(given), deployOptionsOf(given)));
    case 'deployRecentValidation':
      return startQuickDeploy(org, userId, text(given, 'validationId') ?? '').id;
    case 'checkDeployStatus': {
      const job = findDeploy(org, text(given, 'asyncProcessId') ?? text(given, 'id') ?? '');
      return deployResult(org, job, isTrue(given, 'includeDetails')) as SoapValue;
    }
    case 'cancelDeploy': {
      const job = cancelDeploy(org, userId, text(given, 'asyncProcessId') ?? text(given, 'String') ?? '');
      return { done: isDone(job), id: job.id };
    }
    case 'retrieve':
      return { done: false, id: startRetrieve(org, userId, manifestOf(given)).id, state: 'Queued' };
    case 'checkRetrieveStatus': {
      const id = text(given, 'asyncProcessId') ?? '';
      return retrieveResult(org, findRetrieve(org, id), text(given, 'includeZip') !== 'false');
    }
    case 'describeMetadata':
      return describeMetadata(org, userId);
    case 'listMetadata': {
      const queries = children(given, 'queries').map((query) => text(query, 'type') ?? '');
      return listMetadata(org, userId, queries);
    }
    default:
      throw apiError(
        500,
        'UNSUPPORTED_API_OPERATION',
        `The emulator does not have the operation ${operation} of the Metadata API ${apiVersion}`,
      );
  }
}

function asyncResult(job: DeployJob): SoapValue {
  return { done: false, id: job.id, state: 'Queued' };
}

/** The zip of a deployment. The Salesforce CLI writes the names of these elements with capitals. */
function zipOf(given: XmlElement): Uint8Array {
  const zip = text(given, 'ZipFile') ?? text(given, 'zipFile');
  if (zip === undefined) throw apiError(500, 'INVALID_OPERATION', 'ZipFile is required');
  return Buffer.from(zip, 'base64');
}

function deployOptionsOf(given: XmlElement): Parameters<typeof startDeploy>[3] {
  const options = child(given, 'DeployOptions') ?? child(given, 'deployOptions');
  return {
    checkOnly: isTrue(options, 'checkOnly'),
    rollbackOnError: isTrue(options, 'rollbackOnError'),
    singlePackage: isTrue(options, 'singlePackage'),
    ignoreWarnings: isTrue(options, 'ignoreWarnings'),
    purgeOnDelete: isTrue(options, 'purgeOnDelete'),
    testLevel: text(options, 'testLevel') ?? null,
  };
}

function manifestOf(given: XmlElement): Map<string, string[]> {
  const unpackaged = child(child(given, 'retrieveRequest') ?? child(given, 'request'), 'unpackaged');
  const members = children(unpackaged, 'types').map((types): [string, string[]] => [
    text(types, 'name') ?? '',
    children(types, 'members').map((member) => member.text),
  ]);
  return new Map(members);
}
