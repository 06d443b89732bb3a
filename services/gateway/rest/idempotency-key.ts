import { ok, refuse, type Result } from '@florin/kernel';
import { refusal, type Refusal } from '../domain/refusal.ts';
import type { Route } from './route.ts';

const PRINTABLE = /^[\x20-\x7e]{1,255}$/;

/**
 * Reads the Idempotency-Key header as the route wants it. A missing one is told apart by its code
 * only where it is required; elsewhere it reads as empty.
 */
export function readIdempotencyKey(
  header: string | string[] | undefined,
  wanted: Route['idempotencyKey'],
): Result<string, Refusal> {
  if (wanted === undefined) return ok('');
  if (header === undefined || header === '') {
    if (wanted === 'optional') return ok('');
    return refuse(
      refusal('idempotency-key-required', 'send a new Idempotency-Key with every new payment'),
    );
  }
  if (typeof header !== 'string' || !PRINTABLE.test(header)) {
    const detail = 'Idempotency-Key must be 1 to 255 printable ASCII characters';
    return refuse(refusal('validation-failed', detail));
  }
  return ok(header);
}
