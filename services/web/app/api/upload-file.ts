import { problemFrom, Unreachable } from './api-problem.ts';

export interface Upload {
  path: string;
  token: string | undefined;
  body: FormData | Blob;
  headers?: Readonly<Record<string, string>>;
  /** From 0 to 1, as far as the connection has taken it. */
  onProgress(share: number): void;
}

/** Sends a file. `fetch` can't say how far it has come, so that this is the older way. */
export function uploadFile<T>({ path, token, body, headers = {}, onProgress }: Upload): Promise<T> {
  const request = new XMLHttpRequest();
  request.open('POST', path);
  if (token !== undefined) request.setRequestHeader('authorization', `Bearer ${token}`);
  for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
  request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(loaded / total));
  return new Promise((resolve, reject) => {
    request.addEventListener('error', () => reject(new Unreachable('no answer')));
    request.addEventListener('load', () => {
      const { status, responseText } = request;
      if (status < 300) return resolve(JSON.parse(responseText) as T);
      const type = { 'content-type': request.getResponseHeader('content-type') ?? '' };
      problemFrom(new Response(responseText, { status, headers: type })).then(reject, reject);
    });
    request.send(body);
  });
}
