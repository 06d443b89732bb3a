import {
  identityEventBatch,
  ledgerEventBatch,
  type IdentityEvent,
  type LedgerEvent,
} from '@florin/contracts';
import { TerminalError } from '@florin/kernel';
import { contentToldBy, type Incoming, type Verifier } from '@florin/messaging';
import type { z } from 'zod';

/**
 * Reads what the ledger and identity tell. Only they may say that money has moved, or that somebody
 * wants to be forgotten.
 * @throws TerminalError for what is not signed by them, or is no batch of their events
 */
export function createDecoders(verify: Verifier) {
  const read = <S extends z.ZodType>(message: Incoming, producer: string, schema: S) => {
    const told = contentToldBy(verify, message, producer);
    if (!told.ok) throw new TerminalError(told.error);
    const parsed = schema.safeParse(told.value);
    if (parsed.success) return parsed.data;
    throw new TerminalError(`not a batch of events of ${producer}`, { cause: parsed.error });
  };
  return {
    ledgerEvents: (message: Incoming): LedgerEvent[] => read(message, 'ledger', ledgerEventBatch),
    identityEvents: (message: Incoming): IdentityEvent[] =>
      read(message, 'identity', identityEventBatch),
  };
}
