import {
  identityEventBatch,
  ledgerEventBatch,
  letterBatch,
  paymentEventBatch,
} from '@florin/contracts';
import { batchToldBy, type Incoming, type Verifier } from '@florin/messaging';

/**
 * Reads what others tell. Only the ledger may say that money came, only identity that somebody
 * wants to be forgotten or is to be written to.
 * @throws TerminalError for what is not signed by them, or is no batch of their events
 */
export const createDecoders = (verify: Verifier) => ({
  ledgerEvents: (message: Incoming) => batchToldBy(verify, message, 'ledger', ledgerEventBatch),
  paymentEvents: (message: Incoming) => batchToldBy(verify, message, 'payments', paymentEventBatch),
  identityEvents: (message: Incoming) =>
    batchToldBy(verify, message, 'identity', identityEventBatch),
  letters: (message: Incoming) => batchToldBy(verify, message, 'identity', letterBatch),
});
