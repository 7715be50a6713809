import { z } from 'zod';
import { cancelDeploy, findDeploy, startDeploy, startQuickDeploy } from '../metadata/deploy';
import type { DeployJob, DeployOptions } from '../metadata/deploy-job';
import { deployResult } from '../metadata/deploy-result';
import { apiError, methodNotAllowed, notFound } from './api-error';
import type { ApiContext, ApiRequest, ApiResponse } from './api-request';
import { readMultipart } from './multipart';

const deployOptions = z.looseObject({
  checkOnly: z.boolean().default(false),
  rollbackOnError: z.boolean().default(false),
  singlePackage: z.boolean().default(false),
  ignoreWarnings: z.boolean().default(false),
  purgeOnDelete: z.boolean().default(false),
  testLevel: z.string().nullable().default(null),
});

/**
 * `POST /metadata/deployRequest`, and `GET | PATCH` of one by its id.
 *
 * @see Metadata API Developer Guide, "Deploying with REST"
 */
export function deployResource(context: ApiContext, request: ApiRequest): ApiResponse {
  const { segments, method } = request;
  const [, resource, id, ...rest] = segments;
  if (resource !== 'deployRequest' || rest.length > 0) throw notFound();
  if (id === undefined) {
    if (method !== 'POST') throw methodNotAllowed(method, ['POST']);
    return { status: 201, body: answerOf(context, create(context, request), false) };
  }
  if (method === 'GET') {
    const hasDetails = request.query.get('includeDetails') === 'true';
    return { status: 200, body: answerOf(context, findDeploy(context.org, id), hasDetails) };
  }
  if (method !== 'PATCH') throw methodNotAllowed(method, ['GET', 'HEAD', 'PATCH']);
  const asked = z.object({ deployResult: z.object({ status: z.literal('Canceling') }) }).safeParse(request.body);
  if (!asked.success) throw apiError(400, 'INVALID_INPUT', 'Only deployResult.status "Canceling" can be asked for');
  return { status: 202, body: answerOf(context, cancelDeploy(context.org, context.userId, id), false) };
}

function create(context: ApiContext, request: ApiRequest): DeployJob {
  const { org, userId } = context;
  const quick = z.object({ validatedDeployRequestId: z.string() }).safeParse(request.body);
  if (quick.success) return startQuickDeploy(org, userId, quick.data.validatedDeployRequestId);
  const parts = readMultipart(request.headers['content-type'], request.bodyBytes);
  const [zip, json] = ['file', 'entity_content'].map((name) => parts.find((part) => part.name === name)?.content);
  if (!zip || !json) {
    throw apiError(400, 'INVALID_MULTIPART_REQUEST', 'The request needs the parts "file" (a zip) and "entity_content"');
  }
  return startDeploy(org, userId, zip, optionsOf(json));
}

function optionsOf(json: Uint8Array): DeployOptions {
  try {
    const { deployOptions: options = {} } = JSON.parse(new TextDecoder().decode(json)) as { deployOptions?: unknown };
    return deployOptions.parse(options);
  } catch {
    throw apiError(400, 'JSON_PARSER_ERROR', 'The part "entity_content" holds no deployOptions');
  }
}

function answerOf({ org }: ApiContext, job: DeployJob, hasDetails: boolean): Record<string, unknown> {
  return {
    id: job.id,
    validatedDeployRequestId: null,
    deployOptions: job.options,
    deployResult: deployResult(org, job, hasDetails),
  };
}
