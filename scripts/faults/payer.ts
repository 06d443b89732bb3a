import { setTimeout as sleep } from 'node:timers/promises';
import { uuidv7 } from '@florin/kernel';

/** What a person asks for. The key stays the same however often it has to be asked. */
export interface Payment {
  key: string;
  path: '/v1/transfers' | '/v1/deposits' | '/v1/withdrawals';
  body: Record<string, string>;
}

export interface Acknowledged extends Payment {
  transactionId: string;
  status: string;
  walletId: string;
  counterpartyWalletId?: string;
  amount: bigint;
  attempts: number;
  startedMs: number;
  atMs: number;
}

interface TransactionBody {
  id: string;
  status: string;
  walletId: string;
  counterpartyWalletId?: string;
  amount: string;
}

const ATTEMPT_MS = 12_000;
/** Longer than any outage that the run makes. Past it the run fails. */
const PATIENCE_MS = 180_000;

/** Who pays over REST, as a careful client does: repeats with the same key until it's told. */
export interface Payer {
  settle(payment: Payment): Promise<Acknowledged>;
}

export function createPayer(gatewayUrl: string, token: () => Promise<string>): Payer {
  async function once(payment: Payment): Promise<TransactionBody | undefined> {
    const response = await fetch(new URL(payment.path, gatewayUrl), {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await token()}`,
        'content-type': 'application/json',
        'idempotency-key': payment.key,
      },
      body: JSON.stringify(payment.body),
      signal: AbortSignal.timeout(ATTEMPT_MS),
    });
    const answer = (await response.json()) as TransactionBody & {
      transaction?: TransactionBody;
      code?: string;
    };
    if (response.status === 201) return answer;
    if (response.status === 422 && answer.transaction) return answer.transaction;
    if (response.status === 202) return undefined;
    // 401: somebody’s clock is wrong, and a token seems to be over.
    if ([401, 409, 429, 500, 502, 503].includes(response.status)) return undefined;
    throw new Error(`${payment.path} answered ${response.status}: ${JSON.stringify(answer)}`);
  }

  return {
    async settle(payment) {
      const startedMs = performance.now();
      for (let attempts = 1; performance.now() - startedMs < PATIENCE_MS; attempts++) {
        const transaction = await once(payment).catch((error: unknown) => {
          // Refused, reset, timed out: nobody knows, so it's asked again with the same key.
          if (error instanceof TypeError || error instanceof DOMException) return undefined;
          throw error;
        });
        if (transaction !== undefined) {
          return {
            ...payment,
            transactionId: transaction.id,
            status: transaction.status,
            walletId: transaction.walletId,
            ...(transaction.counterpartyWalletId === undefined
              ? {}
              : { counterpartyWalletId: transaction.counterpartyWalletId }),
            amount: BigInt(transaction.amount),
            attempts,
            startedMs,
            atMs: performance.now(),
          };
        }
        await sleep(50 + Math.random() * 200);
      }
      throw new Error(`no outcome within ${PATIENCE_MS} ms for ${JSON.stringify(payment)}`);
    },
  };
}

const pick = <T>(items: readonly T[]): T => items[Math.floor(Math.random() * items.length)] as T;

/** Mostly transfers, some from and to one hot wallet, some through the banks. */
export function anyPayment(wallets: readonly string[]): Payment {
  const key = uuidv7();
  const amount = String(1 + Math.floor(Math.random() * 500));
  const [hot] = wallets as [string];
  const dice = Math.random();
  if (dice < 0.01) {
    return {
      key,
      path: '/v1/deposits',
      body: { walletId: pick(wallets), amount, bankAccount: 'ok' },
    };
  }
  if (dice < 0.02) {
    const bankAccount = pick(['ok', 'declined']);
    return { key, path: '/v1/withdrawals', body: { walletId: pick(wallets), amount, bankAccount } };
  }
  const from = dice < 0.2 ? hot : pick(wallets);
  const to = dice > 0.8 && from !== hot ? hot : pick(wallets.filter((wallet) => wallet !== from));
  return { key, path: '/v1/transfers', body: { fromWalletId: from, toWalletId: to, amount } };
}
