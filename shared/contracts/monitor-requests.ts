import { z } from 'zod';
import { amountInput, id, minorText, timestamp } from './schema-fields.ts';

const direction = z.enum(['below', 'above']).meta({
  description: '`below`: it falls below the threshold; `above`: it reaches it',
});

/** A line that the posted balance of a wallet may cross. */
export const balanceMonitor = z.object({
  id,
  walletId: id,
  direction,
  threshold: minorText,
  createdAt: timestamp,
  lastCrossedAt: timestamp.optional(),
});
export type BalanceMonitor = z.infer<typeof balanceMonitor>;

const threshold = z
  .union([z.literal(0), z.literal('0'), amountInput])
  .transform(String)
  .meta({ description: 'Minor units, from 0', examples: ['2500'] });

export const monitorBody = z.strictObject({ walletId: id, direction, threshold });
export const monitorChangeBody = z
  .strictObject({ direction: direction.optional(), threshold: threshold.optional() })
  .refine((change) => Object.keys(change).length > 0, { error: 'must change something' });

const limit = z.number().int().min(1).max(100);
const owned = { ownerId: id, id };
const found = z.object({ monitor: balanceMonitor.nullable() });

/** What may be asked of notifications about balance monitors. Of others' it knows nothing: null. */
export const MONITOR_REQUESTS = {
  createMonitor: {
    subject: 'rpc.notifications.create-monitor',
    request: z.object({ ownerId: id, walletId: id, direction, threshold: minorText }),
    response: z.union([
      z.object({ monitor: balanceMonitor }),
      z.object({ refused: z.literal('too-many'), detail: z.string() }),
    ]),
  },
  getMonitor: {
    subject: 'rpc.notifications.get-monitor',
    request: z.object(owned),
    response: found,
  },
  changeMonitor: {
    subject: 'rpc.notifications.change-monitor',
    request: z.object({
      ...owned,
      direction: direction.optional(),
      threshold: minorText.optional(),
    }),
    response: found,
  },
  /** Newest first. */
  listMonitors: {
    subject: 'rpc.notifications.list-monitors',
    request: z.object({ ownerId: id, cursor: z.string().max(200).optional(), limit }),
    response: z.object({ items: z.array(balanceMonitor), nextCursor: z.string().nullable() }),
  },
  deleteMonitor: {
    subject: 'rpc.notifications.delete-monitor',
    request: z.object(owned),
    response: z.object({ deleted: z.boolean() }),
  },
} as const;
