import type { Review, Risk } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { machineToken } from '../faults/machine-token.ts';
import type { Acknowledged, Payment } from '../faults/payer.ts';
import type { DevFile } from '../platform/dev-file.ts';
import { createPerson, type Answer, type Person } from './person.ts';

/** A transaction as a machine client sees it: with all that was thought of it. */
export interface Seen {
  id: string;
  status: string;
  walletId: string;
  counterpartyWalletId?: string;
  amount: string;
  risk?: Risk;
  review?: Review;
  failure?: { code: string };
}

/** Where somebody pays from: a device, and a place that only a machine client may tell. */
export interface Origin {
  device?: string;
  geo?: string;
}

/** A platform full of wallets, played by one machine client that may pay from all of them. */
export interface Cast {
  machine: Person;
  /** Everything that was told about payments, to be compared with the books. */
  told: Acknowledged[];
  /** A wallet in USD with so many cents, of somebody who has nothing to do with the others. */
  wallet(cents?: number, from?: Origin): Promise<string>;
  transfer(from: string, to: string, cents: number, origin?: Origin): Promise<Seen>;
  deposit(wallet: string, cents: number, bank: string, origin?: Origin): Promise<Seen>;
  withdraw(wallet: string, cents: number, origin?: Origin): Promise<Seen>;
  report(transaction: Seen, label?: 'fraud' | 'legitimate'): Promise<void>;
  setFlag(variant: 'enforce' | 'shadow' | 'off'): Promise<void>;
}

const headersOf = ({ device, geo }: Origin): Record<string, string> => ({
  ...(device === undefined ? {} : { 'x-device-id': device }),
  ...(geo === undefined ? {} : { 'x-geo': geo }),
});

/** What became of a payment, whether it was done or refused. */
function seen(answer: Answer<object>): Seen {
  const { transaction = answer.body } = answer.body as { transaction?: object };
  if (!('id' in transaction)) {
    throw new Error(`a payment was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  }
  return transaction as Seen;
}

export async function openCast({ gatewayUrl, oauthClient }: DevFile): Promise<Cast> {
  const machine = createPerson(gatewayUrl, await machineToken(gatewayUrl, oauthClient)());

  const told: Acknowledged[] = [];

  async function pay(path: Payment['path'], body: object, origin: Origin = {}): Promise<Seen> {
    const startedMs = performance.now();
    const key = uuidv7();
    const transaction = seen(await machine.pay(path, body, key, headersOf(origin)));
    const { id: transactionId, status, walletId, counterpartyWalletId, amount } = transaction;
    told.push({
      key,
      path,
      body: {},
      transactionId,
      status,
      walletId,
      ...(counterpartyWalletId === undefined ? {} : { counterpartyWalletId }),
      amount: BigInt(amount),
      attempts: 1,
      startedMs,
      atMs: performance.now(),
    });
    return transaction;
  }

  const cast: Cast = {
    machine,
    told,
    async wallet(cents = 0, from = {}) {
      // They belong to the client itself, whom no limit of people holds back: registering somebody
      // for each would take its time, and whose a wallet is says nothing about its risk.
      const body = { currency: 'USD', name: 'Everyday' };
      const opened = await machine.call<{ id: string }>('POST', '/v1/wallets', body);
      if (cents > 0) await cast.deposit(opened.body.id, cents, 'ok', from);
      return opened.body.id;
    },
    transfer: (from, to, cents, origin) =>
      pay('/v1/transfers', { fromWalletId: from, toWalletId: to, amount: cents }, origin),
    deposit: (walletId, cents, bankAccount, origin) =>
      pay('/v1/deposits', { walletId, amount: cents, bankAccount }, origin),
    withdraw: (walletId, cents, origin) =>
      pay('/v1/withdrawals', { walletId, amount: cents, bankAccount: 'ok' }, origin),
    async report({ id }, label = 'fraud') {
      const path = `/v1/admin/transactions/${id}/report`;
      const answer = await machine.call('POST', path, { label, source: 'chargeback' });
      if (answer.status !== 200) throw new Error(`a report was answered ${answer.status}`);
    },
    async setFlag(variant) {
      const path = '/v1/admin/flags/fraud-scoring';
      const answer = await machine.call('PUT', path, { variant });
      if (answer.status !== 200) throw new Error(`the flag was answered ${answer.status}`);
    },
  };
  return cast;
}
