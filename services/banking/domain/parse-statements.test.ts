import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseStatements } from './parse-statements.ts';

/** Hunts files that a reader of statements takes for something else than they are, or dies of. */

const HEAD = 'record,bank,currency,reference,end_to_end_id,direction,amount,booked_at,valued_at';
const AT = '2026-11-16T10:00:00.000Z';
const CSV = [
  HEAD,
  'opening,ok,USD,,,credit,1.00,2026-11-16T00:00:00Z,',
  `entry,ok,USD,r-1,e-1,credit,25.00,${AT},${AT}`,
  `entry,ok,USD,r-2,NOTPROVIDED,debit,0.50,${AT},${AT}`,
  'closing,ok,USD,,,credit,25.50,2026-11-17T00:00:00Z,',
];
const money = (amount: string, direction = 'CRDT', currency = 'USD') =>
  `<Amt Ccy="${currency}">${amount}</Amt><CdtDbtInd>${direction}</CdtDbtInd>`;
const bal = (code: string, amount: string) =>
  `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp>${money(amount)}</Bal>`;
const ntry = (reference: string, id: string, content: string, status = 'BOOK') =>
  `<Ntry>${content}<Sts><Cd>${status}</Cd></Sts><BookgDt><DtTm>${AT}</DtTm></BookgDt>` +
  `<AcctSvcrRef>${reference}</AcctSvcrRef><NtryDtls><TxDtls><Refs>` +
  `<EndToEndId>${id}</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>`;
const PERIOD =
  '<FrToDt><FrDtTm>2026-11-16T00:00:00Z</FrDtTm><ToDtTm>2026-11-17T00:00:00Z</ToDtTm></FrToDt>';
const ACCOUNT = '<Acct><Ccy>USD</Ccy><Svcr><FinInstnId><Nm>ok</Nm></FinInstnId></Svcr></Acct>';
const stmt = (content: string) => `<Stmt>${PERIOD}${ACCOUNT}${content}</Stmt>`;
const CAMT_CONTENT =
  bal('OPBD', '1.00') +
  bal('CLBD', '25.50') +
  ntry('r-1', 'e-1', money('25.00')) +
  ntry('r-2', 'NOTPROVIDED', money('0.50', 'DBIT')) +
  ntry('r-3', 'e-3', money('9.99'), 'PDNG');
const wrapped = (content: string) => `<BkToCstmrStmt>${content}</BkToCstmrStmt>`;
const camt = (content: string) =>
  `<?xml version="1.0"?><Document xmlns="urn:x">${wrapped(content)}</Document>`;
const CAMT = camt(stmt(CAMT_CONTENT));

const read = (text: string) => parseStatements(Buffer.from(text));
const csv = (...lines: string[]) => lines.join('\r\n');
const changed = (from: string, to: string, text = csv(...CSV)) => {
  expect(text).toContain(from);
  return text.replace(from, to);
};
const errorOf = (text: string): string => {
  const parsed = read(text);
  return parsed.ok ? 'read' : parsed.error;
};

test('CSV and camt.053 of one day say the same', () => {
  const atMs = Date.parse(AT);
  const times = { bookedAtMs: atMs, valuedAtMs: atMs };
  const statement = {
    bank: 'ok',
    currency: 'USD',
    day: '2026-11-16',
    fromMs: Date.parse('2026-11-16'),
    toMs: Date.parse('2026-11-17'),
    complete: true,
    opening: 100n,
    closing: 2550n,
    entries: [
      { reference: 'r-1', endToEndId: 'e-1', amount: 2500n, ...times },
      { reference: 'r-2', endToEndId: null, amount: -50n, ...times },
    ],
  };
  expect(read(csv(...CSV))).toEqual({ ok: true, value: [statement] });
  expect(read(CAMT)).toEqual({ ok: true, value: [statement] });
  expect(read(`\uFEFF${csv(...CSV)}\r\n`)).toEqual({ ok: true, value: [statement] });
});

test('several statements in a file, none in an empty one of a bank without orders', () => {
  const other = CSV.slice(1).map((line) => line.replace('USD', 'EUR'));
  const both = read(csv(...CSV, ...other));
  expect(both.ok && both.value.map(({ currency }) => currency)).toEqual(['USD', 'EUR']);
  expect(read(HEAD)).toEqual({ ok: true, value: [] });
  expect(read(camt('<GrpHdr/>'))).toEqual({ ok: true, value: [] });
});

