import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { refusal } from '../domain/refusal.ts';
import type { Route } from './route.ts';
import type { createRouteServer } from './serve-route.ts';

type RouteServer = ReturnType<typeof createRouteServer>;
type Method = 'get' | 'post' | 'patch' | 'put' | 'delete';

/** Express itself refuses paths that cannot be decoded: nothing lies there. */
const isUndecodable = (error: unknown): boolean => error instanceof URIError;

function mount(app: Express, path: string, routes: Route[], server: RouteServer): void {
  const methods = routes.map(({ method }) => method);
  const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  const mounted = app.route(path);
  for (const route of routes) {
    mounted[route.method.toLowerCase() as Method](server.serve(route));
  }
  mounted.all((request, response) => {
    if (request.method === 'OPTIONS') return server.allow(request, response, allow);
    response.setHeader('allow', allow);
    server.refuse(request, response, refusal('method-not-allowed', `allowed here: ${allow}`));
  });
}

/**
 * The express application of a route table. Express looks through paths in order, so the table
 * lists the busiest first. There is no middleware: all that every request needs is in serve-route,
 * where its price is seen.
 */
export function createApp(routes: readonly Route[], server: RouteServer): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.disable('query parser');
  app.enable('case sensitive routing');
  app.enable('strict routing');
  for (const [path, group] of Map.groupBy(routes, (route) => route.path)) {
    mount(app, path, group, server);
  }
  app.use((request: Request, response: Response) => {
    server.refuse(request, response, refusal('not-found', 'there is nothing at this path'));
  });
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    if (isUndecodable(error)) {
      server.refuse(request, response, refusal('not-found', 'there is nothing at this path'));
    } else {
      server.fail(request, response, error);
    }
  });
  return app;
}
