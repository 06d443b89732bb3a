import { addToTraces } from '@florin/runtime';
import type { LaneClaim, LaneItem } from './lane-item.ts';
import type { Posted } from './posted.ts';

type PostBatch = (claims: readonly LaneClaim[], items: readonly LaneItem[]) => Promise<Posted>;

function* traceparentsOf(items: readonly LaneItem[]): Generator<string | undefined> {
  for (const { commands } of items) for (const { message } of commands) yield message.traceparent;
}

/** Shows the posting of a batch in the traces of its commands: it is over with the commit. */
export const traceBatch =
  (postBatch: PostBatch): PostBatch =>
  async (claims, items) => {
    const startedMs = performance.now();
    const posted = await postBatch(claims, items);
    addToTraces(traceparentsOf(items), {
      name: 'post',
      startedMs,
      attributes: { 'florin.batch.transactions': posted.changes.newTransactions.length },
    });
    return posted;
  };
