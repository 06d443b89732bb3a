/**
 * Something broke that may work later: the database is away, a server did not answer. The caller
 * retries with a limit and jitter.
 */
export class RetryableError extends Error {
  override name = 'RetryableError';
}

/** What was asked for lies in an archive that is not at hand: where, may be told to anybody. */
export class ArchivedError extends RetryableError {
  override name = 'ArchivedError';
}

/** Something broke that the same input will always break again. Never retried. */
export class TerminalError extends Error {
  override name = 'TerminalError';
}

/** The text of anything that was thrown, for logs. */
export function faultText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
