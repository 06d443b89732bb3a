import { createHash } from 'node:crypto';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@florin/kernel';
import { createLogger, createMetrics, listen, type HttpListener } from '@florin/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApiProxy } from '../server/api-proxy.ts';
import { compressFiles } from '../server/compress-files.ts';
import { createGatewaySessions } from '../server/gateway-sessions.ts';
import { createIsOperator } from '../server/is-operator.ts';
import { createRefreshOnce } from '../server/refresh-once.ts';
import { createWebServer } from '../server/web-server.ts';
import { startGatewayDouble } from './gateway-double.ts';

let gateway: Awaited<ReturnType<typeof startGatewayDouble>>;
let door: HttpListener;
let withoutGateway: HttpListener;
let assets: string;

const SCRIPT = `export const text = ${JSON.stringify('florin '.repeat(500))};`;

const EARLY_SCRIPT = "document.title = 'early';";
const PAGE =
  '<head><meta name="csp-nonce" content="__NONCE__"><script src="/before-paint.js"></script>' +
  '<link rel="stylesheet" href="/assets/app.css"></head><body>shell</body>';
const MANIFEST = {
  'index.html': { file: 'assets/entry.js', imports: ['_frame.js'] },
  '_frame.js': { file: 'assets/frame.js' },
  '_forms.js': { file: 'assets/forms.js' },
  'app/wallet/send-page.tsx': { file: 'assets/send.js', imports: ['_frame.js', '_forms.js'] },
  'app/i18n/en.ts': { file: 'assets/en.js' },
  'app/i18n/de.ts': { file: 'assets/de.js' },
};

function serverTo(gatewayUrl: string) {
  const sessions = createGatewaySessions(gatewayUrl);
  return createWebServer({
    assets,
    log: createLogger('test', 'silent'),
    metrics: createMetrics('web'),
    sessions: {
      ...sessions,
      refresh: createRefreshOnce({ refresh: sessions.refresh, clock: systemClock }),
    },
    secureCookies: true,
    api: createApiProxy(gatewayUrl),
    bankControls: createApiProxy(gatewayUrl),
    isOperator: createIsOperator(gatewayUrl),
  });
}

beforeAll(async () => {
  gateway = await startGatewayDouble();
  assets = mkdtempSync(join(tmpdir(), 'florin-web-'));
  mkdirSync(join(assets, 'assets'));
  mkdirSync(join(assets, '.vite'));
  writeFileSync(join(assets, 'index.html'), PAGE);
  writeFileSync(join(assets, 'before-paint.js'), EARLY_SCRIPT);
  writeFileSync(join(assets, '.vite/manifest.json'), JSON.stringify(MANIFEST));
  writeFileSync(join(assets, 'assets/app-abc123.js'), SCRIPT);
  await compressFiles(assets);
  door = await listen(serverTo(gateway.url), { port: 0 });
  withoutGateway = await listen(serverTo('http://127.0.0.1:9'), { port: 0 });
});
afterAll(async () => {
  await Promise.all([door.close(0), withoutGateway.close(0), gateway.stop()]);
  rmSync(assets, { recursive: true });
});

