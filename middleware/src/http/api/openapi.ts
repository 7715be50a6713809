import { z } from 'zod';
import { ORDERS } from '../../admin/orders/orders';
import type { Order } from '../../admin/orders/order';
import { paramsOf, ROUTES, type ApiRoute } from './routes';

type Schema = Record<string, unknown> & { properties?: Record<string, Schema>; required?: string[] };

const PROBLEM = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string().describe('What to tell refusals apart by.'),
  detail: z.string().describe('What is wrong and what to do, in plain words.'),
  errors: z
    .array(z.strictObject({ field: z.string(), error: z.string() }))
    .optional()
    .describe('Every fault of the request, by field.'),
});

/** The OpenAPI 3.1 document of the API: made of the very shapes that requests are checked by. */
export function openApiDocument(): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of ROUTES) {
    paths[route.path] ??= {};
    Object.assign(paths[route.path] ?? {}, { [route.method]: operation(route) });
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Booking Connector for Salesforce',
      version: '1',
      description:
        'Everything that an admin can ask of the connector or tell it. Programs send a token, made by ' +
        '"booking-connector token create"; a signed-in person\'s cookie counts too, and then whatever changes ' +
        'something carries x-csrf-token. Refusals are application/problem+json.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: '__Host-booking-connector' },
      },
      schemas: { Problem: toSchema(PROBLEM, 'output') },
    },
  };
}

function operation(route: ApiRoute): object {
  const { order, summary, status = 200 } = route;
  const { role, answer }: Order = ORDERS[order];
  const { parameters, body } = requestOf(route);
  return {
    operationId: order,
    summary,
    description: `For the role ${role} and those above it.`,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body === null ? {} : { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      [status]: { description: 'Done.', content: { 'application/json': { schema: toSchema(answer, 'output') } } },
      default: {
        description:
          'Refused: 401 nobody, 403 not allowed, 404 not there, 409 not as things are, 422 not valid, 429 too often, 502 Salesforce could not be asked.',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

/** Parts the arguments of the order by where the route takes them from. */
function requestOf({ method, path, order, fixed = {}, bodyAs }: ApiRoute): {
  parameters: object[];
  body: Schema | null;
} {
  const declared: Order = ORDERS[order];
  const { properties = {}, required = [], ...rest } = toSchema(declared.args, 'input');
  const inPath = paramsOf(path);
  const others = Object.keys(properties).filter((name) => !inPath.includes(name) && !(name in fixed));
  const parameter = (name: string, place: string): object => {
    const { description, ...schema } = properties[name] ?? {};
    return { name, in: place, required: required.includes(name), ...(description ? { description } : {}), schema };
  };
  const parameters = inPath.map((name) => parameter(name, 'path'));
  if (method === 'get')
    return { parameters: [...parameters, ...others.map((name) => parameter(name, 'query'))], body: null };
  if (bodyAs !== undefined) {
    const inQuery = others.filter((name) => name !== bodyAs.arg).map((name) => parameter(name, 'query'));
    return { parameters: [...parameters, ...inQuery], body: toSchema(bodyAs.shape, 'input') };
  }
  if (others.length === 0) return { parameters, body: null };
  return {
    parameters,
    body: {
      ...rest,
      properties: Object.fromEntries(others.map((name) => [name, properties[name] ?? {}])),
      required: required.filter((name) => others.includes(name)),
    },
  };
}

/** The JSON Schema of a shape. `format` says what an instant or an id looks like; zod's patterns for it fill pages. */
function toSchema(shape: z.ZodType, io: 'input' | 'output'): Schema {
  const schema = z.toJSONSchema(shape, {
    io,
    override: ({ jsonSchema }) => {
      if (jsonSchema.format === 'date-time' || jsonSchema.format === 'uuid') delete jsonSchema.pattern;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  }) as Schema;
  delete schema['$schema'];
  return schema;
}
