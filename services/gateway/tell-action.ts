import { uuidv7, type Clock } from '@florin/kernel';
import type { RecordAction } from '@florin/messaging';

/** Tells the audit log what one of the staff has just done: it is done by the time this is told. */
export const createTellAction =
  ({ record, clock }: { record: RecordAction; clock: Clock }) =>
  (
    { caller, requestId }: { caller: { id: string }; requestId: string },
    action: string,
    target: string,
    facts: { before?: string; after?: string; note?: string } = {},
  ): Promise<unknown> => {
    const nowMs = clock.nowMs();
    const at = new Date(nowMs).toISOString();
    return record({
      id: uuidv7(nowMs),
      at,
      actorId: caller.id,
      action,
      target,
      requestId,
      ...facts,
    });
  };
