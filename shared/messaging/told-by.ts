import { NO_LANE } from '@florin/contracts';
import { ok, refuse, TerminalError, type Result } from '@florin/kernel';
import type { z } from 'zod';
import { jsonOf, type Incoming } from './incoming.ts';
import { signatoryOf, type SignedFields, type Verifier } from './signing.ts';

/** Events of the ledger carry their lane in their subject; users, labels and actions have none. */
function placeOf(subject: string): Pick<SignedFields, 'wallet' | 'partition'> {
  const [root, partition, wallet = ''] = subject.split('.');
  return root === 'evt' ? { wallet, partition: Number(partition) } : NO_LANE;
}

/**
 * The content of a message of an event stream, or why it is not believed: only one service may tell
 * it, and must have signed it. What it says is for the reader to judge.
 */
export function contentToldBy(
  verify: Verifier,
  message: Incoming,
  producer: string,
): Result<unknown, string> {
  const signed = signatoryOf(verify, message, placeOf(message.subject));
  if (!signed.ok) return refuse(`signature: ${signed.error}`);
  const { service } = signed.value;
  return service === producer ? ok(jsonOf(message)) : refuse(`${service} may not tell this`);
}

/**
 * A batch of events that only one service may tell.
 * @throws TerminalError for what that service has not signed, or is no such batch
 */
export function batchToldBy<S extends z.ZodType>(
  verify: Verifier,
  message: Incoming,
  producer: string,
  schema: S,
): z.output<S> {
  const told = contentToldBy(verify, message, producer);
  if (!told.ok) throw new TerminalError(told.error);
  const parsed = schema.safeParse(told.value);
  if (parsed.success) return parsed.data;
  throw new TerminalError(`not a batch of events of ${producer}`, { cause: parsed.error });
}
