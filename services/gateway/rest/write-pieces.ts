import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/**
 * Sends a text that is read piece by piece, no faster than the client takes it. A fault in the
 * middle breaks the response off: what arrived so far must not look like all of it.
 * @param read answers the n-th piece (from 1), or null behind the last one
 */
export async function writePieces(
  response: ServerResponse,
  read: (number: number) => Promise<string | null>,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    for (let number = 1; !gone.signal.aborted; number++) {
      const text = await read(number);
      if (text === null) return void response.end();
      if (!response.write(text)) await once(response, 'drain', { signal: gone.signal });
    }
  } catch {
    response.destroy();
  }
}