describe('what does not add up, or can not be, is refused with a reason', () => {
  test.each([
    ['another closing balance', changed('25.50', '25.51'), 'closing balance'],
    ['an entry twice', changed('r-2', 'r-1'), 'comes twice'],
    ['an entry of nothing', changed('25.00', '0.00'), 'amount out of bounds'],
    ['an entry of another day', changed(`${AT},${AT}`, `2026-11-18T00:00:00Z,${AT}`), 'outside'],
    ['a day that begins at noon', changed('16T00:00', '16T12:00'), 'does not begin'],
    ['a day of two', changed('17T00:00', '18T00:00'), 'after its day'],
    ['a close before the end', changed('17T00:00', '16T23:00'), 'before its day'],
    ['a sign', changed('25.00', '-25.00'), 'line 3'],
    ['a third decimal', changed('25.00', '25.001'), 'line 3'],
    ['an exponent', changed('25.00', '2.5e1'), 'line 3'],
    ['a currency that is none', changed('entry,ok,USD', 'entry,ok,XXY'), 'line 3'],
    ['an entry of another bank', changed('entry,ok', 'entry,slow'), 'another bank'],
    ['the 31st of November', changed(`${AT},${AT}`, `2026-11-31T10:00:00Z,${AT}`), 'outside'],
    ['no end', csv(...CSV.slice(0, -1)), 'no closing balance'],
    ['no beginning', csv(HEAD, ...CSV.slice(2)), 'opening balance comes first'],
    ['a day twice', csv(...CSV, ...CSV.slice(1)), 'two statements'],
    ['another column', changed('valued_at', 'value'), 'line 2'],
    ['a column too many', changed('valued_at', 'valued_at,note'), 'no CSV'],
    ['an open quote', changed('r-1', '"r-1'), 'no CSV'],
    ['a line without end', changed('r-1', 'r'.repeat(3_000)), 'no CSV'],
  ])('%s', (_, text, reason) => {
    expect(errorOf(text)).toContain(reason);
  });
});

describe('hostile XML is refused, and nothing of it is expanded', () => {
  const ENTITY = '<!DOCTYPE d [<!ENTITY e "ok">]>';
  const deep = (depth: number) => '<a>'.repeat(depth) + '</a>'.repeat(depth);
  test.each([
    ['an entity', `${ENTITY}${CAMT.replace('<Nm>ok', '<Nm>&e;')}`, 'no XML'],
    ['an entity in small letters', `${ENTITY.toLowerCase()}${CAMT}`, 'no XML'],
    ['a file of ours', `<!DOCTYPE d SYSTEM "file:///etc/passwd">${CAMT}`, 'no XML'],
    ['a billion laughs', `<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>${CAMT}`, 'no XML'],
    ['CDATA', changed('e-1', '<![CDATA[e-1]]>', CAMT), 'no XML'],
    ['a tag that is not closed', changed('</Acct>', '', CAMT), 'no XML'],
    ['very deep', camt(deep(20_000)), 'no XML'],
    ['nothing but depth', deep(500), 'no XML'],
    ['another document', '<Document><Other/></Document>', 'no camt.053'],
    ['__proto__', changed('<Acct>', '<__proto__><x>1</x></__proto__><Acct>', CAMT), ''],
    ['the account’s currency is another', changed('<Ccy>USD', '<Ccy>EUR', CAMT), 'balances'],
    [
      'an entry in another currency',
      changed('Ccy="USD">25.00', 'Ccy="EUR">25.00', CAMT),
      'entry 1',
    ],
    ['two transactions in an entry', changed('</TxDtls>', '</TxDtls><TxDtls/>', CAMT), 'TxDtls'],
    ['no closing balance', changed('CLBD', 'XXXX', CAMT), 'balances'],
    ['a reference to a character', changed('<Nm>ok', '<Nm>&#111;k', CAMT), 'Nm'],
  ])('%s', (_, text, reason) => {
    expect(errorOf(text)).toContain(reason);
    expect(Object.prototype).not.toHaveProperty('x');
  });
});

test('bytes that are no text, nothing at all, and too many', () => {
  expect(parseStatements(Buffer.from([0xff, 0xfe, 0x00]))).toMatchObject({ ok: false });
  expect(errorOf('  \n ')).toBe('the file is empty');
  const large = { length: 65 * 1024 * 1024 } as Uint8Array;
  expect(parseStatements(large)).toEqual({ ok: false, error: 'the file is too large' });
});

describe('property: whatever comes, it is answered, and what is read adds up', () => {
  const sound = (content: string | Uint8Array): void => {
    const parsed = parseStatements(Buffer.from(content));
    if (!parsed.ok) {
      expect(parsed.error.length).toBeLessThan(400);
      return;
    }
    for (const { opening, closing, entries } of parsed.value) {
      expect(entries.reduce((sum, { amount }) => sum + amount, opening)).toBe(closing);
    }
  };

  test('any bytes, any text', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), sound));
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => sound(`<Document>${text}`)));
  });

  test('a statement of which a part was cut out, doubled or replaced', () => {
    const texts = fc.constantFrom(csv(...CSV), CAMT);
    const cut = fc.tuple(texts, fc.nat(), fc.nat(40), fc.string({ maxLength: 8 }), fc.boolean());
    fc.assert(
      fc.property(cut, ([text, at, length, put, doubled]) => {
        const from = at % text.length;
        const part = text.slice(from, from + length);
        sound(text.slice(0, from) + (doubled ? part + part : put) + text.slice(from + length));
      }),
      { numRuns: 500 },
    );
  });
});
