import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { ok, refuse, type Result } from '@florin/kernel';
import { refusal, type Refusal } from '../domain/refusal.ts';
import { collect } from './read-body.ts';

/** A body that is signed as it came: the header that says so, and how long it may be. */
export interface SignedBody {
  header: string;
  bytesMax: number;
}

/**
 * Reads a signed body without understanding it: what is parsed and written again is no longer what
 * was signed. Whoever knows the secret says whether it is believed.
 */
export async function readSigned(
  request: IncomingMessage,
  { header, bytesMax }: SignedBody,
): Promise<Result<unknown, Refusal>> {
  const signature = request.headers[header];
  if (typeof signature !== 'string') {
    return refuse(refusal('unauthenticated', `the header ${header} is missing`));
  }
  const bytes = await collect(request, bytesMax);
  if (bytes === undefined) {
    return refuse(refusal('payload-too-large', `the body may have ${bytesMax} bytes`));
  }
  if (!isUtf8(bytes)) return refuse(refusal('validation-failed', 'the body is not UTF-8'));
  return ok({ payload: bytes.toString('utf8'), signature });
}
