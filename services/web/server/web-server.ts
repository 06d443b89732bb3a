import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultText } from '@florin/kernel';
import type { Logger, Metrics } from '@florin/runtime';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import sirv from 'sirv';
import type { ApiProxy } from './api-proxy.ts';
import { bankControlRoutes, type BankControlDeps } from './bank-control-routes.ts';
import { inlineScripts } from './inline-scripts.ts';
import { fileHeaders, pageHeaders } from './page-headers.ts';
import { createPreloadLinks } from './preload-links.ts';
import { sendProblem } from './problem.ts';
import { sessionRoutes, type SessionDeps } from './session-routes.ts';

export interface WebServerDeps extends SessionDeps, BankControlDeps {
  /** Folder of the built app. */
  assets: string;
  api: ApiProxy;
  log: Logger;
  metrics: Metrics;
}

/** Passed on to the gateway, so that one origin serves everything and nobody needs CORS. */
const API_PATHS = ['/v1', '/oauth', '/.well-known', '/docs', '/openapi.json'];

const isApiPath = (path: string): boolean =>
  API_PATHS.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));

/** What a request was for, for metrics: never what the visitor wrote. */
function areaOf(path: string): string {
  if (isApiPath(path)) return 'api';
  if (path.startsWith('/session/')) return 'session';
  return path.startsWith('/assets/') ? 'asset' : 'page';
}

function measure(metrics: Metrics) {
  const durations = metrics.histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Time from the head of the request to its answer',
    labelNames: ['method', 'route', 'status'],
  });
  return (request: Request, response: Response, next: NextFunction): void => {
    const startedAtMs = performance.now();
    const route = areaOf(request.path);
    response.once('finish', () => {
      const status = `${Math.floor(response.statusCode / 100)}xx`;
      const { method } = request;
      durations.observe({ method, route, status }, (performance.now() - startedAtMs) / 1000);
    });
    next();
  };
}

const STYLESHEET = /<link rel="stylesheet"[^>]*>/;

/**
 * What is shown at once has its own few styles; those of the app are waited for below it. A browser
 * paints what stands before a stylesheet in the body, and runs the app after it.
 */
function stylesAfterShell(html: string): string {
  const link = STYLESHEET.exec(html)?.[0] ?? '';
  return html.replace(link, '').replace('</body>', `${link}</body>`);
}

/** The one page of the app; its address is read by the app itself. */
function servePage(assets: string, banks: 'simulated' | 'real') {
  const file = readFileSync(join(assets, 'index.html'), 'utf8');
  const { html, hashes } = inlineScripts(
    stylesAfterShell(file.replaceAll('__BANKS__', banks)),
    assets,
  );
  const preloadLinks = createPreloadLinks(assets);
  return (request: Request, response: Response): void => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return sendProblem(response, 'method-not-allowed', 'allowed here: GET, HEAD');
    }
    if (request.path.startsWith('/assets/')) {
      return sendProblem(response, 'not-found', 'there is no such file');
    }
    const nonce = randomBytes(16).toString('base64');
    const links = preloadLinks(request.path, request.headers['accept-language']);
    response.writeHead(200, pageHeaders(nonce, hashes));
    response.end(html.replaceAll('__NONCE__', nonce).replace('</head>', `${links}</head>`));
  };
}

export function createWebServer(deps: WebServerDeps): Express {
  const { assets, api, log, metrics } = deps;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(measure(metrics));
  app.use((request, response, next) => {
    if (isApiPath(request.path)) void api(request, response);
    else next();
  });
  app.use('/session', sessionRoutes(deps));
  app.use('/bank-simulator', bankControlRoutes(deps));
  app.use(
    sirv(assets, {
      brotli: true,
      gzip: true,
      etag: true,
      // The page itself is written for each visitor, with a nonce.
      extensions: [],
      setHeaders(response, path) {
        for (const [name, value] of Object.entries(fileHeaders(path))) {
          response.setHeader(name, value);
        }
      },
    }),
  );
  app.use(servePage(assets, deps.bankControls ? 'simulated' : 'real'));
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    log.warn({ fault: faultText(error) }, 'a request failed');
    if (response.headersSent) response.destroy();
    else sendProblem(response, 'overloaded', 'please try again');
  });
  return app;
}
