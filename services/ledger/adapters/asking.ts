import { RetryableError } from '@florin/kernel';
import { isTransient } from '@florin/postgres';

/** Whoever asks while Postgres is away is told to ask again. */
export function asking<Request, Response>(read: (request: Request) => Promise<Response>) {
  return async (request: Request): Promise<Response> => {
    try {
      return await read(request);
    } catch (error) {
      if (isTransient(error)) throw new RetryableError('the books are away', { cause: error });
      throw error;
    }
  };
}
