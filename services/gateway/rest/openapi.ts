import { dryRunQuery, PROBLEMS, SCOPES, type ProblemCode } from '@florin/contracts';
import { isAttempt } from './count-request.ts';
import { jsonSchemaOf, namedSchemas, type JsonSchema } from './json-schemas.ts';
import type { AnswerPlan, Route } from './route.ts';

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description?: string;
  schema: JsonSchema;
  style?: 'deepObject';
  explode?: boolean;
}

interface Response {
  description: string;
  content?: Record<string, { schema: JsonSchema }>;
}

export interface Operation {
  tags: string[];
  summary: string;
  description?: string;
  operationId: string;
  security: Record<string, string[]>[];
  parameters: Parameter[];
  requestBody?: { required: boolean; content: Record<string, { schema: JsonSchema }> };
  responses: Record<string, Response>;
}

export interface OpenApi {
  openapi: '3.1.0';
  info: { title: string; version: string; description: string; license: JsonSchema };
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, JsonSchema>; securitySchemes: JsonSchema };
}

export const templateOf = (path: string): string => path.replace(/:([a-zA-Z]+)/g, '{$1}');

const header = (name: string, required: boolean, description: string): Parameter => ({
  name,
  in: 'header',
  required,
  description,
  schema: { type: 'string' },
});

const CONTEXT_HEADERS = [
  header(
    'X-Device-Id',
    false,
    'What the device calls itself, the same each time: 1 to 200 visible ASCII characters. It is ' +
      'kept as a keyed hash. Payments from a device that the wallet knows are less often held.',
  ),
  header(
    'X-Geo',
    false,
    'Where the person is: country, latitude, longitude (`DE,52.52,13.40`) or the country alone. ' +
      'From machine clients, which know their users; not believed from anybody else.',
  ),
];

function queryParameters(route: Route): Parameter[] {
  const query = route.query ?? (route.simulates === true ? dryRunQuery : undefined);
  if (query === undefined) return [];
  const { properties = {}, required = [] } = jsonSchemaOf(query, 'input') as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
    ...(schema['type'] === 'object' ? { style: 'deepObject', explode: true } : {}),
  }));
}

