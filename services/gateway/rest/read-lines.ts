import type { IncomingMessage } from 'node:http';
import { ok, refuse, type Result } from '@florin/kernel';
import { refusal, type Refusal } from '../domain/refusal.ts';
import { ClientGoneError } from './read-body.ts';

const NDJSON_TYPE =
  /^application\/(x-ndjson|jsonl|x-jsonlines)\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;
/** Whoever sends nothing for so long is gone. */
const IDLE_MS = 30_000;

async function* chunksOf(request: IncomingMessage): AsyncGenerator<Buffer> {
  request.setTimeout(IDLE_MS, () => request.destroy());
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
  } catch (error) {
    throw new ClientGoneError('the upload broke off', { cause: error });
  } finally {
    request.setTimeout(0);
    // Ended early, the rest is read and thrown away: the client hears why once it has sent it.
    request.resume();
  }
}

/** A body of lines, to be read as it arrives: never as a whole. */
export function readLines(request: IncomingMessage): Result<AsyncIterable<Buffer>, Refusal> {
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = request.headers;
  if (NDJSON_TYPE.test(type) && encoding === 'identity') return ok(chunksOf(request));
  return refuse(refusal('unsupported-media-type', 'send the lines as application/x-ndjson'));
}
