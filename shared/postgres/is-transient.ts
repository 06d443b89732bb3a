import { RetryableError, TerminalError } from '@florin/kernel';

/** SQLSTATE classes whose every member passes by itself: connection lost, resources short. */
const TRANSIENT_CLASSES = new Set(['08', '53']);

const TRANSIENT_STATES = new Set([
  '25P03', // idle_in_transaction_session_timeout
  '25P04', // transaction_timeout
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '55P03', // lock_not_available: lock_timeout, NOWAIT
  '57014', // query_canceled: statement_timeout of a server that is too slow at the moment
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown: another backend was killed
  '57P03', // cannot_connect_now: starting up, in recovery
  '57P04', // database_dropped
  '57P05', // idle_session_timeout
]);

const TRANSIENT_SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'ENOTFOUND',
]);

/** What pg, its pool and slonik say, without any code, about a connection that is gone. */
const LOST_CONNECTION = [
  /connection terminated/i,
  /not queryable/,
  /timeout expired/,
  /query read timeout/i,
  /timeout exceeded when trying to connect/,
  /client is (pending destroy|destroyed)/i,
  /backend has been terminated/i,
];

const SQLSTATE = /^[0-9A-Z]{5}$/;

function isTransientCode(code: string): boolean {
  if (TRANSIENT_SOCKET_CODES.has(code)) return true;
  return (
    SQLSTATE.test(code) && (TRANSIENT_STATES.has(code) || TRANSIENT_CLASSES.has(code.slice(0, 2)))
  );
}

/**
 * Whether the same work may succeed when it is tried again: the server is away, restarting or
 * short of something, or the database transaction lost against another one. Looks through the
 * `cause`s that slonik wraps and the `errors` of a connect that tried several addresses. An error
 * that already says which kind it is keeps its word.
 */
export function isTransient(error: unknown): boolean {
  if (error instanceof RetryableError) return true;
  if (error instanceof TerminalError || !(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string') return isTransientCode(error.code);
  if (LOST_CONNECTION.some((text) => text.test(error.message))) return true;
  if (error instanceof AggregateError) return error.errors.some(isTransient);
  return isTransient(error.cause);
}
