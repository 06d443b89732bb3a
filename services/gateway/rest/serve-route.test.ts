import { problem, type Problem } from '@florin/contracts';
import { ArchivedError, asClientId, RetryableError } from '@florin/kernel';
import { createLogger, createMetrics, listen, type HttpListener } from '@florin/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { refusal } from '../domain/refusal.ts';
import { createApp } from './create-app.ts';
import { createRequestNaming } from './request-id.ts';
import { route } from './route.ts';
import { createCounting } from './count-request.ts';
import { createRouteServer } from './serve-route.ts';

const answers = { 200: { description: 'fine' } };
const shared = { tag: 'Test', summary: 'A test', answers } as const;
const body = z.strictObject({ a: z.number().optional(), 'x/y~z': z.number().optional() });
const metadata = z.record(z.string(), z.string()).optional();

const routes = [
  route({
    ...shared,
    method: 'POST',
    path: '/echo',
    access: 'public',
    body: body.extend({ metadata }),
    query: z.strictObject({ limit: z.string().regex(/^\d+$/).optional() }),
    handle: (call) => ({ status: 200, body: call.body }),
  }),
  route({
    ...shared,
    method: 'POST',
    path: '/form',
    access: 'public',
    body: z.strictObject({ a: z.string() }),
    acceptsForm: true,
    handle: (call) => ({ status: 200, body: call.body }),
  }),
  route({
    ...shared,
    method: 'GET',
    path: '/things/:id',
    access: 'wallets:read',
    handle: ({ params, caller }) => ({ status: 200, body: { ...params, caller: caller.id } }),
  }),
  route({
    ...shared,
    method: 'GET',
    path: '/person',
    access: 'person',
    handle: () => ({ status: 204 }),
  }),
  route({
    ...shared,
    method: 'GET',
    path: '/broken',
    access: 'public',
    handle() {
      throw new TypeError('the password is hunter2');
    },
  }),
  route({
    ...shared,
    method: 'GET',
    path: '/away',
    access: 'public',
    handle: () => Promise.reject(new RetryableError('ledger at 10.0.0.7 is away')),
  }),
  route({
    ...shared,
    method: 'GET',
    path: '/archived',
    access: 'public',
    handle: () => Promise.reject(new ArchivedError('entries-2026-08.parquet is not there')),
  }),
  route({
    ...shared,
    method: 'GET',
    path: '/refused',
    access: 'public',
    handle: () => refusal('bank-unavailable', 'closed', { retryAfterSeconds: 7, replayed: true }),
  }),
];

const server = createRouteServer({
  startCounting: createCounting({
    limits: { take: async () => undefined, giveBack: async () => undefined },
    trustedProxies: 0,
  }),
  corsOf: () => [],
  readContext: () => ({ ok: true, value: {} }),
  readOrigin: () => ({}),
  authenticate: async (authorization) =>
    authorization === undefined
      ? { ok: false, error: refusal('unauthenticated', 'send a token') }
      : {
          ok: true,
          value: {
            id: asClientId('machine'),
            kind: 'machine',
            scopes: new Set(authorization.includes('reader') ? (['wallets:read'] as const) : []),
            roles: new Set(),
          },
        },
  nameRequest: createRequestNaming('gateway-1'),
  log: createLogger('test', 'silent'),
  metrics: createMetrics('test'),
  slowMs: 10_000,
  isStopping: () => false,
});

let door: HttpListener;
beforeAll(async () => {
  door = await listen(createApp(routes, server), { port: 0 });
});
afterAll(() => door.close(0));

async function send(method: string, path: string, init: RequestInit = {}) {
  const response = await fetch(door.url + path, { method, ...init });
  const text = await response.text();
  const content = text === '' ? undefined : (JSON.parse(text) as unknown);
  return { status: response.status, headers: response.headers, content };
}

const post = (path: string, text: string, type = 'application/json') =>
  send('POST', path, { body: text, headers: { 'content-type': type } });

