import { request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface UploadAnswer {
  status: number;
  replayed: boolean;
  body: unknown;
}

/**
 * Uploads a file piece by piece, as it is made: never all of it is in memory.
 * @param breakOff goes away in the middle of the last piece
 */
export async function uploadLines(
  gatewayUrl: string,
  token: string,
  key: string,
  pieces: Iterable<string> | AsyncIterable<string>,
  breakOff = false,
): Promise<UploadAnswer> {
  const sent = httpRequest(new URL('/v1/bulk-files', gatewayUrl), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/x-ndjson',
      ...(key !== '' && { 'idempotency-key': key }),
    },
  });
  const answered = new Promise<UploadAnswer>((resolve, reject) => {
    sent.once('error', reject);
    sent.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({
          status: response.statusCode ?? 0,
          replayed: response.headers['idempotency-replayed'] === 'true',
          body: text === '' ? {} : JSON.parse(text),
        });
      });
    });
  });
  // Whichever of the two ends badly is told; the answer may come before all was sent.
  answered.catch(() => undefined);
  if (breakOff) {
    for await (const piece of pieces) sent.write(piece);
    await new Promise((resolve) => sent.write('', resolve));
    sent.destroy(new Error('the client went away'));
    return answered;
  }
  // An answer that comes before all was sent ends the sending: it is what counts.
  await Promise.race([pipeline(Readable.from(pieces), sent).catch(() => undefined), answered]);
  return answered;
}
