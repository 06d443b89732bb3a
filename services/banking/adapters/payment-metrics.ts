import { faultText } from '@florin/kernel';
import type { Logger, Metrics } from '@florin/runtime';
import { isOutcome, PAYMENT_STATES } from '../domain/payment.ts';
import type { PaymentStore } from './payment-store.ts';

const COUNT_EVERY_MS = 5_000;

/** Counts outcomes as they are stored. */
export function countResolutions(store: PaymentStore, metrics: Metrics): PaymentStore {
  const resolutions = metrics.counter({
    name: 'saga_resolutions_total',
    help: 'Payments whose outcome became known',
    labelNames: ['kind', 'outcome'],
  });
  return {
    ...store,
    async save(change) {
      const saved = await store.save(change);
      const resolved = saved !== undefined && saved.state !== change.payment.state;
      if (resolved && isOutcome(saved.state)) {
        resolutions.inc({ kind: saved.kind, outcome: saved.state });
      }
      return saved;
    },
  };
}

/** Keeps a gauge of the open payments of the whole installation. Answers how to end that. */
export function gaugeOpenPayments(
  store: Pick<PaymentStore, 'countOpen'>,
  metrics: Metrics,
  log: Logger,
): () => void {
  const gauge = metrics.gauge({
    name: 'sagas_open',
    help: 'Payments that are not done, of all processes together; awaited: a provider works on it',
    labelNames: ['state'],
  });
  async function count(): Promise<void> {
    const counted = new Map((await store.countOpen()).map(({ state, open }) => [state, open]));
    for (const state of [...PAYMENT_STATES, 'awaited'] as const) {
      if (state !== 'done') gauge.set({ state }, counted.get(state) ?? 0);
    }
  }
  const look = (): void =>
    void count().catch((error: unknown) => {
      log.warn({ reason: faultText(error) }, 'open payments can not be counted');
    });
  look();
  const timer = setInterval(look, COUNT_EVERY_MS);
  return () => clearInterval(timer);
}
