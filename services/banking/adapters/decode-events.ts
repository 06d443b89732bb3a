import { ledgerEventBatch, type LedgerEvent } from '@florin/contracts';
import { TerminalError } from '@florin/kernel';
import { jsonOf, signatoryOf, type Incoming, type Verifier } from '@florin/messaging';

const PRODUCER = 'ledger';

/**
 * Reads the ledger's events out of a message. Only the ledger may say that money is held or
 * awaited.
 * @throws TerminalError for what is not signed by the ledger, or no batch of its events
 */
export function createDecodeEvents(verify: Verifier) {
  return function decodeEvents(message: Incoming): LedgerEvent[] {
    const [, partition, wallet = ''] = message.subject.split('.');
    const signed = signatoryOf(verify, message, { wallet, partition: Number(partition) });
    if (!signed.ok) throw new TerminalError(`signature: ${signed.error}`);
    const { service } = signed.value;
    if (service !== PRODUCER) throw new TerminalError(`${service} may not tell ledger events`);
    const parsed = ledgerEventBatch.safeParse(jsonOf(message));
    if (parsed.success) return parsed.data;
    throw new TerminalError('not a batch of ledger events', { cause: parsed.error });
  };
}
