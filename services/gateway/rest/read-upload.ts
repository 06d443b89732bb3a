import type { IncomingMessage } from 'node:http';
import { ok, refuse, type Result } from '@florin/kernel';
import { refusal, type Refusal } from '../domain/refusal.ts';
import { collect } from './read-body.ts';

const MULTIPART = /^multipart\/form-data\s*;.*boundary=/i;
/** Field names, boundaries and headers around the file. */
const ENVELOPE_BYTES = 16 * 1024;

/**
 * Reads a multipart form with one file. It is read as a whole: its limit is small, and nothing of
 * it is kept before all of it has been looked at. The parser is the one of Node's own fetch.
 */
export async function readUpload(
  request: IncomingMessage,
  fileBytesMax: number,
): Promise<Result<unknown, Refusal>> {
  const type = request.headers['content-type'] ?? '';
  if (!MULTIPART.test(type)) {
    return refuse(refusal('unsupported-media-type', 'send the form as multipart/form-data'));
  }
  const tooLarge = refusal('payload-too-large', `the file may have ${fileBytesMax} bytes`);
  const bytesMax = fileBytesMax + ENVELOPE_BYTES;
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) return refuse(tooLarge);
  const bytes = await collect(request, bytesMax);
  if (bytes === undefined) return refuse(tooLarge);
  let fields: [string, string | File][];
  try {
    const form = await new Response(bytes, { headers: { 'content-type': type } }).formData();
    fields = [...form];
  } catch {
    return refuse(refusal('validation-failed', 'the form can not be read'));
  }
  const names = new Set(fields.map(([name]) => name));
  if (names.size !== fields.length) {
    return refuse(refusal('validation-failed', 'a form field comes twice'));
  }
  const big = fields.some(([, value]) => typeof value !== 'string' && value.size > fileBytesMax);
  return big ? refuse(tooLarge) : ok(Object.fromEntries(fields));
}
