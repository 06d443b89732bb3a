import {
  bankOf,
  bankPaymentBody,
  dryRunView,
  transactionView,
  transferBody,
  type TransactionOrder,
} from '@florin/contracts';
import type { BankBreakers } from '../adapters/bank-breakers.ts';
import type { WalletDirectory, WalletFacts } from '../adapters/wallet-directory.ts';
import { fingerprintOf, transactionIdOf } from '../domain/idempotency.ts';
import {
  bankOrderOf,
  transferOrderOf,
  type BankPaymentRequest,
  type OrderIdentity,
  type TransferRequest,
} from '../domain/order.ts';
import { isRefusal, refusal, walletNotFound, type Refusal } from '../domain/refusal.ts';
import { insightOf } from '../domain/transaction-view.ts';
import type { FindRecipientWallet } from '../find-recipient-wallet.ts';
import type { FindTransaction } from '../find-transaction.ts';
import type { PlaceTransaction } from '../place-transaction.ts';
import type { ProtectWithdrawal } from '../protect-withdrawal.ts';
import { route, type Answer, type Call, type Route } from '../rest/route.ts';
import type { Simulate } from '../simulate.ts';
import { answerDryRun, answerPlacement } from './payment-answers.ts';
import { ownWallet } from './wallet-access.ts';

export interface PaymentDeps {
  directory: WalletDirectory;
  breakers: Pick<BankBreakers, 'openForSeconds'>;
  findTransaction: FindTransaction;
  findRecipientWallet: FindRecipientWallet;
  placeTransaction: PlaceTransaction;
  simulate: Pick<Simulate, 'order'>;
  protectWithdrawal: ProtectWithdrawal;
}

type PaymentCall<Body> = Pick<
  Call<'transactions:write', unknown, undefined, Body>,
  | 'caller'
  | 'body'
  | 'method'
  | 'path'
  | 'idempotencyKey'
  | 'dryRun'
  | 'context'
  | 'preference'
  | 'requestId'
>;

const ANSWERS = {
  200: { description: 'Of a dry run', schema: dryRunView },
  201: { description: 'Final: completed or held', schema: transactionView },
  202: { description: 'Not decided yet: see Location', schema: transactionView },
} as const;

const SHARED = {
  method: 'POST',
  tag: 'Payments',
  access: 'transactions:write',
  idempotencyKey: 'required',
  waits: true,
  simulates: true,
  scored: true,
  answers: ANSWERS,
} as const;

const identityOf = (call: PaymentCall<unknown>, { currency }: WalletFacts): OrderIdentity => ({
  transactionId: transactionIdOf(call.caller.id, call.idempotencyKey),
  clientId: call.caller.id,
  bodyHash: fingerprintOf(call.method, call.path, call.body),
  currency,
  context: call.context,
});

async function orderTransfer(
  { directory, findRecipientWallet }: PaymentDeps,
  call: PaymentCall<TransferRequest>,
): Promise<TransactionOrder | Refusal> {
  const { fromWalletId, toWalletId, toEmail } = call.body;
  // Both are asked for before either is awaited: unknown ones travel in one request.
  const asked = directory.find(fromWalletId);
  const receiver = toWalletId === undefined ? undefined : directory.find(toWalletId);
  const [fromFacts, toFacts] = await Promise.all([asked, receiver]);
  const from = ownWallet(fromFacts, call.caller, fromWalletId);
  if (isRefusal(from)) return from;
  if (toWalletId !== undefined) {
    if (toFacts === undefined) return walletNotFound(toWalletId);
    return transferOrderOf(identityOf(call, from), call.body, toWalletId);
  }
  const found = await findRecipientWallet(toEmail ?? '', from.currency);
  if (found === undefined) {
    return refusal('not-found', `nobody with this e-mail has a wallet in ${from.currency}`);
  }
  return transferOrderOf(identityOf(call, from), call.body, found);
}

async function orderBankPayment(
  type: 'deposit' | 'withdrawal',
  { directory }: PaymentDeps,
  call: PaymentCall<BankPaymentRequest>,
): Promise<TransactionOrder | Refusal> {
  const { walletId } = call.body;
  const facts = ownWallet(await directory.find(walletId), call.caller, walletId);
  return isRefusal(facts) ? facts : bankOrderOf(type, identityOf(call, facts), call.body);
}

/**
 * While a bank's breaker is open no new deposit is begun. One that was begun or promised before is
 * answered as it was: its key stands for it whatever the bank does now.
 */
async function refuseUnavailableBank(
  { breakers, findTransaction }: PaymentDeps,
  order: TransactionOrder,
  bankAccount: string,
): Promise<Refusal | undefined> {
  const bank = bankOf(bankAccount);
  const retryAfterSeconds = breakers.openForSeconds(bank);
  if (retryAfterSeconds === undefined) return undefined;
  if ((await findTransaction(order.transactionId)) !== undefined) return undefined;
  const detail = `the bank ${bank} can not be reached; nothing has been started`;
  return refusal('bank-unavailable', detail, { retryAfterSeconds });
}

export function paymentRoutes(deps: PaymentDeps): Route[] {
  const place = async (
    order: TransactionOrder | Refusal,
    call: PaymentCall<unknown>,
  ): Promise<Answer | Refusal> => {
    if (isRefusal(order)) return order;
    const { requestId, preference } = call;
    if (call.dryRun) {
      return answerDryRun(await deps.simulate.order(order, requestId), insightOf(call.caller));
    }
    const placement = await deps.placeTransaction(order, { requestId, waitMs: preference.waitMs });
    return answerPlacement(placement, preference, insightOf(call.caller));
  };

  return [
    route({
      ...SHARED,
      path: '/v1/transfers',
      summary: 'Send money to another wallet',
      description: 'To a wallet, or to the oldest open wallet of the person with that e-mail.',
      body: transferBody,
      problems: [
        'not-found',
        'insufficient-funds',
        'wallet-frozen',
        'wallet-closed',
        'currency-mismatch',
        'same-wallet',
        'risk-blocked',
      ],
      handle: async (call) => place(await orderTransfer(deps, call), call),
    }),
    route({
      ...SHARED,
      path: '/v1/deposits',
      summary: 'Bring money from a bank account into a wallet',
      description: 'Pending until the bank has paid. 503 while the bank can not be reached.',
      body: bankPaymentBody,
      problems: [
        'not-found',
        'wallet-frozen',
        'wallet-closed',
        'risk-blocked',
        'bank-declined',
        'bank-unavailable',
      ],
      handle: async (call) => {
        const order = await orderBankPayment('deposit', deps, call);
        if (isRefusal(order)) return order;
        const unavailable = await refuseUnavailableBank(deps, order, call.body.bankAccount);
        return unavailable ?? place(order, call);
      },
    }),
    route({
      ...SHARED,
      path: '/v1/withdrawals',
      summary: 'Pay money out to a bank account',
      description:
        'Held on the wallet at once, and paid out or released when the bank has spoken. A large ' +
        'one, or one to a new bank account, wants a fresh proof of identity.',
      body: bankPaymentBody,
      problems: [
        'not-found',
        'insufficient-funds',
        'wallet-frozen',
        'wallet-closed',
        'risk-blocked',
        'step-up-required',
      ],
      handle: async (call) => {
        const order = await orderBankPayment('withdrawal', deps, call);
        if (isRefusal(order)) return order;
        if (call.dryRun) return place(order, call);
        return (await deps.protectWithdrawal(call.caller, order)) ?? place(order, call);
      },
    }),
  ];
}
