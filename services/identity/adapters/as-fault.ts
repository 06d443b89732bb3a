import { RetryableError, TerminalError } from '@florin/kernel';
import { isTransient } from '@florin/postgres';

/**
 * Wraps whatever a use case threw. Errors of the database carry the values of a query or a row
 * (e-mails, hashes) in fields that a logger would print; of a cause it prints only the text.
 */
export function asFault(error: unknown): RetryableError | TerminalError {
  if (error instanceof RetryableError || error instanceof TerminalError) return error;
  return isTransient(error)
    ? new RetryableError('the database of identity is not reachable', { cause: error })
    : new TerminalError('identity could not answer', { cause: error });
}
