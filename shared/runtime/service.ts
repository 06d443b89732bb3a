import { flushCompileCache } from 'node:module';
import { systemClock, type Clock } from '@florin/kernel';
import { choice, duration, integer, text, url } from './config.ts';
import { createHealth, type Health } from './health.ts';
import { createLifecycle, type Lifecycle } from './lifecycle.ts';
import { createLogger, LOG_LEVELS, type Logger, type LogLevel } from './logging.ts';
import { collectProcessMetrics, createMetrics, type Metrics } from './metrics.ts';
import { serveOperations } from './operations-server.ts';
import { startTracing } from './tracing.ts';

/** The settings every service has; a config.ts spreads them into its own. */
export const serviceFields = {
  logLevel: choice('LOG_LEVEL', LOG_LEVELS, { default: 'info', describe: 'lines from here on' }),
  host: text('HOST', { default: '127.0.0.1', describe: 'the address to listen on' }),
  metricsPort: integer('METRICS_PORT', {
    default: 0,
    max: 65_535,
    describe: 'port of /livez, /readyz and /metrics; 0 takes any',
  }),
  stopWithinMs: duration('STOP_WITHIN', { default: 10_000, describe: 'time for a clean stop' }),
  otlpEndpoint: url('OTLP_ENDPOINT', {
    optional: true,
    describe: 'OTLP/HTTP collector; absent turns tracing off',
  }),
  tracePercent: integer('TRACE_PERCENT', {
    default: 10,
    max: 100,
    describe: 'share of new traces that are recorded',
  }),
};

export interface ServiceOptions {
  logLevel: LogLevel;
  metricsPort: number;
  host?: string;
  stopWithinMs?: number;
  otlpEndpoint?: string | undefined;
  tracePercent?: number;
}

/** What a main.ts is handed to wire its parts with. */
export interface Service extends Pick<Lifecycle, 'onStop' | 'shutdown'> {
  readonly name: string;
  /** Unique to this run of the process: owner of leases, part of inbox names. [a-z0-9-] only. */
  readonly instanceId: string;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly health: Health;
}

/** Starts the service's parts. What it returns is added to the line that says "ready". */
export type Start = (service: Service) => Promise<Record<string, unknown> | void>;

function buildService(name: string, logLevel: LogLevel, deadlineMs: number) {
  const instanceId = `${name}-${crypto.randomUUID().slice(0, 8)}`;
  const log = createLogger(name, logLevel, { instance: instanceId });
  const lifecycle = createLifecycle({ log, deadlineMs });
  const metrics = createMetrics(name);
  const health = createHealth();
  const service: Service = {
    name,
    instanceId,
    log,
    metrics,
    clock: systemClock,
    health,
    shutdown: lifecycle.shutdown,
    onStop: lifecycle.onStop,
  };
  return { service, lifecycle };
}

/** A fault nobody caught leaves the memory of this process in doubt: it ends at once. */
function crashOnFaults(log: Logger): void {
  process.on('uncaughtException', (error: unknown, origin) => {
    log.fatal({ err: error, origin }, 'crashed');
    process.exit(1);
  });
}

/**
 * SIGTERM and SIGINT stop the service in order; a second one ends it at once. It stops, too, when
 * the IPC channel ends that a supervisor on the same machine holds open: then that was killed.
 */
function stopOnSignals(log: Logger, stop: () => Promise<never>): void {
  let asked = false;
  const ask = (signal: string): void => {
    if (asked) process.exit(1);
    asked = true;
    log.info({ signal }, 'stopping');
    void stop();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => ask(signal));
  process.once('disconnect', () => ask('disconnect'));
}

/**
 * Runs a service until it is asked to stop: health and metrics on their own port, one line "ready"
 * with the addresses once `start` is done, on SIGTERM or SIGINT the stops in reverse order within
 * the deadline. The process ends with 0 after a clean stop and with 1 after anything else.
 */
export async function runService(
  name: string,
  options: ServiceOptions,
  start: Start,
): Promise<void> {
  const { logLevel, metricsPort, host = '127.0.0.1', stopWithinMs = 10_000 } = options;
  const { service, lifecycle } = buildService(name, logLevel, stopWithinMs);
  const { log, health, metrics } = service;
  const exit = async (code: number): Promise<never> => {
    health.setReady(false);
    const clean = await lifecycle.stop();
    if (clean) log.info('stopped');
    process.exit(clean ? code : 1);
  };
  crashOnFaults(log);
  stopOnSignals(log, () => exit(0));
  try {
    const { otlpEndpoint, tracePercent: samplePercent = 100 } = options;
    const tracing = await startTracing({ service: name, otlpEndpoint, samplePercent });
    lifecycle.onStop('tracing', tracing.stop);
    collectProcessMetrics(metrics);
    const operations = await serveOperations({ port: metricsPort, host, health, metrics });
    lifecycle.onStop('operations server', () => operations.close(0));
    const addresses = await start(service);
    if (lifecycle.shutdown.aborted) return;
    // Node itself writes it at an orderly end only, and who is killed is who starts again.
    flushCompileCache();
    health.setReady(true);
    log.info({ ...addresses, metricsUrl: operations.url, pid: process.pid }, 'ready');
  } catch (error) {
    // A start that was interrupted by a signal may fail in any way: that is no news.
    if (lifecycle.shutdown.aborted) return;
    log.fatal({ err: error }, 'could not start');
    await exit(1);
  }
}
