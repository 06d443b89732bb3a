import http, { type RefinedResponse } from 'k6/http';
import { settings } from './settings.ts';

export type Answer = RefinedResponse<'text'>;

interface Token {
  value: string;
  untilMs: number;
}

/** Each virtual user keeps its own, and gets another one before it expires. */
let token: Token | undefined;

function accessToken(): string {
  if (token !== undefined && Date.now() < token.untilMs) return token.value;
  const { url, clientId, clientSecret } = settings;
  const answer = http.post(
    `${url}/oauth/token`,
    { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret },
    { tags: { name: 'POST /oauth/token' }, responseType: 'text' },
  );
  if (answer.status !== 200) throw new Error(`no token: ${answer.status} ${answer.body}`);
  const body = answer.json() as { access_token: string; expires_in: number };
  token = { value: body.access_token, untilMs: Date.now() + (body.expires_in - 60) * 1000 };
  return token.value;
}

/** The name without ids, by which figures are grouped. */
const nameOf = (method: string, path: string): string =>
  `${method} ${(path.split('?')[0] ?? '').replace(/\/[0-9a-f-]{36}/g, '/{id}')}`;

const paramsOf = (method: string, path: string, headers: Record<string, string> = {}) => ({
  headers: { authorization: `Bearer ${accessToken()}`, ...headers },
  tags: { name: nameOf(method, path) },
  responseType: 'text' as const,
  timeout: '30s',
});

const JSON_BODY = { 'content-type': 'application/json' };

export const get = (path: string): Answer =>
  http.get(`${settings.url}${path}`, paramsOf('GET', path));

export const put = (path: string, body: unknown): Answer =>
  http.put(`${settings.url}${path}`, JSON.stringify(body), paramsOf('PUT', path, JSON_BODY));

export const post = (path: string, body: unknown): Answer =>
  http.post(`${settings.url}${path}`, JSON.stringify(body), paramsOf('POST', path, JSON_BODY));

const keyed = (key: string) => ({ ...JSON_BODY, 'idempotency-key': key });

/** An order that moves money. */
export const pay = (path: string, body: unknown, key: string): Answer =>
  http.post(`${settings.url}${path}`, JSON.stringify(body), paramsOf('POST', path, keyed(key)));

/** The same order several times at once. */
export function payAtOnce(path: string, body: unknown, key: string, times: number): Answer[] {
  const params = paramsOf('POST', path, keyed(key));
  const text = JSON.stringify(body);
  const one = { method: 'POST', url: `${settings.url}${path}`, body: text, params };
  return http.batch(Array.from({ length: times }, () => one));
}

let counter = 0;

/** No two runs, virtual users or orders share one. */
export function newKey(): string {
  counter += 1;
  return `load-${settings.scenario}-${Date.now().toString(36)}-${__VU}-${counter}`;
}
