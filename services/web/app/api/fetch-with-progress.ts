import type { Fetch } from '@florin/client';

/** Of an answer, what a client reads. */
const READ = ['content-type', 'retry-after'] as const;

/**
 * Sends a file and tells how far it has come. `fetch` can't say that, so that this is the older way
 * in the shape of the newer one.
 * @param onProgress from 0 to 1, as far as the connection has taken it
 */
export const fetchWithProgress =
  (onProgress: (share: number) => void): Fetch =>
  (address, { method = 'GET', headers, body, signal }) => {
    const request = new XMLHttpRequest();
    request.open(method, address);
    for (const [name, value] of new Headers(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(loaded / total));
    signal?.addEventListener('abort', () => request.abort());
    return new Promise((resolve, reject) => {
      request.addEventListener('abort', () => reject(signal?.reason as Error));
      request.addEventListener('error', () => reject(new TypeError('no answer')));
      request.addEventListener('load', () => {
        const { status, responseText } = request;
        const told = READ.flatMap((name): [string, string][] => {
          const value = request.getResponseHeader(name);
          return value === null ? [] : [[name, value]];
        });
        resolve(new Response(responseText || null, { status, headers: told }));
      });
      request.send(body as XMLHttpRequestBodyInit);
    });
  };
