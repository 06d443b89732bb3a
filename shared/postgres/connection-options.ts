export interface PoolOptions {
  url: string;
  /** What pg_stat_activity shows: the service's name. */
  applicationName: string;
  /** Connections of each of the two pools, 10 unless given. */
  max?: number;
  statementTimeoutMs?: number;
  idleInTransactionTimeoutMs?: number;
  lockTimeoutMs?: number;
  /**
   * Of the hot pool: sends queries that were started together in one go instead of waiting for each
   * answer. Only for code that starts several at once and knows why.
   */
  pipeline?: boolean;
}

export const DEFAULT_STATEMENT_TIMEOUT_MS = 10_000;

/**
 * The URL with everything a session of ours needs, sent with the startup packet: it costs no round
 * trip, and no session can be used before it holds. `synchronous_commit` is said aloud because an
 * acknowledged transaction must survive kill -9 whatever the server's own default is.
 */
export function sessionUrl(options: PoolOptions): string {
  const settings = {
    statement_timeout: options.statementTimeoutMs ?? DEFAULT_STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs ?? 10_000,
    lock_timeout: options.lockTimeoutMs ?? 5_000,
    synchronous_commit: 'on',
  };
  const url = new URL(options.url);
  const given = url.searchParams.get('options');
  const ours = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  url.searchParams.set('options', [...(given === null ? [] : [given]), ...ours].join(' '));
  url.searchParams.set('application_name', options.applicationName);
  return url.href;
}
