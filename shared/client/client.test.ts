import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, test } from 'vitest';
import {
  createFlorinClient,
  createTokenKeeper,
  FlorinProblem,
  Unreachable,
  verifyWebhook,
} from './mod.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A server of the API that does what the test says, and what it was asked. */
async function serve(handle: Handler) {
  const asked: { method: string; url: string; key: string | undefined; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      asked.push({ method, url, key: headers['idempotency-key'] as string | undefined, body });
      handle(request, response, body);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const client = createFlorinClient({ baseUrl, credentials: { accessToken: 'token' } });
  return { asked, baseUrl, client };
}

function answer(response: ServerResponse, status: number, content: object, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(content));
}

const problem = (status: number, code: string) => ({ status, code, detail: 'because', title: '' });
const transfer = { body: { fromWalletId: 'a', toWalletId: 'b', amount: '1' } };

describe('hunts a payment that is made twice', () => {
  test('all attempts of one call carry one key; two calls carry two', async () => {
    let calls = 0;
    const { asked, client } = await serve((request, response) => {
      calls++;
      if (calls === 1) request.socket.destroy();
      else if (calls === 2) answer(response, 503, problem(503, 'overloaded'), { 'retry-after': 0 });
      else if (calls === 3) answer(response, 409, problem(409, 'idempotency-request-in-flight'));
      else answer(response, 201, { id: 't1', status: 'completed' });
    });
    expect(await client.call('POST /v1/transfers', transfer)).toMatchObject({ id: 't1' });
    expect(asked).toHaveLength(4);
    expect(new Set(asked.map(({ key }) => key)).size).toBe(1);
    expect(asked[0]?.key).toMatch(/^[0-9a-f-]{36}$/);
    await client.call('POST /v1/transfers', transfer);
    expect(asked[4]?.key).not.toBe(asked[0]?.key);
  });

  test('an answer that breaks off is asked for again under the same key', async () => {
    let calls = 0;
    const { asked, client } = await serve((_, response) => {
      if (++calls > 1) return answer(response, 201, { id: 't1' });
      response.writeHead(201, { 'content-type': 'application/json', 'content-length': 100 });
      response.write('{"id":', () => response.destroy());
      return undefined;
    });
    expect(await client.call('POST /v1/transfers', transfer)).toMatchObject({ id: 't1' });
    expect(new Set(asked.map(({ key }) => key)).size).toBe(1);
  });

  test('a key that the caller gave is the one that is sent', async () => {
    const { asked, client } = await serve((_, response) => answer(response, 201, { id: 't1' }));
    await client.call('POST /v1/transfers', { ...transfer, idempotencyKey: 'order-1' });
    expect(asked[0]?.key).toBe('order-1');
  });

  test('what has no key is not repeated, whatever happens to it', async () => {
    const { asked, client } = await serve((request) => void request.socket.destroy());
    const closing = client.call('POST /v1/wallets/{id}/freeze', { path: { id: 'w' } });
    await expect(closing).rejects.toBeInstanceOf(Unreachable);
    expect(asked).toHaveLength(1);
  });

  test('a refusal is final: told at once, with its transaction', async () => {
    const refused = { ...problem(422, 'insufficient-funds'), transaction: { id: 't2' } };
    const { asked, client } = await serve((_, response) => answer(response, 422, refused));
    const fault: unknown = await client.call('POST /v1/transfers', transfer).catch((e) => e);
    expect(fault).toBeInstanceOf(FlorinProblem);
    expect(fault).toMatchObject({ code: 'insufficient-funds', status: 422 });
    expect((fault as FlorinProblem).problem.transaction?.id).toBe('t2');
    expect(asked).toHaveLength(1);
  });

  test('tries end: the last problem is told', async () => {
    const { asked, baseUrl } = await serve((_, response) =>
      answer(response, 503, problem(503, 'overloaded'), { 'retry-after': 0 }),
    );
    const credentials = { accessToken: 'token' };
    const client = createFlorinClient({ baseUrl, credentials, attemptsMax: 2 });
    const calling = client.call('POST /v1/transfers', transfer);
    await expect(calling).rejects.toMatchObject({ code: 'overloaded' });
    expect(asked).toHaveLength(2);
  });

  test.each([
    ['a bank that is away', 503, 'bank-unavailable', 0],
    ['a wait that is longer than anybody has', 429, 'rate-limited', 3600],
    ['a conflict that stays one', 409, 'changed-meanwhile', 0],
  ])('%s is told at once', async (_what, status, code, seconds) => {
    const { asked, client } = await serve((_, response) =>
      answer(response, status, problem(status, code), { 'retry-after': seconds }),
    );
    await expect(client.call('POST /v1/transfers', transfer)).rejects.toMatchObject({ code });
    expect(asked).toHaveLength(1);
  });

  test('whoever gives up hears of it as they said, and nothing is asked again', async () => {
    const stop = new AbortController();
    const { asked, client } = await serve(() => stop.abort(new Error('left the page')));
    const calling = client.call('POST /v1/transfers', { ...transfer, signal: stop.signal });
    await expect(calling).rejects.toThrow('left the page');
    expect(asked).toHaveLength(1);
  });

  test('a proxy that answers with a page is a problem, too', async () => {
    const { client } = await serve((_, response) => response.writeHead(404).end('<html>'));
    const calling = client.call('GET /v1/wallets/{id}', { path: { id: 'w' } });
    await expect(calling).rejects.toMatchObject({ code: 'unreadable-answer', status: 404 });
  });
});

