import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Health, HealthReport } from './health.ts';
import { listen, type HttpListener } from './http-listener.ts';
import type { Metrics } from './metrics.ts';

interface OperationsServerOptions {
  port: number;
  host: string;
  health: Health;
  metrics: Metrics;
}

function answerHealth(response: ServerResponse, report: HealthReport): void {
  response.writeHead(report.ok ? 200 : 503, { 'content-type': 'application/json' });
  response.end(JSON.stringify(report));
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { health, metrics }: OperationsServerOptions,
): Promise<void> {
  switch (request.url) {
    case '/livez':
      return answerHealth(response, health.live());
    case '/readyz':
      return answerHealth(response, health.ready());
    case '/metrics': {
      const text = await metrics.registry.metrics();
      response.writeHead(200, { 'content-type': metrics.registry.contentType });
      response.end(text);
      return;
    }
    default:
      response.writeHead(404).end();
  }
}

/** Serves /livez, /readyz and /metrics for the platform, apart from the service's own port. */
export function serveOperations(options: OperationsServerOptions): Promise<HttpListener> {
  return listen((request, response) => {
    answer(request, response, options).catch(() => response.destroy());
  }, options);
}
