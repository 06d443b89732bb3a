import type { Metrics } from '@florin/runtime';
import type { LaneSender, OutcomeInbox } from '@florin/messaging';
import { overloaded, type Refusal } from './domain/refusal.ts';

interface AdmissionDeps {
  inbox: Pick<OutcomeInbox, 'size'>;
  lanes: Pick<LaneSender, 'backlog'>;
  connected(): boolean;
  /** Transactions that may wait at once, and orders that may be on their way. */
  inFlightMax: number;
  metrics: Metrics;
}

/** Says no to new work before queues grow: undefined means that there is room. */
export type Admission = (orders: number) => Refusal | undefined;

export function createAdmission(deps: AdmissionDeps): Admission {
  const { inbox, lanes, connected, inFlightMax, metrics } = deps;
  const rejections = metrics.counter({
    name: 'overload_rejections_total',
    help: 'Requests turned away with 503 before anything was stored',
    labelNames: ['reason'],
  });
  metrics.gauge({
    name: 'gateway_waiting_transactions',
    help: 'Transactions whose outcome is awaited',
    collect() {
      this.set(inbox.size());
    },
  });

  const reject = (reason: string, detail: string): Refusal => {
    rejections.inc({ reason });
    return overloaded(detail);
  };

  return (orders) => {
    if (!connected()) return reject('disconnected', 'the message server can not be reached');
    if (inbox.size() + orders > inFlightMax) {
      return reject('waiting', 'too many transactions are waiting for their outcome');
    }
    if (lanes.backlog() + orders > inFlightMax) {
      return reject('backlog', 'too many orders are on their way');
    }
    return undefined;
  };
}
