import {
  EVENT_TYPES,
  type EventName,
  type LedgerEvent,
  type ToldEventName,
  type Transaction,
} from '@florin/contracts';

/** What somebody is told about an event: an owner, or machine clients who hear everything. */
export interface Telling {
  /** Undefined: whoever hears everything. */
  ownerId: string | undefined;
  eventId: string;
  eventType: ToldEventName;
  time: string;
  /** As the API shows it to this audience. */
  data: Record<string, unknown>;
}

const NAME_OF = Object.fromEntries(
  Object.entries(EVENT_TYPES).map(([name, type]) => [type, name]),
) as Record<LedgerEvent['type'], EventName>;

export const eventNameOf = (event: LedgerEvent): EventName => NAME_OF[event.type];

/** The wallets whose owners hear of an event. */
export function walletsOf({ data }: LedgerEvent): string[] {
  if ('wallet' in data) return [];
  const { walletId, counterpartyWalletId } = data.transaction;
  return counterpartyWalletId === undefined ? [walletId] : [walletId, counterpartyWalletId];
}

/** What stays between us, the bank and our own risk people. */
function publicView(transaction: Transaction): Record<string, unknown> {
  const { bankAccount: _bank, risk: _risk, review, ...view } = transaction;
  return {
    ...view,
    ...(review && { review: { status: review.status, expiresAt: review.expiresAt } }),
  };
}

/**
 * Who is told what. The owner of the deciding wallet hears all of it, the receiver of a payment
 * that the money came (not what the payer has left), machine clients all.
 * @param ownerOf the owner of each wallet of the event
 */
export function tellingsOf(
  event: LedgerEvent,
  ownerOf: (walletId: string) => string | undefined,
): Telling[] {
  const eventType = eventNameOf(event);
  const base = { eventId: event.id, eventType, time: event.time };
  const { data } = event;
  if ('wallet' in data) {
    const wallet = { wallet: data.wallet };
    return [
      { ...base, ownerId: undefined, data: wallet },
      { ...base, ownerId: data.wallet.ownerId, data: wallet },
    ];
  }
  const { transaction } = data;
  const full = publicView(transaction);
  const payer = ownerOf(transaction.walletId);
  const receiver = ownerOf(transaction.counterpartyWalletId ?? '');
  const tellings: Telling[] = [{ ...base, ownerId: undefined, data: { transaction: full } }];
  if (payer !== undefined) tellings.push({ ...base, ownerId: payer, data: { transaction: full } });
  if (receiver === undefined || receiver === payer) return tellings;
  if (eventType !== 'transaction-completed') return tellings;
  const { balances: _balances, ...received } = full;
  tellings.push({ ...base, ownerId: receiver, data: { transaction: received } });
  return tellings;
}
