import {
  identityEventBatch,
  IDENTITY_PLACE,
  ledgerEventBatch,
  type IdentityEvent,
  type LedgerEvent,
} from '@florin/contracts';
import { TerminalError } from '@florin/kernel';
import { jsonOf, signatoryOf, type Incoming, type Verifier } from '@florin/messaging';

type Place = { wallet: string; partition: number };

function signedBy(verify: Verifier, message: Incoming, place: Place, producer: string): unknown {
  const signed = signatoryOf(verify, message, place);
  if (!signed.ok) throw new TerminalError(`signature: ${signed.error}`);
  const { service } = signed.value;
  if (service !== producer) throw new TerminalError(`${service} may not tell this`);
  return jsonOf(message);
}

/**
 * Reads what the ledger and identity tell. Only they may say that money came, or that somebody
 * wants to be forgotten.
 * @throws TerminalError for what is not signed by them, or is no batch of their events
 */
export function createDecoders(verify: Verifier) {
  return {
    ledgerEvents(message: Incoming): LedgerEvent[] {
      const [, partition, wallet = ''] = message.subject.split('.');
      const place = { wallet, partition: Number(partition) };
      const parsed = ledgerEventBatch.safeParse(signedBy(verify, message, place, 'ledger'));
      if (parsed.success) return parsed.data;
      throw new TerminalError('not a batch of ledger events', { cause: parsed.error });
    },
    identityEvents(message: Incoming): IdentityEvent[] {
      const parsed = identityEventBatch.safeParse(
        signedBy(verify, message, IDENTITY_PLACE, 'identity'),
      );
      if (parsed.success) return parsed.data;
      throw new TerminalError('not a batch of identity events', { cause: parsed.error });
    },
  };
}
