import { describe, expect, test } from 'vitest';
import type { Quote } from '@florin/contracts';
import { createSigner, createVerifier, isGenuineQuote, signQuote } from './mod.ts';

const key = (letter: string): string => Buffer.from(letter.repeat(32)).toString('base64url');
const KEYS = { banking: { b1: key('b') }, gateway: { g1: key('g') } };
const verify = createVerifier(KEYS);
const signer = (service: 'banking' | 'gateway') => {
  const [kid = '', secret = ''] = Object.entries(KEYS[service])[0] ?? [];
  return createSigner({ kid, key: secret });
};

const terms: Quote = {
  id: '00000000-0000-7000-8000-000000000001',
  clientId: 'ana',
  fromCurrency: 'USD',
  fromAmount: '10000',
  toCurrency: 'EUR',
  toAmount: '9134',
  rate: '0.9134',
  midRate: '0.918',
  baseCurrency: 'USD',
  fromValue: '10000',
  toValue: '9949',
  expiresAt: '2026-01-01T00:00:30.000Z',
};

describe('hunts a rate that nobody promised', () => {
  const genuine = signQuote(signer('banking'), terms);
  test('what banking signed is genuine', () => expect(isGenuineQuote(verify, genuine)).toBe(true));

  const other: Record<keyof Quote, string> = {
    id: '00000000-0000-7000-8000-000000000002',
    clientId: 'ben',
    fromCurrency: 'JPY',
    fromAmount: '1',
    toCurrency: 'BTC',
    toAmount: '913400',
    rate: '91.34',
    midRate: '9.18',
    baseCurrency: 'EUR',
    fromValue: '1',
    toValue: '1',
    expiresAt: '2030-01-01T00:00:30.000Z',
  };
  test.each(Object.entries(other))('another %s is seen', (field, value) => {
    expect(isGenuineQuote(verify, { ...genuine, [field]: value })).toBe(false);
  });

  test('another service has no word on rates, though its signature is good', () => {
    expect(isGenuineQuote(verify, signQuote(signer('gateway'), terms))).toBe(false);
  });
});
