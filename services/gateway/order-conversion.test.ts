import type { SignedQuote, Transaction } from '@florin/contracts';
import { asClientId, asTransactionId, RetryableError } from '@florin/kernel';
import { describe, expect, test } from 'vitest';
import { createOrderConversion } from './order-conversion.ts';

const QUOTE = {
  id: 'q',
  clientId: 'ana',
  fromCurrency: 'USD',
  fromAmount: '1000',
  toCurrency: 'EUR',
  toAmount: '860',
} as SignedQuote;

const request = { quoteId: 'q', fromWalletId: 'from', toWalletId: 'to' };
const identity = {
  transactionId: asTransactionId('t'),
  clientId: asClientId('ana'),
  bodyHash: 'h',
  context: {},
};
const done = {
  id: 't',
  type: 'conversion',
  status: 'completed',
  walletId: 'from',
  counterpartyWalletId: 'to',
  conversion: { quoteId: 'q', toCurrency: 'EUR', toAmount: '860', rate: '0.86' },
} as Transaction;

type Banking = 'knows' | 'forgot' | 'away';

function order(banking: Banking, known: Transaction | undefined, asked = request) {
  const getQuote = async () => {
    if (banking === 'away') throw new RetryableError('no answer');
    return { quote: banking === 'knows' ? QUOTE : null };
  };
  const findTransaction = async () => known;
  return createOrderConversion({ banking: { getQuote }, findTransaction })(identity, asked);
}

describe('hunts conversions at a rate that is not the quote’s', () => {
  test('what is ordered is what was promised, and to whom', async () => {
    expect(await order('knows', undefined)).toMatchObject({
      type: 'conversion',
      walletId: 'from',
      counterpartyWalletId: 'to',
      amount: '1000',
      currency: 'USD',
      quote: QUOTE,
    });
  });
});

describe('hunts keys whose answer changes when banking is away, or has forgotten', () => {
  test.each<Banking>(['forgot', 'away'])(
    '%s: what was decided is answered again',
    async (state) => {
      const known = { state: 'decided', transaction: done, replayed: true };
      expect(await order(state, done)).toEqual({ known });
      const other = { ...request, toWalletId: 'elsewhere' };
      expect(await order(state, done, other)).toMatchObject({
        known: { refused: 'idempotency-key-reused' },
      });
    },
  );

  test('nothing was decided: unknown, or to be asked again', async () => {
    expect(await order('forgot', undefined)).toMatchObject({ refused: 'not-found' });
    await expect(order('away', undefined)).rejects.toThrow(RetryableError);
  });
});
