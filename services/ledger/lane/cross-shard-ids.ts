import { LANE_TYPES, shardOf } from '@florin/contracts';
import { arrivalIdOf } from '../domain/arrival-id.ts';
import { pairName } from '../domain/shards.ts';
import { systemAccountId } from '../domain/system-accounts.ts';
import type { BatchIds, Commands } from './load-book.ts';
import type { ShardPlace } from './shard-view.ts';

/** What the commands need besides, where wallets may be in other shards. */
export function addCrossings({ own, map }: ShardPlace, items: Commands, ids: BatchIds): void {
  const accounts = new Set<string>();
  /** Of what departed before a partition moved, the other side may be here by now. */
  const addAccount = (other: string, currency: string, partition: number): void => {
    accounts.add(`${pairName(own, shardOf(map, other))} ${currency} ${partition}`);
  };
  for (const { partition, commands } of items) {
    for (const { message } of commands) {
      if (
        message.type === LANE_TYPES.transactionInitiated ||
        message.type === LANE_TYPES.rewardInitiated
      ) {
        const { data } = message;
        if (!('counterpartyWalletId' in data)) continue;
        const arriving = 'quote' in data ? data.quote.toCurrency : data.currency;
        if (shardOf(map, data.counterpartyWalletId) === own) continue;
        addAccount(data.counterpartyWalletId, arriving, partition);
      } else if (message.type === LANE_TYPES.creditTransfer) {
        const { transactionId, payerWalletId, currency, type, followUp } = message.data;
        const id = arrivalIdOf(transactionId);
        if (id === undefined) continue;
        ids.transactionIds.add(id);
        ids.arrivalIds.add(id);
        // What is given back was paid from here.
        if (type === 'reversal') ids.followedIds.add(followUp?.relatedTransactionId ?? id);
        addAccount(payerWalletId, currency, partition);
      } else if (message.type === LANE_TYPES.settleTransfer) {
        const { transactionId, payeeWalletId, currency } = message.data;
        ids.transactionIds.add(transactionId).add(arrivalIdOf(transactionId) ?? transactionId);
        // What it costs is paid now.
        ids.settledIds.add(transactionId);
        addAccount(payeeWalletId, currency, partition);
      } else if (message.type === LANE_TYPES.expireHold) {
        ids.followedIds.add(message.data.transactionId);
      } else if (
        message.type === LANE_TYPES.followUpInitiated ||
        message.type === LANE_TYPES.rewardReversalInitiated
      ) {
        const { relatedTransactionId } = message.data;
        const arrival = arrivalIdOf(relatedTransactionId) ?? relatedTransactionId;
        ids.transactionIds.add(arrival);
        ids.relatedIds.add(arrival);
        ids.followedIds.add(relatedTransactionId).add(arrival);
      }
    }
  }
  for (const account of accounts) {
    const [pair = '', currency = '', partition] = account.split(' ');
    ids.walletIds.add(systemAccountId('transit', pair, currency, Number(partition)));
  }
}
