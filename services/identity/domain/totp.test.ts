import { describe, expect, test } from 'vitest';
import { base32, matchTotp, otpauthUri, totpCode } from './totp.ts';

const secret = Buffer.from('12345678901234567890');

describe('hunts codes that authenticator apps would not agree with', () => {
  // RFC 6238, appendix B, the last six of its eight digits.
  test.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ])('at second %i of 1970 it is %s', (second, code) => {
    expect(totpCode(secret, second * 1000)).toBe(code);
  });

  test('the secret is written as RFC 4648 does', () => {
    expect(base32(Buffer.from('foobar'))).toBe('MZXW6YTBOI');
    expect(base32(secret)).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
    expect(otpauthUri(secret, 'ada@example.com')).toBe(
      'otpauth://totp/Florin:ada%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' +
        '&issuer=Florin&digits=6&period=30',
    );
  });
});

describe('hunts codes that work longer than once or than they should', () => {
  const nowMs = 1_700_000_000_000;
  const step = Math.floor(nowMs / 30_000);

  test('one step early or late still counts, two do not', () => {
    for (const [away, expected] of [
      [-2, undefined],
      [-1, step - 1],
      [0, step],
      [1, step + 1],
      [2, undefined],
    ] as const) {
      const code = totpCode(secret, nowMs + away * 30_000);
      expect(matchTotp(secret, code, nowMs, 0)).toBe(expected);
    }
  });

  test('a code is used once, and so are those before it', () => {
    expect(matchTotp(secret, totpCode(secret, nowMs), nowMs, step)).toBeUndefined();
    expect(matchTotp(secret, totpCode(secret, nowMs - 30_000), nowMs, step)).toBeUndefined();
    expect(matchTotp(secret, totpCode(secret, nowMs + 30_000), nowMs, step)).toBe(step + 1);
  });

  test.each(['', '12345', '1234567', 'abcdef', '१२३४५६', '12345\n'])('%j is no code', (text) => {
    expect(matchTotp(secret, text, nowMs, 0)).toBeUndefined();
  });

  test('spaces are for people', () => {
    const code = totpCode(secret, nowMs);
    expect(matchTotp(secret, `${code.slice(0, 3)} ${code.slice(3)}`, nowMs, 0)).toBe(step);
  });
});
