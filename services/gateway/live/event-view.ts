import { EVENT_TYPES, type EventName, type LedgerEvent } from '@florin/contracts';
import { counterpartyView, ownView } from '../domain/transaction-view.ts';

const NAME_OF = Object.fromEntries(
  Object.entries(EVENT_TYPES).map(([name, type]) => [type, name]),
) as Record<LedgerEvent['type'], EventName>;

/** An event as a client sees it: its name, and what it is about as the API shows it. */
export interface EventView {
  name: EventName;
  data: Record<string, unknown>;
}

/**
 * What a follower may know of an event: all of its own wallets', of a payment from somebody else
 * only that the money came. Undefined for what is none of its business.
 */
export function eventViewFor(
  event: LedgerEvent,
  isOwn: (walletId: string) => boolean,
): EventView | undefined {
  const name = NAME_OF[event.type];
  const { id, time, data } = event;
  if ('wallet' in data) {
    return isOwn(data.wallet.id) ? { name, data: { id, time, wallet: data.wallet } } : undefined;
  }
  const { transaction } = data;
  if (isOwn(transaction.walletId)) {
    return { name, data: { id, time, transaction: ownView(transaction) } };
  }
  if (event.type !== EVENT_TYPES['transaction-completed']) return undefined;
  return { name, data: { id, time, transaction: counterpartyView(transaction) } };
}