function parametersOf(route: Route): Parameter[] {
  const names = [...route.path.matchAll(/:([a-zA-Z]+)/g)].map(([, name]) => name ?? '');
  const inPath = names.map((name): Parameter => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const headers = [
    ...(route.idempotencyKey === undefined
      ? []
      : [
          header(
            'Idempotency-Key',
            route.idempotencyKey === 'required',
            'Names this request for ever: sending it again answers the same.',
          ),
        ]),
    ...(route.waits === true
      ? [header('Prefer', false, 'wait=<seconds> (5 unless given, at most 60) or respond-async')]
      : []),
    ...(route.scored === true ? CONTEXT_HEADERS : []),
    ...(route.signed === undefined
      ? []
      : [header(route.signed.header, true, 'What the body was signed with')]),
  ];
  return [...inPath, ...queryParameters(route), ...headers];
}

/** What any call of this shape may be answered, besides the route's own problems. */
function problemsOf(route: Route): ProblemCode[] {
  const codes: ProblemCode[] = [...(route.problems ?? []), 'internal', 'overloaded'];
  if (route.access !== 'public' || isAttempt(route)) codes.push('rate-limited');
  if (route.access !== 'public') codes.push('unauthenticated', 'forbidden');
  if (route.body !== undefined || route.lines !== undefined) {
    codes.push('validation-failed', 'payload-too-large');
    if (route.signed === undefined) codes.push('unsupported-media-type');
  }
  if (route.query !== undefined) codes.push('validation-failed');
  if (route.idempotencyKey === 'required') codes.push('idempotency-key-required');
  if (route.idempotencyKey !== undefined) {
    codes.push('idempotency-request-in-flight', 'idempotency-key-reused');
  }
  return [...new Set(codes)];
}

const responseOf = ({ description, schema, contentType }: AnswerPlan): Response => ({
  description,
  ...(schema === undefined && contentType === undefined
    ? {}
    : {
        content: {
          [contentType ?? 'application/json']: {
            schema: schema === undefined ? {} : jsonSchemaOf(schema, 'output'),
          },
        },
      }),
});

function responsesOf(route: Route): Record<string, Response> {
  const refused = Map.groupBy(problemsOf(route), (code) => PROBLEMS[code].status);
  const problems = [...refused].map(([status, codes]): [string, Response] => [
    String(status),
    {
      description: codes.map((code) => `\`${code}\``).join(', '),
      content: {
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      },
    },
  ]);
  const answers = Object.entries(route.answers).map(([status, plan]): [string, Response] => [
    status,
    responseOf(plan),
  ]);
  return Object.fromEntries([...problems, ...answers]);
}

const securityOf = ({ access }: Route): Record<string, string[]>[] => {
  if (access === 'public') return [];
  if (access === 'person') return [{ bearer: [] }];
  return [{ bearer: [] }, ...access.split('|').map((scope) => ({ machine: [scope] }))];
};

function bodyOf(route: Route): Pick<Operation, 'requestBody'> {
  if (route.lines !== undefined) {
    const schema = jsonSchemaOf(route.lines, 'input');
    return { requestBody: { required: true, content: { 'application/x-ndjson': { schema } } } };
  }
  if (route.body === undefined) return {};
  if (route.signed !== undefined) {
    return { requestBody: { required: true, content: { 'application/json': { schema: {} } } } };
  }
  const schema = jsonSchemaOf(route.body, 'input');
  if (route.uploadBytesMax !== undefined) {
    return { requestBody: { required: true, content: { 'multipart/form-data': { schema } } } };
  }
  const form = route.acceptsForm ? { 'application/x-www-form-urlencoded': { schema } } : {};
  const required = route.bodyOptional !== true;
  return { requestBody: { required, content: { 'application/json': { schema }, ...form } } };
}

/** `POST /v1/wallets/:id/freeze` is postWalletsIdFreeze. */
const operationIdOf = ({ method, path }: Route): string =>
  method.toLowerCase() +
  path
    .replace(/^\/v1/, '')
    .replace(/[^a-zA-Z]+(.)?/g, (_, next: string | undefined) => (next ?? '').toUpperCase());

const operationOf = (route: Route): Operation => ({
  tags: [route.tag],
  summary: route.summary,
  ...(route.description === undefined ? {} : { description: route.description }),
  operationId: operationIdOf(route),
  security: securityOf(route),
  parameters: parametersOf(route),
  ...bodyOf(route),
  responses: responsesOf(route),
});

const SECURITY_SCHEMES = {
  bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
  machine: {
    type: 'oauth2',
    flows: {
      clientCredentials: {
        tokenUrl: '/oauth/token',
        scopes: Object.fromEntries(SCOPES.map((scope) => [scope, scope])),
      },
    },
  },
};

const DESCRIPTION =
  'Amounts are minor units as strings of digits ("2500" = 25.00 USD), times RFC 3339 in UTC, ids ' +
  'opaque. Errors are problem+json with a stable code. Payments need an Idempotency-Key and are ' +
  'answered when they are final.';

/** Describes a route table as OpenAPI 3.1, from the same schemas that validate. */
export function describeRoutes(routes: readonly Route[]): OpenApi {
  const byPath = Map.groupBy(routes, ({ path }) => templateOf(path));
  const paths = [...byPath].map(([path, group]) => [
    path,
    Object.fromEntries(group.map((route) => [route.method.toLowerCase(), operationOf(route)])),
  ]);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Florin',
      version: '1',
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths: Object.fromEntries(paths),
    components: { schemas: namedSchemas(), securitySchemes: SECURITY_SCHEMES },
  };
}
