import { bru, type BruRequest } from './bru-language.ts';
import { createExampleOf, type Schema } from './example-of.ts';
import { FIRST_PAYMENT, type WalkStep } from './first-payment.ts';

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema: Schema;
}

interface Operation {
  tags: readonly string[];
  summary: string;
  description?: string;
  security: readonly Readonly<Record<string, readonly string[]>>[];
  parameters?: readonly Parameter[];
  requestBody?: { content: Readonly<Record<string, { schema: Schema }>> };
  responses: Readonly<Record<string, unknown>>;
}

/** As much of OpenAPI as a collection is made from. */
export interface CollectionSource {
  info: { title: string };
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  components: { schemas: Readonly<Record<string, Schema>> };
}

const WALK = 'A first payment';
/** What ends sessions and accounts comes after everything else. */
const LAST = ['Profile', 'Sign in'];
const LAST_OF_ALL = 'DELETE /v1/me';

/** Which variable of the walk names a thing, by the collection that it is in. */
const ID_OF: Record<string, string> = {
  wallets: '{{walletId}}',
  transactions: '{{transactionId}}',
  holds: '{{holdId}}',
  users: '{{userId}}',
};
const SOME_ID = '0192f0c1-7a4b-7cc3-98c4-dc0c0c07398f';

const HEAD = [
  'Made from `docs/openapi.json` by `npm run gen`. Run the folder “A first payment” first: it',
  'fills the variables that all other requests use. `npm run collection` runs all of it against',
  'the platform of `npm start`.',
].join('\n');

const ENVIRONMENT = [
  { name: 'baseUrl', value: 'http://127.0.0.1:8080' },
  { name: 'password', value: 'correct-horse-battery-staple' },
  { name: 'operatorEmail', value: 'operator@florin.dev' },
  { name: 'clientId', value: 'florin-dev' },
  { name: 'operatorPassword', value: '', secret: true },
  { name: 'clientSecret', value: '', secret: true },
];

const pair = (name: string, value: string) => ({ name, value, enabled: true });
const pairs = (entries: Readonly<Record<string, string>>) =>
  Object.entries(entries).map(([name, value]) => pair(name, value));

/** `/v1/wallets/{id}` as Bruno writes it. */
const urlOf = (path: string): string => `{{baseUrl}}${path.replaceAll(/\{(\w+)\}/g, ':$1')}`;

const kebab = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

/** Of an operation: it stays the same whatever is said about it. */
const fileOf = (method: string, path: string): string => kebab(`${method} ${path.slice(1)}`);

function authOf(token: string | undefined): Pick<BruRequest, 'auth'> {
  return token === undefined ? {} : { auth: { bearer: { token: `{{${token}}}` } } };
}

function walkRequest(step: WalkStep, seq: number): BruRequest {
  const [method = '', path = ''] = step.operation.split(' ');
  const { params = {}, query = {}, headers = {}, takes = {} } = step;
  const search = new URLSearchParams(query).toString();
  return {
    meta: { name: step.name, type: 'http', seq },
    http: {
      method: method.toLowerCase(),
      url: urlOf(path) + (search === '' ? '' : `?${search}`),
      body: step.body === undefined ? 'none' : 'json',
      auth: step.as === undefined ? 'none' : 'bearer',
    },
    params: [
      ...pairs(query).map((one) => ({ ...one, type: 'query' as const })),
      ...pairs(params).map((one) => ({ ...one, type: 'path' as const })),
    ],
    headers: pairs(headers),
    ...authOf(step.as),
    ...(step.body !== undefined && { body: { json: JSON.stringify(step.body, null, 2) } }),
    vars: { res: pairs(takes).map((one) => ({ ...one, local: false })) },
    assertions: pairs(step.asserts),
  };
}

