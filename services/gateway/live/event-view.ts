import { EVENT_TYPES, type EventName, type LedgerEvent } from '@florin/contracts';
import { counterpartyView, ownView } from '../domain/transaction-view.ts';

const NAME_OF = Object.fromEntries(
  Object.entries(EVENT_TYPES).map(([name, type]) => [type, name]),
) as Record<LedgerEvent['type'], EventName>;

/** An event as a client sees it: its name, and what it is about as the API shows it, in JSON. */
export interface EventView {
  name: EventName;
  json: string;
}

type Side = 'owner' | 'counterparty';

/** What was written for one client, for the others on the same side: a thousand may listen. */
const written = new WeakMap<LedgerEvent, Partial<Record<Side, EventView>>>();

/**
 * What a follower may know of an event: all of its own wallets', of a payment from somebody else
 * only that the money came. Undefined for what is none of its business.
 */
export function eventViewFor(
  event: LedgerEvent,
  isOwn: (walletId: string) => boolean,
): EventView | undefined {
  const { data } = event;
  const decides = 'wallet' in data ? data.wallet.id : data.transaction.walletId;
  const side = isOwn(decides) ? 'owner' : 'counterparty';
  if (side === 'counterparty' && event.type !== EVENT_TYPES['transaction-completed']) {
    return undefined;
  }
  const views = written.get(event) ?? {};
  written.set(event, views);
  return (views[side] ??= { name: NAME_OF[event.type], json: JSON.stringify(shown(event, side)) });
}

function shown({ id, time, data }: LedgerEvent, side: Side): object {
  if ('wallet' in data) return { id, time, wallet: data.wallet };
  const view = side === 'owner' ? ownView : counterpartyView;
  return { id, time, transaction: view(data.transaction) };
}
