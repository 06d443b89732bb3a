import type { IncomingMessage } from 'node:http';

/** Headers of an answer, name and value in turns. */
export type CorsOf = (request: IncomingMessage) => readonly string[];

const METHODS = 'GET, POST, PUT, PATCH, DELETE';
const ASKED = 'authorization, content-type, idempotency-key, prefer, last-event-id, x-request-id';
const SHOWN =
  'location, retry-after, ratelimit, ratelimit-policy, idempotency-replayed, preference-applied, ' +
  'x-request-id';
/** Browsers ask again after two hours at the latest. */
const REMEMBERED_SECONDS = 7200;

const NONE: readonly string[] = [];

/**
 * Lets pages of these origins call the API from a browser, with tokens that they hold themselves:
 * cookies are never taken. What pages of any other origin are answered, their browser keeps from
 * them.
 */
export function createCorsOf(origins: readonly string[]): CorsOf {
  const allowed = new Set(origins);
  return ({ method, headers: { origin } }) => {
    if (origin === undefined || !allowed.has(origin)) return NONE;
    const given = ['access-control-allow-origin', origin, 'vary', 'origin'];
    if (method !== 'OPTIONS') return [...given, 'access-control-expose-headers', SHOWN];
    given.push('access-control-allow-methods', METHODS, 'access-control-allow-headers', ASKED);
    return [...given, 'access-control-max-age', String(REMEMBERED_SECONDS)];
  };
}
