import { trace } from '@opentelemetry/api';
import pino, { type DestinationStream } from 'pino';

export type Logger = pino.Logger;

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Names whose values must not reach a log, on the top level of a line and one level below. */
const SECRET_NAMES = [
  'password',
  'newPassword',
  'currentPassword',
  'secret',
  'clientSecret',
  'token',
  'accessToken',
  'refreshToken',
  'authorization',
  'cookie',
  'otp',
  'recoveryCode',
  'signature',
  'email',
  'phone',
];

const redactPaths = SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** Ties a line to the trace it was written in. Without tracing there is no active span. */
function traceFields(): Record<string, string> {
  const span = trace.getActiveSpan()?.spanContext();
  return span === undefined ? {} : { traceId: span.traceId, spanId: span.spanId };
}

/**
 * Written before the call returns: the last lines of a process that ends are those one wants to
 * read, and an asynchronous write under way at that moment arrives out of order or not at all. When
 * nobody reads any more, the asynchronous way would even retry for ever while the process exits.
 */
const standardOutput = (): DestinationStream => pino.destination({ dest: 1, sync: true });

/**
 * JSON lines on standard output. Errors go under `err`, with their causes.
 * @param destination replaces standard output, for tests
 */
export function createLogger(
  service: string,
  level: LogLevel,
  fields: Record<string, string> = {},
  destination: DestinationStream = standardOutput(),
): Logger {
  const options: pino.LoggerOptions = {
    level,
    base: { service, ...fields },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: redactPaths, censor: '[redacted]' },
    mixin: traceFields,
  };
  return pino(options, destination);
}
