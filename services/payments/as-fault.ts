import { RetryableError } from '@florin/kernel';
import { isTransient } from '@florin/postgres';

/**
 * Turns an outage of the database into a fault that may be tried again; all else is thrown on. Such
 * an outage must never count against the message or the question that it has met.
 */
export async function asFault<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!isTransient(error)) throw error;
    throw new RetryableError('the database of payments is away', { cause: error });
  }
}