/** Checks that an answer is a well-formed problem of that code. */
function expectProblem(
  { status, headers, content }: Awaited<ReturnType<typeof send>>,
  code: string,
  wanted: number,
): Problem {
  expect(headers.get('content-type')).toBe('application/problem+json');
  const read = problem.strict().parse(content);
  expect(read).toMatchObject({ code, status: wanted, type: `/docs#${code}` });
  expect(read.traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(status).toBe(wanted);
  return read;
}

describe('hunts hostile bodies that get through or get a wrong answer', () => {
  const CASES: [what: string, text: string, code: string, status: number, pointer?: string][] = [
    ['half an object', '{"a":', 'validation-failed', 400],
    ['nothing', '', 'validation-failed', 400],
    ['a list', '[]', 'validation-failed', 400, ''],
    ['a wrong type', '{"a":"1"}', 'validation-failed', 400, '/a'],
    ['an unknown member', '{"b":1}', 'validation-failed', 400, '/b'],
    ['a pointer to be escaped', '{"x/y~z":"1"}', 'validation-failed', 400, '/x~1y~0z'],
    ['a member called __proto__', '{"__proto__":{"a":1}}', 'validation-failed', 400, '/__proto__'],
    ['a megabyte and a byte', `"${'x'.repeat(1_048_575)}"`, 'payload-too-large', 413],
    ['depth', '['.repeat(200_000), 'validation-failed', 400],
  ];

  test.each(CASES)('%s', async (_, text, code, status, pointer) => {
    const { errors } = expectProblem(await post('/echo', text), code, status);
    expect(errors?.[0]?.pointer).toBe(pointer);
  });

  test('bytes that are no UTF-8', async () => {
    const answer = await send('POST', '/echo', {
      body: Buffer.from([0x22, 0xff, 0xfe, 0x22]),
      headers: { 'content-type': 'application/json' },
    });
    expectProblem(answer, 'validation-failed', 400);
  });

  test('a body that grows beyond the limit without having said so', async () => {
    const chunks = Array.from({ length: 40 }, () => Buffer.alloc(65_536, 0x20));
    const answer = await send('POST', '/echo', {
      body: ReadableStream.from(chunks),
      headers: { 'content-type': 'application/json' },
      duplex: 'half',
    });
    expectProblem(answer, 'payload-too-large', 413);
  });

  test('of two members of one name the last counts, and prototypes stay as they are', async () => {
    const text = '{"a":1,"a":2,"metadata":{"__proto__":"x","constructor":"y"}}';
    const { status, content } = await post('/echo', text);
    expect({ status, content }).toEqual({
      status: 200,
      content: { a: 2, metadata: { constructor: 'y' } },
    });
  });
});

describe('hunts content types that are guessed', () => {
  test.each([
    ['text/plain', 415],
    ['application/json; charset=latin1', 415],
    ['application/x-www-form-urlencoded', 415],
    ['application/json-patch+json', 415],
    ['application/json', 200],
    ['application/json; charset=utf-8', 200],
    ['Application/JSON;charset="UTF-8"', 200],
  ])('%s is answered with %i', async (type, status) => {
    expect(await post('/echo', '{}', type)).toMatchObject({ status });
  });

  test('compressed bodies are not taken', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const answer = await send('POST', '/echo', { body: '{}', headers });
    expectProblem(answer, 'unsupported-media-type', 415);
  });

  test('forms are taken where the route says so, and no field twice', async () => {
    const type = 'application/x-www-form-urlencoded';
    expect(await post('/form', 'a=x+y', type)).toMatchObject({ content: { a: 'x y' } });
    expectProblem(await post('/form', 'a=1&a=2', type), 'validation-failed', 400);
  });
});

describe('hunts queries that are ignored', () => {
  test.each([
    ['/echo?limit=x', 'limit'],
    ['/echo?offset=1', 'offset'],
    ['/echo?limit=1&limit=2', 'limit'],
  ])('%s', async (path, parameter) => {
    const { errors } = expectProblem(await post(path, '{}'), 'validation-failed', 400);
    expect(errors).toMatchObject([{ parameter }]);
  });

  test('a route without a query takes none', async () => {
    expectProblem(await send('GET', '/refused?x=1'), 'validation-failed', 400);
  });
});

