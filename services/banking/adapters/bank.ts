import {
  BreakerOpenError,
  CallTimeoutError,
  createBreaker,
  type Breaker,
  type Metrics,
} from '@florin/runtime';
import type { Answer } from '../domain/apply-answer.ts';
import type { Circuit } from '../domain/circuit.ts';
import type { PaymentOrder } from '../domain/payment.ts';
import { BankFault } from './bank-fault.ts';
import type { BankApi } from './bank-api.ts';

/** A bank behind its circuit breaker. What goes wrong is an answer too: nothing is thrown. */
export interface Bank {
  readonly name: string;
  ask(order: PaymentOrder): Promise<Answer>;
  checkStatus(order: PaymentOrder): Promise<Answer>;
  circuit(): Circuit;
  onCircuitChange(listener: (circuit: Circuit) => void): void;
  close(): Promise<void>;
}

export interface BankBreakerOptions {
  /** Above the time limit of a request, which ends first and says more. */
  timeoutMs: number;
  errorThresholdPercentage: number;
  volumeThreshold: number;
  resetTimeoutMs: number;
}

interface BankDeps {
  name: string;
  api: BankApi;
  breaker: BankBreakerOptions;
  metrics: Metrics;
}

type Call = 'ask' | 'checkStatus';

/** What a fault means for the payment. Asking may have executed it, looking at the status can't. */
function answerOfFault(call: Call, error: unknown): Answer {
  if (error instanceof BreakerOpenError) return { type: 'blocked' };
  const known = error instanceof BankFault || error instanceof CallTimeoutError;
  if (!known) throw error;
  if (call === 'checkStatus') return { type: 'unreachable' };
  const mayBeExecuted = !(error instanceof BankFault) || error.mayBeExecuted;
  return { type: mayBeExecuted ? 'lost' : 'not-executed' };
}

function bankMetrics(metrics: Metrics, bank: string) {
  const requests = metrics.counter({
    name: 'bank_requests_total',
    help: 'Calls to banks by what they brought; blocked ones never left',
    labelNames: ['bank', 'kind', 'outcome'],
  });
  const seconds = metrics.histogram({
    name: 'bank_request_duration_seconds',
    help: 'Time a bank took to answer, or not to',
    labelNames: ['bank'],
  });
  return (kind: string, outcome: string, startedMs: number) => {
    requests.inc({ bank, kind, outcome });
    if (outcome === 'blocked') return;
    seconds.observe({ bank }, (performance.now() - startedMs) / 1000);
  };
}

/**
 * Puts a circuit breaker and metrics around a bank's API. Lost and refused connections, timeouts
 * and 5xx count against the bank; a decline is a proper answer.
 */
export function createBank({ name, api, breaker: options, metrics }: BankDeps): Bank {
  const record = bankMetrics(metrics, name);
  const breaker: Breaker<[Call, PaymentOrder], Answer> = createBreaker(
    name,
    (which: Call, order: PaymentOrder) => api[which](order),
    options,
    metrics,
  );

  async function call(which: Call, order: PaymentOrder): Promise<Answer> {
    const startedMs = performance.now();
    const answer = await breaker
      .fire(which, order)
      .catch((error: unknown) => answerOfFault(which, error));
    record(which === 'ask' ? order.kind : 'status', answer.type, startedMs);
    return answer;
  }

  return {
    name,
    ask: (order) => call('ask', order),
    checkStatus: (order) => call('checkStatus', order),
    circuit: breaker.state,
    onCircuitChange: (listener) => breaker.onStateChange(listener),
    async close() {
      breaker.close();
      await api.close();
    },
  };
}
