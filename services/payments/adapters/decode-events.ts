import {
  identityEventBatch,
  ledgerEventBatch,
  type IdentityEvent,
  type Transaction,
} from '@florin/contracts';
import { TerminalError } from '@florin/kernel';
import { contentToldBy, type Incoming, type Verifier } from '@florin/messaging';

/** What orders of ours carry: all other events are left unread, which is most of them. */
const MARKS = ['"scheduledTransferId"', '"paymentRequestId"'].map((mark) => Buffer.from(mark));

function believed(verify: Verifier, message: Incoming, producer: string): unknown {
  const told = contentToldBy(verify, message, producer);
  if (told.ok) return told.value;
  throw new TerminalError(told.error);
}

/**
 * Reads what the ledger and identity tell, of which only they may say it.
 * @throws TerminalError for what is not signed by them, or is no batch of their events
 */
export function createDecoders(verify: Verifier) {
  return {
    /** Transactions that may be ours. */
    transactions(message: Incoming): Transaction[] {
      const body = Buffer.from(message.body);
      if (!MARKS.some((mark) => body.includes(mark))) return [];
      const parsed = ledgerEventBatch.safeParse(believed(verify, message, 'ledger'));
      if (!parsed.success) {
        throw new TerminalError('not a batch of ledger events', { cause: parsed.error });
      }
      return parsed.data.flatMap(({ data }) => ('transaction' in data ? [data.transaction] : []));
    },
    identityEvents(message: Incoming): IdentityEvent[] {
      const parsed = identityEventBatch.safeParse(believed(verify, message, 'identity'));
      if (parsed.success) return parsed.data;
      throw new TerminalError('not a batch of identity events', { cause: parsed.error });
    },
  };
}
