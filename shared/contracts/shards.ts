import { z } from 'zod';
import { rateText } from './quotes.ts';
import { partitionOf } from './subjects.ts';
import { currency, id, metadata, minorText, movedMinorText, plainText } from './schema-fields.ts';
import { fee, REFUSAL_CODES } from './transaction.ts';

/** More would be more Postgres servers than anybody runs for one ledger. */
const SHARDS_MAX = 64;

/**
 * Which ledger shard keeps the books of a partition: its number from 0, by partition. A new map has
 * a higher version.
 */
export const shardMap = z.object({
  version: z.number().int().min(1),
  partitions: z
    .array(
      z
        .number()
        .int()
        .min(0)
        .max(SHARDS_MAX - 1),
    )
    .min(1)
    .max(1024),
  /** How many shards there are, where some of them keep no partition yet, or none any more. */
  shards: z.number().int().min(1).max(SHARDS_MAX).optional(),
});
export type ShardMap = z.infer<typeof shardMap>;

/** All there are: numbers without a gap, so that each has somebody to ask. */
export const shardCount = ({ partitions, shards = 1 }: ShardMap): number =>
  Math.max(shards, Math.max(...partitions) + 1);

export const partitionsOfShard = ({ partitions }: ShardMap, shard: number): number[] =>
  partitions.flatMap((of, partition) => (of === shard ? [partition] : []));

export const shardOf = ({ partitions }: ShardMap, walletId: string): number =>
  partitions[partitionOf(walletId, partitions.length)] as number;

/** Where one shard alone is asked what the ledger is asked: `rpc.ledger.shard-1.get-wallets`. */
export const shardSubject = (subject: string, shard: number): string =>
  subject.replace(/^rpc\.ledger\./, `rpc.ledger.shard-${shard}.`);

/** The map that an installation runs by: one key of the bucket `shards`. */
export const SHARD_MAP_KEY = 'map';

/** What may reach a wallet in another shard: held there, credited here, captured there. */
export const CROSSING_TYPES = ['transfer', 'reward', 'reversal', 'capture', 'conversion'] as const;

/** What is taken, by whom, for what arrives of a conversion, and at which rate. */
const crossingConversion = z.object({
  ownerId: id,
  quoteId: id,
  fromCurrency: currency,
  fromAmount: movedMinorText,
  rate: rateText,
  baseCurrency: currency,
  fromValue: minorText,
  toValue: minorText,
});

/**
 * The second step of a payment to another shard: its money is held where the payer is, and is
 * credited where the payee is, or not. Said again until it was answered.
 */
export const transferCredit = z.object({
  transactionId: id,
  type: z.enum(CROSSING_TYPES),
  /** Who gets it. */
  walletId: id,
  payerWalletId: id,
  /** What arrives: less than the payment where the payee pays the fee, or something else for it. */
  amount: movedMinorText,
  currency,
  /** Paid in the payer's shard. */
  fee: fee.optional(),
  /** Of a reversal or a capture: of what, and what is left of that after it. */
  followUp: z.object({ relatedTransactionId: id, remaining: minorText }).optional(),
  conversion: crossingConversion.optional(),
  clientId: z.string().min(1).max(100),
  bodyHash: z.string().length(22),
  description: plainText(500).optional(),
  metadata: metadata.optional(),
});
export type TransferCredit = z.infer<typeof transferCredit>;

/** An entry that was made in another shard, as its transaction's event tells it. */
const creditEntry = z.object({
  walletId: id,
  sequence: z.number().int().positive(),
  direction: z.enum(['debit', 'credit']),
  amount: minorText,
  balanceAfter: minorText,
  overdraftLimit: minorText.optional(),
});

/** The other shard's final word: the hold becomes a payment, or is released. */
export const transferSettlement = z.object({
  transactionId: id,
  /** Who pays. */
  walletId: id,
  payeeWalletId: id,
  currency,
  outcome: z.discriminatedUnion('status', [
    z.object({ status: z.literal('credited'), entries: z.array(creditEntry).length(2) }),
    z.object({ status: z.literal('refused'), code: z.enum(REFUSAL_CODES) }),
  ]),
});
export type TransferSettlement = z.infer<typeof transferSettlement>;