describe('hunts addresses and pages that are put together wrongly', () => {
  test('names in paths are escaped, metadata is written as the API reads it', async () => {
    const { asked, client } = await serve((_, response) => answer(response, 200, { items: [] }));
    await client.call('GET /v1/wallets/{id}', { path: { id: 'a/b?c' } });
    const query = { metadata: { order: 'a&b' }, limit: '5' };
    await client.call('GET /v1/transactions', { query });
    expect(asked.map(({ url }) => url)).toEqual([
      '/v1/wallets/a%2Fb%3Fc',
      '/v1/transactions?metadata%5Border%5D=a%26b&limit=5',
    ]);
  });

  test('numbers are written, and what is undefined is not asked for', async () => {
    const { asked, client } = await serve((_, response) => answer(response, 200, { items: [] }));
    await client.call('GET /v1/wallets', { query: { limit: 5, cursor: undefined } });
    await client.call('POST /v1/wallets', { body: { currency: 'EUR', name: undefined } });
    expect(asked.map(({ url, body }) => `${url} ${body}`)).toEqual([
      '/v1/wallets?limit=5 ',
      '/v1/wallets {"currency":"EUR"}',
    ]);
  });

  test('files go and come as they are', async () => {
    let type: string | undefined;
    const { asked, client } = await serve((request, response) => {
      type = request.headers['content-type'];
      answer(response, 200, { of: request.url });
    });
    const lines = new Blob(['{"a":1}\n'], { type: 'application/x-ndjson' });
    await client.call('POST /v1/bulk-files', { body: lines });
    expect([type, asked[0]?.body]).toEqual(['application/x-ndjson', '{"a":1}\n']);
    const file = await client.file('GET /v1/wallets/{id}/statement', { path: { id: 'w' } });
    expect(await file.text()).toBe('{"of":"/v1/wallets/w/statement"}');
  });

  test('every request says what the caller wants said; one call may go its own way', async () => {
    const seen: string[] = [];
    const fetch =
      (way: string) =>
      async (address: string, { headers }: RequestInit): Promise<Response> => {
        seen.push(`${way} ${address} ${new Headers(headers).get('x-device-id')}`);
        return Response.json({ items: [] });
      };
    const client = createFlorinClient({
      baseUrl: '',
      headers: { 'x-device-id': 'phone' },
      fetch: fetch('usual'),
    });
    await client.call('GET /v1/wallets');
    await client.call('GET /v1/wallets', { fetch: fetch('own') });
    await client.request('GET /elsewhere/{id}', { path: { id: 'x' } });
    expect(seen).toEqual([
      'usual /v1/wallets phone',
      'own /v1/wallets phone',
      'usual /elsewhere/x phone',
    ]);
  });

  test('a list is read to its end, page by page, over an empty page', async () => {
    const pages: Record<string, object> = {
      '/v1/wallets': { items: [1, 2], nextCursor: 'x' },
      '/v1/wallets?cursor=x': { items: [], nextCursor: 'y' },
      '/v1/wallets?cursor=y': { items: [3], nextCursor: null },
    };
    const { client } = await serve(({ url = '' }, response) =>
      answer(response, 200, pages[url] ?? {}),
    );
    const found: unknown[] = [];
    for await (const wallet of client.items('GET /v1/wallets', {})) found.push(wallet);
    expect(found).toEqual([1, 2, 3]);
  });

  test('a transaction that is pending is asked for until it is not', async () => {
    let asked = 0;
    const { client } = await serve((_, response) =>
      answer(response, 200, { id: 't', status: ++asked < 3 ? 'pending' : 'completed' }),
    );
    const pending = { id: 't', status: 'pending' } as never;
    expect(await client.settled(pending)).toMatchObject({ status: 'completed' });
    const impatient = await client.settled({ id: 't', status: 'pending' } as never, {
      timeoutMs: 0,
    });
    expect(impatient.status).toBe('pending');
  });
});