interface Asking {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

const ask = (path: string, { method = 'GET', body, headers = {} }: Asking = {}, at = door) =>
  fetch(new URL(path, at.url), {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

const post = (path: string, asking: Asking = {}) => ask(path, { method: 'POST', ...asking });

const CREDENTIALS = { email: 'ana@florin.dev', password: 'right' };
const cookieOf = (answer: Response): string =>
  (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';

describe('no script ever sees a refresh token', () => {
  test('it goes into a cookie that only the session paths of this origin get', async () => {
    const answer = await post('/session/login', { body: CREDENTIALS });
    expect(Object.keys((await answer.json()) as object)).toEqual(['accessToken', 'expiresIn']);
    const cookie = answer.headers.get('set-cookie') ?? '';
    for (const part of ['HttpOnly', 'SameSite=Strict', 'Secure', 'Path=/session']) {
      expect(cookie).toContain(part);
    }
  });

  test('a browser that asks twice with one token, at once or again, stays signed in', async () => {
    const cookie = cookieOf(await post('/session/login', { body: CREDENTIALS }));
    const before = gateway.asked.length;
    const refresh = () => post('/session/refresh', { headers: { cookie } });
    const answers = [...(await Promise.all([refresh(), refresh()])), await refresh()];
    const tokens = await Promise.all(
      answers.map(async (answer) => ((await answer.json()) as { accessToken: string }).accessToken),
    );
    expect(new Set(tokens).size).toBe(1);
    expect(gateway.asked.length - before).toBe(1);
  });

  test('a session that is over takes its cookie along, and is no error', async () => {
    const answer = await post('/session/refresh', { headers: { cookie: 'florin_session=dead' } });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('set-cookie')).toContain('Max-Age=0');
    expect((await post('/session/refresh')).status).toBe(204);
  });

  test('a wrong password is the API’s own answer', async () => {
    const body = { ...CREDENTIALS, password: 'wrong' };
    const answer = await post('/session/login', { body });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: 'invalid-credentials' });
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  test.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling domain', { 'sec-fetch-site': 'same-site' }],
    ['another origin, by an old browser', { origin: 'https://evil.example' }],
  ])('%s can not sign anybody in, refresh or sign out', async (_who, headers) => {
    for (const path of ['/session/login', '/session/refresh', '/session/logout']) {
      const answer = await post(path, { body: CREDENTIALS, headers });
      expect([path, answer.status]).toEqual([path, 403]);
    }
  });

  test('limits and lists of sessions are about the visitor, not about this server', async () => {
    await post('/session/login', {
      body: CREDENTIALS,
      headers: { 'user-agent': 'A browser', 'x-forwarded-for': '203.0.113.7' },
    });
    expect(gateway.asked.at(-1)).toEqual({
      path: '/v1/auth/login',
      forwardedFor: '203.0.113.7, 127.0.0.1',
      userAgent: 'A browser',
    });
  });
});

const hashOf = (script: string): string =>
  `sha256-${createHash('sha256').update(script).digest('base64')}`;

const preloadsOf = async (path: string, language: string): Promise<string[]> => {
  const page = await (await ask(path, { headers: { 'accept-language': language } })).text();
  return Array.from(page.matchAll(/modulepreload[^>]*href="([^"]+)"/g), ([, href]) => href ?? '');
};

describe('a page comes in one journey', () => {
  test.each([
    ['/send', 'en-GB,en', ['/assets/send.js', '/assets/forms.js', '/assets/en.js']],
    ['/send', 'fr, de;q=0.8', ['/assets/send.js', '/assets/forms.js', '/assets/de.js']],
    ['/nowhere', '', ['/assets/en.js']],
  ])('%s names what it needs for who speaks %j, and nothing twice', async (path, spoken, files) => {
    expect(await preloadsOf(path, spoken)).toEqual(files);
  });

  test('small scripts stand in it, and styles come after what is shown at once', async () => {
    const page = await (await ask('/')).text();
    expect(page).toContain(`<script>${EARLY_SCRIPT}</script>`);
    expect(page).toMatch(/shell<link rel="stylesheet"[^>]*><\/body>/);
  });
});

describe('a page loads nothing that is not ours', () => {
  test('each answer has a policy with a nonce of its own', async () => {
    const [one, other] = [await ask('/'), await ask('/wallets/any')];
    const policy = one.headers.get('content-security-policy') ?? '';
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
    expect(await one.text()).toContain(`content="${nonce}"`);
    expect(policy).toContain(`script-src 'self' '${hashOf(EARLY_SCRIPT)}';`);
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(other.headers.get('content-security-policy')).not.toContain(nonce);
    expect(one.headers.get('cache-control')).toBe('no-store');
  });

  test('files with a hash in their name are kept for ever, and travel small', async () => {
    const answer = await ask('/assets/app-abc123.js', { headers: { 'accept-encoding': 'br' } });
    expect(answer.headers.get('cache-control')).toContain('immutable');
    expect(answer.headers.get('content-encoding')).toBe('br');
    expect(await answer.text()).toBe(SCRIPT);
  });

  test.each([
    ['/assets/gone-123.js', 404],
    ['/assets/..%2f..%2fpackage.json', 404],
  ])('%s is not answered with a page', async (path, status) => {
    expect((await ask(path)).status).toBe(status);
  });

  test('a page takes no POST', async () => expect((await post('/')).status).toBe(405));
});

describe('one origin serves the API, too', () => {
  test('bodies and queries arrive as they were sent', async () => {
    const answer = await post('/v1/transfers?x=1', { body: { amount: '1' } });
    expect(await answer.json()).toEqual({ path: '/v1/transfers?x=1', body: { amount: '1' } });
  });

  test('events come through one by one', async () => {
    const { body } = await ask('/v1/events');
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    const next = async () => new TextDecoder().decode((await reader.read()).value);
    expect(await next()).toBe(': hello\n\n');
    gateway.tell('data: 1\n\n');
    expect(await next()).toBe('data: 1\n\n');
    await reader.cancel();
  });

  test('a dead gateway is 503 with Retry-After, in the words of the API', async () => {
    for (const path of ['/v1/me', '/session/refresh']) {
      const method = path === '/v1/me' ? 'GET' : 'POST';
      const headers = { cookie: 'florin_session=some' };
      const answer = await ask(path, { method, headers }, withoutGateway);
      expect([path, answer.status]).toEqual([path, 503]);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await answer.json()).toMatchObject({ code: 'overloaded' });
    }
  });
});

test.each([
  ['nobody', undefined, 403],
  ['a person', 'Bearer person', 403],
  ['an operator', 'Bearer operator', 200],
])('the banks of the simulator are changed by operators only: %s', async (_who, token, status) => {
  const headers = token === undefined ? {} : { authorization: token };
  expect((await ask('/bank-simulator/control/banks', { headers })).status).toBe(status);
});
