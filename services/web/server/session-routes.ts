import { loginBody, type ProblemCode } from '@florin/contracts';
import { parseCookie, stringifySetCookie } from 'cookie';
import express, { Router, type Request, type Response } from 'express';
import type { GatewaySessions, SessionAnswer, Visitor } from './gateway-sessions.ts';
import { sendProblem } from './problem.ts';

export interface SessionDeps {
  sessions: GatewaySessions;
  /** Cookies are for https only. */
  secureCookies: boolean;
}

export const COOKIE = 'florin_session';
/** As long as identity lets a session live. */
const COOKIE_SECONDS = 30 * 24 * 3600;

/** No other site may have the browser sign in, refresh or sign out. */
function isFromOurPages({ headers }: Request): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin, host } = headers;
  return origin === undefined || URL.parse(origin)?.host === host;
}

function visitorOf({ headers, socket }: Request): Visitor {
  const before = headers['x-forwarded-for'];
  const own = socket.remoteAddress ?? '';
  return {
    address: typeof before === 'string' ? `${before}, ${own}` : own,
    userAgent: headers['user-agent'] ?? '',
  };
}

const refreshTokenOf = (request: Request): string | undefined =>
  parseCookie(request.headers.cookie ?? '')[COOKIE] || undefined;

/** Statuses after which the cookie is worth nothing: the session is over. */
const isOver = (status: number): boolean => status === 400 || status === 401;

/**
 * Signs people in so that no script ever sees the refresh token: it lives in a cookie that only
 * these paths get, and scripts hold the short-lived access token alone.
 */
export function sessionRoutes({ sessions, secureCookies }: SessionDeps): Router {
  const setCookie = (response: Response, value: string, maxAge: number): void => {
    const cookie = stringifySetCookie({
      name: COOKIE,
      value,
      path: '/session',
      httpOnly: true,
      sameSite: 'strict',
      secure: secureCookies,
      maxAge,
    });
    response.setHeader('set-cookie', cookie);
  };

  function answer(response: Response, got: SessionAnswer): void {
    response.setHeader('cache-control', 'no-store');
    if (got.ok) {
      const { accessToken, expiresIn, refreshToken } = got.tokens;
      setCookie(response, refreshToken, COOKIE_SECONDS);
      response.json({ accessToken, expiresIn });
      return;
    }
    if (got.retryAfter !== null) response.setHeader('retry-after', got.retryAfter);
    response.status(got.status).type('application/problem+json').send(got.problem);
  }

  const refuse = (response: Response, code: ProblemCode, detail: string): void =>
    sendProblem(response, code, detail);

  const router = Router();
  router.use((request, response, next) => {
    if (request.method !== 'POST') refuse(response, 'method-not-allowed', 'allowed here: POST');
    else if (!isFromOurPages(request)) refuse(response, 'forbidden', 'this is for our own pages');
    else next();
  });

  router.post('/login', express.json({ limit: '8kb' }), async (request, response) => {
    const body = loginBody.safeParse(request.body);
    if (!body.success) return refuse(response, 'validation-failed', 'e-mail and password, please');
    answer(response, await sessions.login(body.data, visitorOf(request)));
  });

  router.post('/refresh', async (request, response) => {
    const refreshToken = refreshTokenOf(request);
    // Nobody is signed in: an ordinary state of things, and no error in the browser's console.
    if (refreshToken === undefined) return void response.status(204).end();
    const got = await sessions.refresh(refreshToken, visitorOf(request));
    if (!got.ok && isOver(got.status)) {
      setCookie(response, '', 0);
      return void response.status(204).end();
    }
    answer(response, got);
  });

  router.post('/logout', async (request, response) => {
    const refreshToken = refreshTokenOf(request);
    setCookie(response, '', 0);
    if (refreshToken !== undefined) await sessions.logout(refreshToken);
    response.status(204).end();
  });
  return router;
}
