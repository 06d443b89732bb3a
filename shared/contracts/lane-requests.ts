import { z } from 'zod';
import { plainText, timestamp } from './schema-fields.ts';

const count = z.number().int().nonnegative();

/** One of the ordered partitions that wallets hash to, and how far its orders are. */
export const laneView = z.object({
  partition: count,
  owner: z.string().nullable().meta({ description: 'The process that decides; null: none now' }),
  epoch: count.meta({ description: 'How often the partition has changed hands' }),
  events: count.meta({ description: 'Numbered so far' }),
  untold: count.meta({ description: 'Committed, not yet known to be in the event stream' }),
  lagSeconds: z
    .number()
    .nullable()
    .meta({ description: 'Age of its oldest undecided order; 0: none. null: not known now' }),
  haltedReason: z.string().optional().meta({ description: 'It stands still until it is cleared' }),
});
export type LaneView = z.infer<typeof laneView>;
export const lanesView = z.object({ items: z.array(laneView) });

/** A message that nobody can handle. */
export const deadLetterView = z.object({
  id: z.string(),
  reader: z.string().meta({ description: 'Who could not handle it: others may have been able to' }),
  at: timestamp,
  place: z.string().meta({ description: 'Where it lay' }),
  reason: z.string(),
  retryable: z.boolean().meta({ description: 'Whether its reader takes it again when asked to' }),
  removable: z.boolean().meta({ description: 'What lies in the books stays there as evidence' }),
});
export type DeadLetterView = z.infer<typeof deadLetterView>;
export const deadLettersView = z.object({
  items: z.array(deadLetterView),
  nextCursor: z.null(),
});
export const discardBody = z.strictObject({
  note: plainText(500).optional().meta({ description: 'Why: for colleagues and the audit log' }),
});

/** What may be asked of the ledger about its lanes. */
export const LANE_REQUESTS = {
  listLanes: {
    subject: 'rpc.ledger.list-lanes',
    request: z.object({}),
    response: z.object({ lanes: z.array(laneView) }),
  },
  /** The newest first. */
  listLaneLetters: {
    subject: 'rpc.ledger.list-lane-letters',
    request: z.object({ limit: z.number().int().min(1).max(1000) }),
    response: z.object({
      letters: z.array(
        z.object({
          partition: count,
          sequence: z.string(),
          item: count,
          reason: z.string(),
          at: timestamp,
        }),
      ),
    }),
  },
} as const;
