import { identityEventBatch, ledgerEventBatch } from '@florin/contracts';
import { batchToldBy, type Incoming, type Verifier } from '@florin/messaging';

/**
 * Reads what the ledger and identity tell. Only they may say that money has moved, or that somebody
 * wants to be forgotten.
 * @throws TerminalError for what is not signed by them, or is no batch of their events
 */
export const createDecoders = (verify: Verifier) => ({
  ledgerEvents: (message: Incoming) => batchToldBy(verify, message, 'ledger', ledgerEventBatch),
  identityEvents: (message: Incoming) =>
    batchToldBy(verify, message, 'identity', identityEventBatch),
});
