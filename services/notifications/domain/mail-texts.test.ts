import { LOCALES, MESSAGE_KINDS } from '@florin/contracts';
import { describe, expect, test } from 'vitest';
import { escapeHtml, htmlOf } from './mail-layout.ts';
import { digestText, noticeText } from './mail-texts.ts';

/** Hunts mails with holes in them, in the wrong language, or that carry somebody's markup. */

const FACTS = {
  amount: '123450',
  threshold: '10000',
  balance: '9999',
  currency: 'EUR',
  failure: 'insufficient-funds',
  status: 'frozen',
  name: 'Savings',
  description: 'Two percent back',
  expiresAt: '2026-03-04T05:06:00.000Z',
  plannedFor: '2026-03-04T05:06:00.000Z',
  lines: '10',
  completed: '8',
  failed: '2',
};

describe.each(LOCALES)('in %s', (locale) => {
  test.each(MESSAGE_KINDS)('%s says what it is about, with every fact in its place', (kind) => {
    const { subject, text } = noticeText(kind, locale, 'Ana', FACTS);
    expect(`${subject}\n${text}`).not.toMatch(/[{}]|undefined|NaN| {2}/);
    expect(subject.length).toBeGreaterThan(5);
    expect(subject.length).toBeLessThan(80);
    expect(text).toContain('Ana');
  });
});

test('the languages differ, and so do their numbers and times', () => {
  const [english, german] = LOCALES.map((locale) =>
    noticeText('payment-request-received', locale, 'Ana', FACTS),
  );
  expect(english?.subject).toBe('You are asked for 1,234.50 EUR');
  expect(english?.text).toContain('March 4, 2026');
  expect(german?.subject).toBe('Du wirst um 1.234,50 EUR gebeten');
  expect(german?.text).toContain('4. März 2026');
});

test('amounts keep every digit that their currency has', () => {
  const subject = (amount: string, currency: string) =>
    noticeText('money-received', 'en', 'Ana', { amount, currency }).subject;
  expect(subject('1', 'BTC')).toBe('You received 0.00000001 BTC');
  expect(subject('999999999999999', 'USD')).toBe('You received 9,999,999,999,999.99 USD');
  expect(subject('1234', 'JPY')).toBe('You received 1,234 JPY');
});

test('a reason that nobody has words for is not told as a code', () => {
  const { text } = noticeText('payment-failed', 'en', 'Ana', { ...FACTS, failure: 'odd-code' });
  expect(text).not.toContain('odd-code');
});

describe('HTML', () => {
  test('shows what people write as they wrote it', () => {
    const html = htmlOf('en', '<i>', 'Dear <script>alert("x")</script>,\n\nTom & Jerry’s\n');
    expect(html).toContain('Dear &lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;,');
    expect(html).toContain('<title>&lt;i&gt;</title>');
    expect(html).not.toContain('<script');
    expect(escapeHtml("'")).toBe('&#39;');
  });

  test('links an address that stands for itself, and none inside of what people write', () => {
    const url = 'https://florin.example/#token=a&b"c';
    expect(htmlOf('de', 's', `Hallo,\n\n${url}\n`)).toContain(
      '<a href="https://florin.example/#token=a&amp;b&quot;c"',
    );
    expect(htmlOf('de', 's', `Hallo ${url}\n`)).not.toContain('<a ');
    expect(htmlOf('de', 's', 'javascript:alert(1)')).not.toContain('<a ');
  });
});

test('operators are told numbers, and nobody’s name', () => {
  const { text } = digestText('a', 'b', { failed: 1, unknown: 2, webhooks: 3 });
  expect(text.split('\n')).toHaveLength(4);
});
