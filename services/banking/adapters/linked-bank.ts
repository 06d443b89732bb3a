import { isUuid } from '@florin/kernel';
import type { PaymentOrder } from '../domain/payment.ts';
import type { ReadReference } from './account-reference.ts';
import type { BankApi } from './bank-api.ts';

/** A bank whose accounts may be linked ones: it is told what it knows them by. */
export function createLinkedBank(api: BankApi, readReference: ReadReference): BankApi {
  async function known(order: PaymentOrder): Promise<PaymentOrder | undefined> {
    if (!isUuid(order.account)) return order;
    const { account } = (await readReference(order, 'to-pay')) ?? {};
    return account === undefined ? undefined : { ...order, account };
  }
  return {
    ...api,
    async ask(order) {
      const told = await known(order);
      return told === undefined ? { type: 'declined' } : api.ask(told);
    },
  };
}
