import type { PROVIDER_REQUESTS } from '@florin/contracts';
import { isTransient, type Database } from '@florin/postgres';
import { RetryableError } from '@florin/kernel';
import type { Logger, Metrics } from '@florin/runtime';
import type { z } from 'zod';
import type { Bank } from './adapters/bank.ts';
import type { ProviderHint } from './adapters/stripe-webhooks.ts';
import { BANK_STATES } from './domain/payment.ts';
import { claimedRow, type ClaimedPayment } from './sql/claimed-row.ts';
import { noteContradiction, noteHint } from './sql/provider-hints.ts';

type Contract = typeof PROVIDER_REQUESTS.hearProvider;
type Heard = z.input<Contract['response']>;

interface HearDeps {
  pool: Database['hot'];
  banks: ReadonlyMap<string, Pick<Bank, 'checkStatus'>>;
  /** Of each bank that sends webhooks, what they are signed with: two while they are changed. */
  webhookSecrets: ReadonlyMap<string, readonly string[]>;
  worker: string;
  metrics: Metrics;
  log: Logger;
  /** A payment may be due. */
  wake(): void;
}

const isWithBank = ({ state }: ClaimedPayment): boolean =>
  (BANK_STATES as readonly string[]).includes(state);

/**
 * Hears a webhook of a provider. It is a hint and no more: it makes the saga look sooner at what
 * the provider itself says of the payment, so that it may come late, twice, in any order, or never.
 * What contradicts an outcome that the ledger was told is for people.
 */
export function createHearProvider(deps: HearDeps) {
  const { pool, banks, webhookSecrets, worker, metrics, log, wake } = deps;
  const webhooks = metrics.counter({
    name: 'bank_webhooks_total',
    help: 'Webhooks of providers by what came of them',
    labelNames: ['bank', 'result'],
  });
  const contradictions = metrics.counter({
    name: 'bank_contradictions_total',
    help: 'Payments whose provider took back what the ledger was told',
    labelNames: ['bank', 'kind'],
  });

  // Known from the start: what appears with its first count has not increased, to an alert.
  for (const bank of webhookSecrets.keys()) {
    for (const kind of ['charge', 'payout']) contradictions.inc({ bank, kind }, 0);
  }

  /** Looks whether the provider means it. */
  async function contradict(payment: ClaimedPayment, { says }: ProviderHint): Promise<void> {
    const { bank, kind, transactionId, failureCode } = payment;
    const told = failureCode === null ? 'settled' : 'declined';
    if (says === undefined || says === told) return;
    const now = await banks.get(bank)?.checkStatus(payment);
    if (now?.type !== says) return;
    const { rowCount } = await pool.query({
      ...noteContradiction,
      values: [transactionId, worker],
    });
    if (rowCount === 0) return;
    contradictions.inc({ bank, kind });
    log.error({ bank, kind, transactionId, told, now: says }, 'a provider took back what it said');
  }

  async function hear(bank: string, hint: ProviderHint): Promise<'noted' | 'ignored'> {
    const values = [hint.transactionId, bank, hint.reference];
    const { rows } = await pool.query({ ...noteHint, values });
    if (rows[0] === undefined) return 'ignored';
    const payment = claimedRow.parse(rows[0]);
    if (isWithBank(payment)) wake();
    else await contradict(payment, hint);
    return 'noted';
  }

  async function answer({
    bank,
    payload,
    signature,
  }: z.output<Contract['request']>): Promise<Heard> {
    const secrets = webhookSecrets.get(bank);
    if (secrets === undefined) return { ok: false, code: 'not-found' };
    // The package of a provider is read only where there is one.
    const { readStripeWebhook } = await import('./adapters/stripe-webhooks.ts');
    const hint = readStripeWebhook(payload, signature, secrets);
    const result =
      hint === 'forged' || hint === undefined ? (hint ?? 'ignored') : await hear(bank, hint);
    webhooks.inc({ bank, result });
    return result === 'forged' ? { ok: false, code: 'bad-signature' } : { ok: true, result };
  }

  return (asked: z.output<Contract['request']>): Promise<Heard> =>
    answer(asked).catch((error: unknown) => {
      if (!isTransient(error)) throw error;
      throw new RetryableError('a webhook can not be noted now', { cause: error });
    });
}
