import { ledgerEventBatch, type LedgerEvent } from '@florin/contracts';
import { TerminalError } from '@florin/kernel';
import { contentToldBy, type Incoming, type Verifier } from '@florin/messaging';

const PRODUCER = 'ledger';

/**
 * Reads the ledger's events out of a message. Only the ledger may say that money is held or
 * awaited.
 * @throws TerminalError for what is not signed by the ledger, or no batch of its events
 */
export function createDecodeEvents(verify: Verifier) {
  return function decodeEvents(message: Incoming): LedgerEvent[] {
    const told = contentToldBy(verify, message, PRODUCER);
    if (!told.ok) throw new TerminalError(told.error);
    const parsed = ledgerEventBatch.safeParse(told.value);
    if (parsed.success) return parsed.data;
    throw new TerminalError('not a batch of ledger events', { cause: parsed.error });
  };
}
