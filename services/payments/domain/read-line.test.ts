import { describe, expect, test } from 'vitest';
import { readLine } from './read-line.ts';

const [from, to] = ['0192f0c1-7a4b-7cc3-98c4-dc0c0c07398f', '0192f0c1-7a4b-7cc3-98c4-dc0c0c073990'];
const transfer = { fromWalletId: from, toWalletId: to, amount: '1' };

describe('a line of a file: hunts lines that pass for transfers, and those that don’t', () => {
  test('a transfer', () => {
    const read = readLine(JSON.stringify({ ...transfer, description: 'rent' }), 7);
    expect(read).toEqual({ ok: true, value: { ...transfer, amount: 1n, description: 'rent' } });
  });

  test.each([
    ['', 'is not valid JSON'],
    ['{"fromWalletId":', 'is not valid JSON'],
    ['null', ''],
    ['[]', ''],
    [JSON.stringify({ ...transfer, amount: '0' }), '/amount'],
    [JSON.stringify({ ...transfer, amount: 1.5 }), '/amount'],
    [JSON.stringify({ ...transfer, amount: '-1' }), '/amount'],
    [JSON.stringify({ ...transfer, toWalletId: 'x' }), '/toWalletId: must be an id'],
    [JSON.stringify({ ...transfer, toEmail: 'a@b.dev' }), 'toEmail'],
    [JSON.stringify({ ...transfer, description: 'a\u0000b' }), '/description'],
  ])('%s is none', (text, why) => {
    const read = readLine(text, 7);
    if (read.ok) throw new Error('it passed');
    expect(read.error).toMatchObject({ line: 7, status: 'invalid', code: 'validation-failed' });
    expect(read.error.detail).toContain(why);
    expect(read.error.detail?.length).toBeLessThanOrEqual(200);
  });
});
