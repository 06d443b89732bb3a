import { addToTraces } from '@florin/runtime';
import type { Judge } from './judge.ts';

/** Shows a pass through the models in the traces of the orders that were in it. */
export const traceJudge = (judge: Judge): Judge => ({
  ...judge,
  judge(orders, features, mode) {
    const startedMs = performance.now();
    const verdicts = judge.judge(orders, features, mode);
    addToTraces(
      orders.map(({ event }) => event.traceparent),
      { name: 'score', startedMs, attributes: { 'florin.batch.orders': orders.length } },
    );
    return verdicts;
  },
});