describe('hunts tokens that are asked for too often, or used when they are dead', () => {
  test('one token for many calls; a new one after a 401, for the same request', async () => {
    let issued = 0;
    const { asked, baseUrl } = await serve((request, response) => {
      if (request.url === '/oauth/token') {
        issued++;
        return answer(response, 200, { access_token: `token-${issued}`, expires_in: 300 });
      }
      const alive = request.headers.authorization === 'Bearer token-2';
      if (alive) return answer(response, 201, { id: 't' });
      return answer(response, 401, problem(401, 'unauthenticated'));
    });
    const credentials = { clientId: 'me', clientSecret: 'secret' };
    const client = createFlorinClient({ baseUrl, credentials });
    await Promise.all([1, 2, 3].map(() => client.call('POST /v1/transfers', transfer)));
    expect(issued).toBe(2);
    expect(asked.filter(({ url }) => url === '/v1/transfers')).toHaveLength(6);
  });

  test('of nobody no token is sent, of somebody the one of now', async () => {
    const seen: (string | undefined)[] = [];
    const { baseUrl } = await serve((request, response) => {
      seen.push(request.headers.authorization);
      answer(response, 200, { items: [] });
    });
    const tokens = createTokenKeeper(async () => undefined);
    const client = createFlorinClient({ baseUrl, credentials: { tokens } });
    await client.call('GET /v1/wallets');
    tokens.keep({ accessToken: 'mine', expiresIn: 60 });
    await client.call('GET /v1/wallets');
    expect(seen).toEqual([undefined, 'Bearer mine']);
  });

  test.each([
    ['unauthenticated', 2],
    // About a password or a code: it ends no session.
    ['invalid-credentials', 1],
    ['step-up-required', 1],
  ])('a 401 with %s asks for %i tokens', async (code, wanted) => {
    const { asked, baseUrl } = await serve((_, response) =>
      answer(response, 401, problem(401, code)),
    );
    let issued = 0;
    const tokens = createTokenKeeper(async () => ({ accessToken: `${++issued}`, expiresIn: 60 }));
    const client = createFlorinClient({ baseUrl, credentials: { tokens } });
    await expect(client.call('GET /v1/me')).rejects.toMatchObject({ code });
    expect([issued, asked.length]).toEqual([wanted, wanted]);
  });

  test('credentials that are wrong are told, not tried for ever', async () => {
    const { baseUrl } = await serve((_, response) =>
      answer(response, 401, problem(401, 'unauthenticated')),
    );
    const client = createFlorinClient({
      baseUrl,
      credentials: { clientId: 'me', clientSecret: 'wrong' },
    });
    const calling = client.call('POST /v1/transfers', transfer);
    await expect(calling).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

describe('hunts events that are missed or told twice', () => {
  test('it goes on behind the last event; after a reset from now on', async () => {
    const streams = [
      'id: 1\nevent: a\ndata: {"n":1}\n\nid: 2\nevent: a\ndata: {"n":2}\n\n',
      'id: 3\nevent: b\ndata: {"n":3}\n\nid\nevent: reset\ndata: {}\n\n',
      'id: 9\nevent: c\ndata: {"n":9}\n\n',
    ];
    const { asked, client } = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(streams.shift() ?? '');
    });
    const stop = new AbortController();
    const heard: (string | undefined)[] = [];
    for await (const { name, id } of client.events({ signal: stop.signal })) {
      heard.push(`${name} ${id ?? '-'}`);
      if (heard.length === 5) stop.abort();
    }
    expect(heard).toEqual(['a 1', 'a 2', 'b 3', 'reset -', 'c 9']);
    expect(asked.slice(0, 3).map(({ url }) => url)).toEqual([
      '/v1/events',
      '/v1/events?after=2',
      '/v1/events',
    ]);
  });

  test('a no ends it', async () => {
    const { client } = await serve((_, response) =>
      answer(response, 403, problem(403, 'forbidden')),
    );
    await expect(client.events({ scope: 'all' }).next()).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});

describe('hunts deliveries that somebody else has written', () => {
  const secret = `whsec_${Buffer.from('a secret of the webhook').toString('base64')}`;
  const body = JSON.stringify({ type: 'test', timestamp: '2026-01-01T00:00:00Z', data: {} });
  const signed = (at: Date) => ({
    'webhook-id': 'm1',
    'webhook-timestamp': `${Math.floor(at.getTime() / 1000)}`,
    'webhook-signature': new Webhook(secret).sign('m1', at, body),
  });

  test('a true one is read; a changed, an old and a foreign one are not', () => {
    const now = new Date();
    expect(verifyWebhook(secret, signed(now), body)).toMatchObject({ type: 'test' });
    expect(() => verifyWebhook(secret, signed(now), body.replace('test', 'tess'))).toThrow(
      'No matching signature',
    );
    const old = new Date(now.getTime() - 3_600_000);
    expect(() => verifyWebhook(secret, signed(old), body)).toThrow('too old');
    const other = `whsec_${Buffer.from('another secret').toString('base64')}`;
    expect(() => verifyWebhook(other, signed(now), body)).toThrow('No matching signature');
  });
});
