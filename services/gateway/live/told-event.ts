import type { LedgerEvent } from '@florin/contracts';
import { jsonOf, type Incoming } from '@florin/messaging';
import type { Position } from './position.ts';

/** An event of the ledger, with where it stands in the stream and whose wallets it touches. */
export interface ToldEvent {
  position: Position;
  event: LedgerEvent;
  walletIds: string[];
}

function walletIdsOf({ data }: LedgerEvent): string[] {
  if ('wallet' in data) return [data.wallet.id];
  const { walletId, counterpartyWalletId = walletId } = data.transaction;
  const moved = data.entries.map((entry) => entry.walletId);
  return [...new Set([walletId, counterpartyWalletId, ...moved])];
}

/**
 * Reads messages of the event stream, each event once: after a crash the ledger may tell some
 * again, with the numbers that they had. Only the ledger may publish here (its user in
 * nats-server), and nothing is decided by what is shown: signatures are not checked again.
 */
export function createEventDecoder() {
  const heard = new Map<number, number>();

  return function decode(message: Incoming): ToldEvent[] {
    const batch = jsonOf(message);
    if (!Array.isArray(batch)) return [];
    return (batch as LedgerEvent[]).flatMap((event, index) => {
      const { partition, sequence } = event.data;
      if (sequence <= (heard.get(partition) ?? 0)) return [];
      heard.set(partition, sequence);
      const position = { sequence: message.sequence, index };
      return [{ position, event, walletIds: walletIdsOf(event) }];
    });
  };
}
