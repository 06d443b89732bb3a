import type { LedgerEvent } from '@florin/contracts';
import { RetryableError } from '@florin/kernel';
import { createGroupWriter } from '@florin/postgres';
import type { TellEvents } from './tell-event.ts';

export const MESSAGES_TOGETHER_MAX = 256;
/** Nobody notices such a delay, and a commit for each message costs ten times more. */
const GATHER_MS = 20;

type Told = 'told' | { fault: unknown };

/**
 * Tells the events of many messages in a few statements. A message that can't be told spoils it for
 * itself only: the others of its group are then told one by one.
 */
export function createTellTogether(tell: TellEvents): TellEvents {
  async function tellAlone(events: readonly LedgerEvent[]): Promise<Told> {
    try {
      await tell(events);
      return 'told';
    } catch (fault) {
      return { fault };
    }
  }

  const told = createGroupWriter(
    async (messages: (readonly LedgerEvent[])[]): Promise<Told[]> => {
      const together = await tellAlone(messages.flat());
      const isOver = together === 'told' || together.fault instanceof RetryableError;
      if (isOver || messages.length === 1) return messages.map(() => together);
      return Promise.all(messages.map(tellAlone));
    },
    { groupMax: MESSAGES_TOGETHER_MAX, gatherMs: GATHER_MS },
  );

  return async (events) => {
    const ended = await told(events);
    if (ended !== 'told') throw ended.fault;
  };
}