/** Makes the request of an operation: an example of each thing that must be said. */
function createReferenceRequest(exampleOf: ReturnType<typeof createExampleOf>) {
  function bodyOf(operation: Operation): Pick<BruRequest, 'body'> & { kind: string } {
    const [type, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
    if (type === undefined || content === undefined) return { kind: 'none' };
    const example = exampleOf(content.schema) as Record<string, unknown>;
    if (type === 'multipart/form-data') {
      const fields = Object.entries(example).map(([name, value]) =>
        name === 'file'
          ? { name, type: 'file' as const, value: ['document.txt'], enabled: true }
          : { name, type: 'text' as const, value: String(value), enabled: true },
      );
      return { kind: 'multipartForm', body: { multipartForm: fields } };
    }
    if (type !== 'application/json') {
      return { kind: 'text', body: { text: JSON.stringify(example) } };
    }
    return { kind: 'json', body: { json: JSON.stringify(example, null, 2) } };
  }

  function tokenOf({ security }: Operation): string | undefined {
    if (security.length === 0) return undefined;
    const scopes = security.flatMap((way) => way['machine'] ?? []);
    return scopes.length === 1 && scopes[0] === 'admin' ? 'operatorToken' : 'accessToken';
  }

  function parameterOf(path: string, { name, in: place, schema }: Parameter) {
    const [, collection = ''] = /\/(\w[\w-]*)\/\{\w+\}/.exec(path) ?? [];
    if (place === 'path') return pair(name, ID_OF[collection] ?? SOME_ID);
    if (name === 'Idempotency-Key') return pair(name, '{{$guid}}');
    return pair(name, String(exampleOf(schema, name)));
  }

  return function referenceRequest(
    method: string,
    path: string,
    operation: Operation,
    seq: number,
  ): BruRequest {
    const needed = (operation.parameters ?? []).filter(
      (one) => one.in === 'path' || one.required === true,
    );
    const of = (place: string) =>
      needed.filter((one) => one.in === place).map((one) => parameterOf(path, one));
    const { kind, body } = bodyOf(operation);
    const token = tokenOf(operation);
    const query = of('query');
    const search = query.map(({ name, value }) => `${name}=${value}`).join('&');
    const statuses = Object.keys(operation.responses).filter((status) => status < '500');
    return {
      meta: { name: operation.summary, type: 'http', seq },
      http: {
        method: method.toLowerCase(),
        url: urlOf(path) + (search === '' ? '' : `?${search}`),
        body: kind,
        auth: token === undefined ? 'none' : 'bearer',
      },
      params: [
        ...query.map((one) => ({ ...one, type: 'query' as const })),
        ...of('path').map((one) => ({ ...one, type: 'path' as const })),
      ],
      headers: [
        ...of('header'),
        ...(kind === 'text' ? [pair('Content-Type', 'application/x-ndjson')] : []),
      ],
      ...authOf(token),
      ...(body !== undefined && { body }),
      assertions: [
        pair('res.status', `in [${statuses.join(', ')}]`),
        pair('res.headers.x-request-id', 'isDefined'),
      ],
      docs: docsOf(method, path, operation),
    };
  };
}

function docsOf(method: string, path: string, operation: Operation): string {
  const optional = (operation.parameters ?? []).filter(({ required }) => required !== true);
  return [
    `${method} ${path}`,
    ...(operation.description === undefined ? [] : [operation.description]),
    ...optional.map(({ name, in: place }) => `${place}: ${name}`),
  ].join('\n');
}

const orderOf = (tag: string): number => (LAST.includes(tag) ? 1 : 0);

/**
 * The files of the collection by their path in it: a folder that is walked first, then one for each
 * tag with a request for each operation.
 */
export function collectionFiles(source: CollectionSource): Map<string, string> {
  const referenceRequest = createReferenceRequest(createExampleOf(source.components.schemas));
  const operations = Object.entries(source.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([name, operation]) => {
      const method = name.toUpperCase();
      return { method, path, operation, isLast: `${method} ${path}` === LAST_OF_ALL };
    }),
  );
  const byTag = Map.groupBy(operations, ({ operation }) => operation.tags[0] ?? 'Other');
  const tags = [...byTag.keys()].toSorted((a, b) => orderOf(a) - orderOf(b));
  const { title } = source.info;
  const files = new Map([
    [
      'bruno.json',
      `${JSON.stringify({ version: '1', name: title, type: 'collection' }, null, 2)}\n`,
    ],
    ['collection.bru', bru.jsonToCollectionBru({ meta: { name: title }, docs: HEAD })],
    ['environments/local.bru', bru.envJsonToBruV2({ variables: ENVIRONMENT.map(enabled) })],
    ['document.txt', 'What somebody would upload.\n'],
  ]);
  const folder = (name: string, seq: number, requests: [string, BruRequest][]): void => {
    files.set(`${kebab(name)}/folder.bru`, bru.jsonToCollectionBru({ meta: { name, seq } }));
    for (const [file, request] of requests) {
      files.set(`${kebab(name)}/${file}.bru`, bru.jsonToBruV2(request));
    }
  };
  const walk = FIRST_PAYMENT.map((step, at): [string, BruRequest] => [
    kebab(step.name),
    walkRequest(step, at + 1),
  ]);
  folder(WALK, 1, walk);
  for (const [at, tag] of tags.entries()) {
    const own = (byTag.get(tag) ?? []).toSorted((a, b) => Number(a.isLast) - Number(b.isLast));
    const requests = own.map(({ method, path, operation }, place): [string, BruRequest] => [
      fileOf(method, path),
      referenceRequest(method, path, operation, place + 1),
    ]);
    folder(tag, at + 2, requests);
  }
  return files;
}

const enabled = (variable: (typeof ENVIRONMENT)[number]) => ({ ...variable, enabled: true });
