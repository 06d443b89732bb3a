import { faultText, type Clock } from '@florin/kernel';
import { isTransient, type Database } from '@florin/postgres';
import { pollWork, type Logger, type Metrics, type PolledWork } from '@florin/runtime';
import type { SendResult, WebhookSender } from './adapters/webhook-sender.ts';
import { retryDelayMs } from './domain/retry-schedule.ts';
import { webhookSignature } from './domain/webhook-secret.ts';
import type { OpenSecret } from './manage-webhooks.ts';
import { claimDeliveries, recordAttempt, type ClaimedDelivery } from './sql/deliveries.ts';
import { setWebhookStatus } from './sql/webhooks.ts';

/** Of one webhook at the same time: a receiver that hangs must not take the place of all others. */
const PER_WEBHOOK_MAX = 4;
/** Said by a receiver that wants to hear no more (RFC 9110, 15.5.11). */
const GONE = 410;

interface DeliverDeps {
  db: Database['slonik'];
  sender: WebhookSender;
  openSecret: OpenSecret;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  concurrency: number;
  timeoutMs: number;
  retrySchedule: readonly number[];
  pollMs: number;
  random?: () => number;
}

export interface Deliverer {
  start(): void;
  /** Something may be due. */
  wake(): void;
  /** Takes up nothing more; resolves when what is under way has been written down. */
  stop(): Promise<void>;
}

/**
 * Makes the attempts that are due. At least once: killed between a receiver's answer and its
 * record, the same delivery goes out again, under the same id.
 */
export function createDeliverer(deps: DeliverDeps): Deliverer {
  const { db, sender, clock, log, concurrency, random = Math.random } = deps;
  const attempts = deps.metrics.counter({
    name: 'webhook_attempts_total',
    help: 'Attempts to deliver to a webhook, by how they ended',
    labelNames: ['outcome'],
  });
  const busy = new Map<string, number>();
  const underWay = new Set<Promise<void>>();
  let claiming: PolledWork | undefined;

  const occupy = (webhookId: string, change: 1 | -1): void => {
    const now = (busy.get(webhookId) ?? 0) + change;
    if (now === 0) busy.delete(webhookId);
    else busy.set(webhookId, now);
  };

  function send(delivery: ClaimedDelivery): Promise<SendResult> {
    const { id, webhookId, url, body } = delivery;
    const timestampSeconds = Math.floor(clock.nowMs() / 1000);
    const secrets = [delivery.secret, delivery.previousSecret].flatMap((sealed) =>
      sealed === null ? [] : deps.openSecret(webhookId, Buffer.from(sealed)),
    );
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(timestampSeconds),
      'webhook-signature': webhookSignature(secrets, { id, timestampSeconds, body }),
    };
    return sender.send(url, headers, body);
  }

  function nextOf(failedAttempts: number, result: SendResult) {
    if (result.problem === undefined) return { state: 'delivered' } as const;
    const delayMs = retryDelayMs(deps.retrySchedule, failedAttempts, random());
    if (delayMs === undefined || result.status === GONE) return { state: 'failed' } as const;
    return { state: 'pending', dueAt: new Date(clock.nowMs() + delayMs) } as const;
  }

  async function attempt(delivery: ClaimedDelivery): Promise<void> {
    const { id: deliveryId, webhookId, attempts: number } = delivery;
    const at = new Date(clock.nowMs());
    try {
      const { status, problem, durationMs } = await send(delivery);
      const next = nextOf(number, { status, problem, durationMs });
      const record = { deliveryId, attempt: number, at, durationMs, status, problem };
      await recordAttempt(db, record, next);
      if (status === GONE) await setWebhookStatus(db, webhookId, 'disabled', 'answered 410 Gone');
      attempts.inc({ outcome: next.state });
    } catch (error) {
      // Nothing is lost: the claim ends, and the delivery is due again.
      const level = isTransient(error) ? 'warn' : 'error';
      log[level]({ err: error, deliveryId }, `a delivery has to wait: ${faultText(error)}`);
      attempts.inc({ outcome: 'fault' });
    }
  }

  function begin(delivery: ClaimedDelivery): void {
    occupy(delivery.webhookId, 1);
    const work = attempt(delivery).finally(() => {
      occupy(delivery.webhookId, -1);
      underWay.delete(work);
      claiming?.wake();
    });
    underWay.add(work);
  }

  /** False: whoever makes room wakes us again. */
  async function claimOnce(): Promise<false> {
    const room = concurrency - underWay.size;
    if (room <= 0) return false;
    const nowMs = clock.nowMs();
    const claimed = await claimDeliveries(db, {
      room,
      perWebhook: PER_WEBHOOK_MAX,
      busy: [...busy].filter(([, count]) => count >= PER_WEBHOOK_MAX).map(([id]) => id),
      now: new Date(nowMs),
      // Longer than any attempt takes.
      until: new Date(nowMs + 2 * deps.timeoutMs + 5_000),
    });
    for (const delivery of claimed) begin(delivery);
    return false;
  }

  return {
    start() {
      const name = 'delivering webhooks';
      claiming ??= pollWork({ name, everyMs: deps.pollMs, log, doSome: claimOnce });
    },
    wake: () => claiming?.wake(),
    async stop() {
      await claiming?.stop();
      await Promise.all(underWay);
    },
  };
}