describe('hunts callers who get further than they may', () => {
  const id = '0192f0c1-7a4b-7cc3-98c4-dc0c0c07398f';
  const as = (authorization: string) => ({ headers: { authorization } });

  test('nobody learns about things before saying who asks', async () => {
    const answer = await send('GET', '/things/no-id');
    expectProblem(answer, 'unauthenticated', 401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  test('the scope decides', async () => {
    expectProblem(await send('GET', `/things/${id}`, as('Bearer writer')), 'forbidden', 403);
    expect(await send('GET', `/things/${id}`, as('Bearer reader'))).toMatchObject({
      status: 200,
      content: { id, caller: 'machine' },
    });
  });

  test('what is for people is not for machines', async () => {
    expectProblem(await send('GET', '/person', as('Bearer reader')), 'forbidden', 403);
  });

  test.each(['/things/1', '/things/..%2f..', '/things/%zz', '/nowhere', '/ECHO', '/echo/'])(
    'there is nothing at %s',
    async (path) => {
      expectProblem(await send('GET', path, as('Bearer reader')), 'not-found', 404);
    },
  );
});

describe('hunts paths that answer other methods with a wrong status', () => {
  test('405 names what is allowed', async () => {
    const answer = await send('DELETE', '/refused');
    expectProblem(answer, 'method-not-allowed', 405);
    expect(answer.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });

  test('OPTIONS tells without doing', async () => {
    const answer = await send('OPTIONS', '/echo');
    expect(answer).toMatchObject({ status: 204, content: undefined });
    expect(answer.headers.get('allow')).toBe('POST, OPTIONS');
  });

  test('HEAD is GET without the body', async () => {
    const answer = await send('HEAD', '/refused');
    expect(answer).toMatchObject({ status: 503, content: undefined });
  });
});

describe('hunts faults that tell strangers how we are built', () => {
  test('an unknown fault is a code and a trace id', async () => {
    const answer = await send('GET', '/broken');
    expectProblem(answer, 'internal', 500);
    expect(JSON.stringify(answer.content)).not.toMatch(/hunter2|TypeError|\.ts/);
  });

  test('a neighbour that is away means: try again', async () => {
    const answer = await send('GET', '/away');
    expectProblem(answer, 'overloaded', 503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(JSON.stringify(answer.content)).not.toContain('10.0.0.7');
  });

  test('what lies in an archive that is not at hand is named', async () => {
    const answer = await send('GET', '/archived');
    expectProblem(answer, 'archived', 503);
    expect(answer.content).toMatchObject({ detail: 'entries-2026-08.parquet is not there' });
  });

  test('a refusal keeps its headers', async () => {
    const answer = await send('GET', '/refused');
    expectProblem(answer, 'bank-unavailable', 503);
    expect(answer.headers.get('retry-after')).toBe('7');
    expect(answer.headers.get('idempotency-replayed')).toBe('true');
  });
});

describe('hunts requests that can not be found in the logs', () => {
  test('the name that a client gives comes back', async () => {
    const headers = { 'x-request-id': 'order/42' };
    const answer = await send('GET', '/refused', { headers });
    expect(answer.headers.get('x-request-id')).toBe('order/42');
  });

  test.each(['x'.repeat(129), 'a b', '<script>'])('%s is replaced', async (name) => {
    const answer = await send('GET', '/refused', { headers: { 'x-request-id': name } });
    expect(answer.headers.get('x-request-id')).toMatch(/^gateway-1-[0-9a-z]+$/);
  });

  test('the trace of the caller is the trace of the problem', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
    expect(await send('GET', '/refused', { headers })).toMatchObject({ content: { traceId } });
  });
});

test('hunts a server without limits: what listen is given reaches the server', async () => {
  const limited = await listen((_, response) => response.end(), {
    port: 0,
    limits: { maxHeaderSize: 2_048 },
  });
  const answer = await fetch(limited.url, { headers: { big: 'x'.repeat(4_096) } });
  await limited.close(0);
  expect(answer.status).toBe(431);
});
