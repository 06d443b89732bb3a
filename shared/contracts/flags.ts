import { z } from 'zod';
import { timestamp } from './schema-fields.ts';

/** Feature flags: what each may be, and what it is where nobody has said anything. */
export const FLAGS = {
  'fraud-scoring': {
    variants: ['enforce', 'shadow', 'off'],
    // A new installation knows nobody, and everybody who is new looks like a thief: it watches
    // until its operator has seen enough and says `enforce`.
    default: 'shadow',
    description: 'Scores payments before money moves: decides, only watches, or is not asked',
  },
} as const;

export type FlagKey = keyof typeof FLAGS;
export type FlagVariant<Key extends FlagKey = FlagKey> = (typeof FLAGS)[Key]['variants'][number];

export const isFlagKey = (key: string): key is FlagKey => Object.hasOwn(FLAGS, key);

/** A flag as the bucket keeps it, in JSON under its key. */
export const flagValue = z.object({
  variant: z.string().max(40),
  /** What it was before, so that the change can be told again from here. */
  before: z.string().max(40).optional(),
  changedBy: z.string().max(100),
  changedAt: timestamp,
});
export type FlagValue = z.infer<typeof flagValue>;
