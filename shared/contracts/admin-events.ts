import { z } from 'zod';
import { envelopeOf } from './envelope.ts';

/** Something an operator did, told by the service that carried it out. */
export const adminAction = z.object({
  actorId: z.string().max(100),
  /** What was done, e.g. `flag-changed`, `review-approved`. */
  action: z.string().max(60),
  /** What it was done to, e.g. a flag's key or a transaction's id. */
  target: z.string().max(200),
  before: z.string().max(2000).optional(),
  after: z.string().max(2000).optional(),
  note: z.string().max(500).optional(),
});
export type AdminAction = z.infer<typeof adminAction>;

export const ADMIN_ACTION_TYPE = 'florin.admin-action.v1';
export const adminActionEvent = envelopeOf(ADMIN_ACTION_TYPE, adminAction);
export type AdminActionEvent = z.infer<typeof adminActionEvent>;
