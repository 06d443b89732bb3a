import {
  identityEventBatch,
  ledgerEventBatch,
  type IdentityEvent,
  type LedgerEvent,
} from '@florin/contracts';
import { TerminalError } from '@florin/kernel';
import { contentToldBy, type Incoming, type Verifier } from '@florin/messaging';

function believed(verify: Verifier, message: Incoming, producer: string): unknown {
  const told = contentToldBy(verify, message, producer);
  if (told.ok) return told.value;
  throw new TerminalError(told.error);
}

/**
 * Reads what the ledger and identity tell. Only they may say that money came, or that somebody
 * wants to be forgotten.
 * @throws TerminalError for what is not signed by them, or is no batch of their events
 */
export function createDecoders(verify: Verifier) {
  return {
    ledgerEvents(message: Incoming): LedgerEvent[] {
      const parsed = ledgerEventBatch.safeParse(believed(verify, message, 'ledger'));
      if (parsed.success) return parsed.data;
      throw new TerminalError('not a batch of ledger events', { cause: parsed.error });
    },
    identityEvents(message: Incoming): IdentityEvent[] {
      const parsed = identityEventBatch.safeParse(believed(verify, message, 'identity'));
      if (parsed.success) return parsed.data;
      throw new TerminalError('not a batch of identity events', { cause: parsed.error });
    },
  };
}
