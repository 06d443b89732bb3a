import { expect, test } from 'vitest';
import { csvOf } from './csv.ts';

test('hunts cells that break the table or run as formulas', () => {
  const rows = [
    { id: 'a', amount: '-250', text: 'plain' },
    { id: 'b', amount: '10', text: 'with, comma and "quotes"\nand lines' },
    { id: 'c', amount: '0', text: '=HYPERLINK("http://evil")' },
    { id: 'd', text: '@SUM(A1)' },
  ];
  expect(csvOf(['id', 'amount', 'text'], rows)).toBe(
    [
      'id,amount,text',
      'a,-250,plain',
      'b,10,"with, comma and ""quotes""\nand lines"',
      `c,0,"'=HYPERLINK(""http://evil"")"`,
      "d,,'@SUM(A1)",
      '',
    ].join('\r\n'),
  );
});
