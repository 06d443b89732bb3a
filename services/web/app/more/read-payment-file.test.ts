import { expect, test } from 'vitest';
import { readPaymentFile } from './read-payment-file.ts';

const FROM = { id: '01890000-0000-7000-8000-000000000001', currency: 'EUR' } as const;
const TO = '01890000-0000-7000-8000-000000000002';

test('hunts a table that becomes other payments than were written', async () => {
  const table = `\ufeffWallet;Amount;Note\r\n${TO};1.234,50;"Rent; and more"\r\n\r\n${TO};2;\r\n`;
  const read = readPaymentFile(table, FROM, 'de');
  if (!read.ok) throw new Error(read.error.kind);
  expect({ ...read.value, body: undefined }).toEqual({ lines: 2, total: 123_650n });
  const lines = (await read.value.body.text()).trimEnd().split('\n');
  const order = { fromWalletId: FROM.id, toWalletId: TO };
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
    { ...order, amount: '123450', description: 'Rent; and more' },
    { ...order, amount: '200' },
  ]);
});

test.each([
  ['a quote that never ends', `wallet,amount\n"${TO},5\n`, 'not-csv', 1],
  ['no table at all', '', 'empty', 1],
  ['names only', 'wallet,amount\n', 'empty', 1],
  ['other columns', 'iban,sum\nDE1,5\n', 'no-columns', 1],
  ['a wallet that is none', `wallet,amount\n${TO},5\nben,5\n`, 'wallet', 3],
  ['an amount with a comma too few', `wallet,amount\n${TO},1.2345\n`, 'amount', 2],
  ['an amount of nothing', `wallet,amount\n${TO},0\n`, 'amount', 2],
] as const)('%s is refused, and nothing of it is sent', (_name, table, kind, line) => {
  const read = readPaymentFile(table, FROM, 'en');
  expect(read).toEqual({ ok: false, error: { kind, line } });
});
